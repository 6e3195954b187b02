"""Would the jar send a namespace's cookie back to the url whose session is edited?"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_multi import CookieAttributes, Namespace

from .client import Client
from .errors import CookieNotReturned

_PROBE = "probe"


def require_way_back(client: Client, registered: Namespace, request: Request) -> None:
    """Raise ``CookieNotReturned`` where it is known beforehand; the jar stays as it is.

    Where nobody described the session library, only the cookie itself can tell.
    """
    name, library = registered.cookie_name, registered.session_library
    attributes = library.cookie_attributes(registered.library_factory) if library else None
    if name is None or attributes is None:
        return
    response = Response()
    response.set_cookie(
        name, _PROBE, path=attributes.path, domain=attributes.domain, secure=attributes.secure
    )
    with client.jar_restored():
        client.keep(response.headers.getall("Set-Cookie"))
        arrived = client.cookie(name) == _PROBE
    if not arrived:
        reasons = _reasons(attributes, request)
        raise CookieNotReturned(registered.name, name, request.url, *reasons)


def require_arrival(
    client: Client, registered: Namespace, request: Request, set_cookies: Sequence[str]
) -> None:
    """Raise ``CookieNotReturned`` unless the jar sends the cookie that it was given to keep."""
    name = registered.cookie_name
    if name is None:
        return
    arrived = client.cookie(name)
    sent = [header for header in set_cookies if header.startswith(f"{name}=")]
    if not sent and arrived is None:
        reason = "the session library sent none"
        fix = "Look at its options: with some, it sends cookies only under conditions."
    elif sent and arrived != _value(sent[-1], name):
        reason = f"it was set with{sent[-1].partition(';')[2] or ' no attributes'}"
        fix = "Give the url of a page that gets the cookie, as url=..."
    else:
        return
    raise CookieNotReturned(registered.name, name, request.url, reason, fix)


def _value(set_cookie: str, name: str) -> str | None:
    pair = set_cookie.partition(";")[0]
    value: str | None = Request.blank("/", headers={"Cookie": pair}).cookies.get(name)
    return value


def _reasons(attributes: CookieAttributes, request: Request) -> tuple[str, str]:
    reasons, cures = [], []
    url = urlsplit(request.url)
    scheme, path = url.scheme, url.path
    if attributes.secure and scheme != "https":
        reasons.append("it is Secure, and this is not https")
        scheme = "https"
    if not path.startswith(attributes.path):
        reasons.append(f"its Path is {attributes.path!r}")
        path = attributes.path
    if (scheme, path) != (url.scheme, url.path):
        cures.append(f"url={urlunsplit((scheme, url.hostname, path, '', ''))!r}")
    domain = (attributes.domain or "").lstrip(".")
    if domain and not f".{url.hostname}".endswith(f".{domain}"):
        reasons.append(f"its Domain is {attributes.domain!r}, not {url.hostname!r}")
        cures.append(f"extra_environ={{'HTTP_HOST': {domain!r}}}")
    if not reasons:
        reasons.append("the jar's policy is against it, or another cookie of that name is in it")
        return reasons[0], "Look at testapp.cookiejar."
    return "; ".join(reasons), f"Give {' and '.join(cures)}."
