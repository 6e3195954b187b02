"""The request's cookies, as WebOb decodes them."""

from __future__ import annotations

from pyramid.request import Request

from ..exceptions import UndecodableCookies


def came(request: Request, cookie_name: str) -> bool:
    """Did the request bring this cookie?"""
    try:
        return cookie_name in request.cookies
    except UnicodeError as error:
        raise UndecodableCookies from error


def blame(request: Request, error: Exception) -> Exception:
    """The error, or a 400 for it if ``request.cookies`` fails, and not the session library."""
    if not isinstance(error, UnicodeError):
        return error
    try:
        request.cookies.get("")
    except UnicodeError:
        undecodable = UndecodableCookies()
        undecodable.__cause__ = error
        return undecodable
    return error
