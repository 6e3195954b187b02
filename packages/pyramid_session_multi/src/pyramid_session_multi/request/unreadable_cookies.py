"""Cookies that the session library cannot read, and that can only be deleted."""

from __future__ import annotations

import logging
from functools import partial

from pyramid.request import Request
from pyramid.response import Response

from ..exceptions import RecursiveOpening, UndecodableCookies
from ..libraries.cookie_attributes import CookieAttributes
from ..registry.namespace import Namespace
from .request_cookies import has_cookie

log: logging.Logger = logging.getLogger("pyramid_session_multi")


def delete_unreadable_cookie(request: Request, namespace: Namespace, error: Exception) -> bool:
    """Delete the cookie with the response, if nothing else can have caused the error.

    That is certain if all data are in the cookie, and the factory is the library's own.

    :returns: false if there may be another cause.
    """
    library, cookie_name = namespace.session_library, namespace.cookie_name
    if (
        library is None
        or cookie_name is None
        or namespace.library_factory is not namespace.factory
        or library.server_side(namespace.factory)
        or isinstance(error, (UndecodableCookies, RecursiveOpening))
        or not has_cookie(request, cookie_name)
    ):
        return False
    log.warning("the cookie of the session %r cannot be read and is deleted", namespace.name)
    attributes = library.cookie_attributes(namespace.factory) or CookieAttributes()
    request.add_response_callback(partial(_delete, cookie_name, attributes))
    return True


def _delete(
    cookie_name: str, attributes: CookieAttributes, request: Request, response: Response
) -> None:
    response.delete_cookie(cookie_name, path=attributes.path, domain=attributes.domain)
