"""Protection against cross-site request forgery, by Pyramid's own machinery."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.csrf import CookieCSRFStoragePolicy
from pyramid.request import Request


def includeme(config: Configurator) -> None:
    """Require the token of the page's forms for a POST from a browser, and on https its origin.

    The token has its own cookie: in a session it would open that session on every page.
    """
    config.set_csrf_storage_policy(CookieCSRFStoragePolicy(cookie_name="shop_csrf", httponly=True))
    config.set_default_csrf_options(require_csrf=True, callback=from_browser)


def from_browser(request: Request) -> bool:
    """True if a browser sent this request, perhaps for another site's page.

    Browsers send the origin of a POST in headers that a page cannot remove. curl does not, and
    nobody can make another person's curl send cookies, so it needs no token.
    """
    return any(name in request.headers for name in ("Origin", "Referer", "Sec-Fetch-Site"))
