"""The request's cookies, as WebOb decodes them."""

from __future__ import annotations

from pyramid.request import Request

from .exceptions import UndecodableCookies


def came(request: Request, cookie_name: str) -> bool:
    """Did the request bring this cookie?"""
    try:
        return cookie_name in request.cookies
    except UnicodeError as error:
        raise UndecodableCookies from error


def blame_cookies(request: Request, error: UnicodeError) -> None:
    """Raise a 400 if it is ``request.cookies`` that fails, and not the session library."""
    try:
        request.cookies.get("")
    except UnicodeError:
        raise UndecodableCookies from error
