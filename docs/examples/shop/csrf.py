"""Protection against cross-site request forgery, by Pyramid's own machinery."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.csrf import CookieCSRFStoragePolicy
from pyramid.request import Request


def includeme(config: Configurator) -> None:
    """Every POST from a browser needs the token of the page's forms, and on https its origin.

    The token has a cookie of its own: in a session it would open that session on every page.
    """
    config.set_csrf_storage_policy(CookieCSRFStoragePolicy(cookie_name="shop_csrf", httponly=True))
    config.set_default_csrf_options(require_csrf=True, callback=from_browser)


def from_browser(request: Request) -> bool:
    """Does a browser send this request, maybe at the wish of a foreign page?

    Browsers say where a POST comes from, in headers that no page can leave out. curl says
    nothing, and nobody can make somebody else's curl send cookies, so it needs no token.
    """
    return any(name in request.headers for name in ("Origin", "Referer", "Sec-Fetch-Site"))
