"""The request's cookies, as WebOb decodes them."""

from __future__ import annotations

from pyramid.request import Request

from ..exceptions import UndecodableCookies
from ..registry.namespace import Namespace


def has_cookie(request: Request, cookie_name: str) -> bool:
    """True if the request has this cookie.

    :raises UndecodableCookies: if WebOb cannot decode the ``Cookie`` header.
    """
    try:
        return cookie_name in request.cookies
    except UnicodeError as error:
        raise UndecodableCookies from error


def may_have_cookie(request: Request, namespace: Namespace) -> bool:
    """True if the request has the namespace's cookie, or if the cookie's name is not certain."""
    name = namespace.cookie_name
    return name is None or not namespace.is_cookie_name_certain or has_cookie(request, name)


def as_bad_request(request: Request, error: Exception) -> Exception:
    """Return a 400 if the error is an undecodable ``Cookie`` header, else the error itself."""
    if not isinstance(error, UnicodeError):
        return error
    try:
        request.cookies.get("")
    except UnicodeError:
        undecodable = UndecodableCookies()
        undecodable.__cause__ = error
        return undecodable
    return error
