"""Check that the cookie jar sends a namespace's cookie back to the url of the request."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_multi import CookieAttributes, Namespace

from .cookie_jar import JarClient
from .exceptions import CookieNotReturned

_PROBE = "probe"


def require_returnable(client: JarClient, namespace: Namespace, request: Request) -> None:
    """Raise ``CookieNotReturned`` if the cookie's known attributes prevent that.

    The jar stays as it is. For a library that is not described, only :func:`require_returned`
    can decide.
    """
    name, library = namespace.cookie_name, namespace.session_library
    attributes = library.cookie_attributes(namespace.library_factory) if library else None
    if name is None or attributes is None:
        return
    response = Response()
    response.set_cookie(
        name, _PROBE, path=attributes.path, domain=attributes.domain, secure=attributes.secure
    )
    with client.preserved_jar():
        client.store(response.headers.getall("Set-Cookie"))
        is_returned = client.cookie_value(name) == _PROBE
    if not is_returned:
        reason, fix = _explain(attributes, request)
        raise CookieNotReturned(namespace.name, name, request.url, reason, fix)


def require_returned(
    client: JarClient, namespace: Namespace, request: Request, set_cookies: Sequence[str]
) -> None:
    """Raise ``CookieNotReturned`` unless the jar sends the cookie that it has just stored.

    :param set_cookies: the ``Set-Cookie`` headers that the jar has processed.
    """
    name = namespace.cookie_name
    if name is None:
        return
    value = client.cookie_value(name)
    headers = [header for header in set_cookies if header.startswith(f"{name}=")]
    if not headers and value is None:
        reason = "the session library did not set it"
        fix = "Check the library's options: some of them suppress the cookie."
    elif headers and value != _value(headers[-1], name):
        reason = f"it was set with{headers[-1].partition(';')[2] or ' no attributes'}"
        fix = "Pass the url of a page that receives the cookie, as url=..."
    else:
        return
    raise CookieNotReturned(namespace.name, name, request.url, reason, fix)


def _value(set_cookie: str, name: str) -> str | None:
    pair = set_cookie.partition(";")[0]
    value: str | None = Request.blank("/", headers={"Cookie": pair}).cookies.get(name)
    return value


def _explain(attributes: CookieAttributes, request: Request) -> tuple[str, str]:
    reasons, arguments = [], []
    url = urlsplit(request.url)
    scheme, path = url.scheme, url.path
    if attributes.secure and scheme != "https":
        reasons.append("it is Secure, and the url is not https")
        scheme = "https"
    if not path.startswith(attributes.path):
        reasons.append(f"its Path is {attributes.path!r}")
        path = attributes.path
    if (scheme, path) != (url.scheme, url.path):
        arguments.append(f"url={urlunsplit((scheme, url.hostname, path, '', ''))!r}")
    domain = (attributes.domain or "").lstrip(".")
    if domain and not f".{url.hostname}".endswith(f".{domain}"):
        reasons.append(f"its Domain is {attributes.domain!r}, not {url.hostname!r}")
        arguments.append(f"extra_environ={{'HTTP_HOST': {domain!r}}}")
    if not reasons:
        reason = "the jar's policy does not allow it, or the jar has another cookie of that name"
        return reason, "Check testapp.cookiejar."
    return "; ".join(reasons), f"Pass {' and '.join(arguments)}."
