"""Cookies that the session library cannot read, and that can only be deleted."""

from __future__ import annotations

import logging
from functools import partial

from pyramid.request import Request
from pyramid.response import Response
from pyramid.threadlocal import RequestContext

from ..exceptions import RecursiveOpening, UndecodableCookies
from ..libraries.cookie_attributes import CookieAttributes
from ..libraries.recognition import Recognized, cookie_name_of
from ..registry.namespace import Namespace
from .peek import detached_copy
from .request_cookies import has_cookie

log: logging.Logger = logging.getLogger("pyramid_session_multi")


def delete_unreadable_cookie(request: Request, namespace: Namespace, error: Exception) -> bool:
    """Delete the cookie with the response, if the session then has no data anywhere.

    That is certain if all data are in the cookie, and its library's own factory cannot read it. In
    a wrapper of several factories, that must be true of each whose cookie the request has.

    :returns: false if the error may have another cause.
    """
    if isinstance(error, (UndecodableCookies, RecursiveOpening)):
        return False
    cookie_names: dict[Recognized, str] = {}
    for recognized in namespace.recognized:
        cookie_name = _cookie_name(namespace, recognized)
        if cookie_name is None:
            return False
        if has_cookie(request, cookie_name):
            cookie_names[recognized] = cookie_name
    if not cookie_names:
        return False
    if not all(_is_unreadable(request, namespace, recognized) for recognized in cookie_names):
        return False
    log.warning("the cookie of the session %r cannot be read and is deleted", namespace.name)
    for (library, factory), cookie_name in cookie_names.items():
        attributes = library.cookie_attributes(factory) or CookieAttributes()
        request.add_response_callback(partial(_delete, cookie_name, attributes))
    return True


def _cookie_name(namespace: Namespace, recognized: Recognized) -> str | None:
    if namespace.session_library is None:  # one of several
        return cookie_name_of(recognized.factory, recognized)
    return namespace.cookie_name


def _is_unreadable(request: Request, namespace: Namespace, recognized: Recognized) -> bool:
    """True if all data are in the cookie, and the library's factory raises an error for it."""
    library, factory = recognized
    if library.server_side(factory):
        return False
    if factory is namespace.factory:
        return True  # it has just raised the error
    try:
        with RequestContext(detached_copy(request)) as detached:
            library.read(factory(detached))
    except Exception:  # noqa: BLE001 - libraries raise any
        return True
    return False


def _delete(
    cookie_name: str, attributes: CookieAttributes, request: Request, response: Response
) -> None:
    response.delete_cookie(cookie_name, path=attributes.path, domain=attributes.domain)
