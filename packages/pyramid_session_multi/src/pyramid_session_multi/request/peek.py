"""Reading a namespace on a detached copy of the request, so that nothing notices."""

from __future__ import annotations

import copy
from io import BytesIO
from typing import Any

from pyramid.request import Request
from pyramid.threadlocal import RequestContext

from ..registry.namespace import Namespace

# Attributes that tie a request to its response, or hold its sessions.
_NOT_COPIED = ("response", "response_callbacks", "finished_callbacks", "session", "session_multi")

# The key under which WebOb caches the parsed cookies.
_COOKIE_CACHE = "webob._parsed_cookies"


def peek_session(request: Request, namespace: Namespace) -> dict[str, Any] | None:
    """Read what the request's cookie holds for a namespace.

    The factory runs on a copy of the request whose callbacks are never called, so that no cookie
    is sent and nothing is stored. ``None`` if the library rejects the cookie, if the session's
    lifetime is over, or if the library is not described: how to read its session without touching
    it is then not known.

    The discriminator does not run: ``request.session_multi.peek`` runs it.

    :param namespace: as ``SessionMultiManagerConfig.get`` returns it.
    :returns: a new ``dict``, nested values copied. The factory's exceptions are passed on.
    """
    if namespace.session_library is None:
        return None
    with RequestContext(detached_copy(request)) as detached:
        return copy.deepcopy(read_session(detached, namespace))


def read_session(detached: Request, namespace: Namespace) -> dict[str, Any] | None:
    """Read a namespace on a copy that :func:`detached_copy` made and that is the current request.

    One copy can serve any number of namespaces. Do not change nested values: they may be those of
    a store.

    :param detached: the copy, inside ``with pyramid.threadlocal.RequestContext(detached):``.
    """
    library = namespace.session_library
    if library is None:
        return None
    session = namespace.prepared(detached)
    if not (library.recognizes_session(session) and library.came_from_cookie(session)):
        return None
    if namespace.is_over(session):
        return None
    return library.read(session)


def detached_copy(request: Request, cookies: str | None = None) -> Request:
    """Copy a request so that nothing done to the copy affects the original.

    The copy has no body, no response and no callbacks, and its own sessions.

    :param cookies: the ``Cookie`` header of the copy, if it should be another one.
    """
    # As copy.copy() does it, which takes three times as long.
    detached = object.__new__(type(request))
    attributes, original = vars(detached), request.environ
    attributes.update((k, v) for k, v in vars(request).items() if k not in _NOT_COPIED)
    manager = vars(request).get("session_multi")
    if manager is not None:
        attributes["session_multi"] = manager.for_copy(detached)
    environ = {key: value for key, value in original.items() if not key.startswith("webob.")}
    environ |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
    if cookies is not None:
        environ["HTTP_COOKIE"] = cookies
    elif _COOKIE_CACHE in original:  # parsing them takes longer than all the rest
        parsed, header = original[_COOKIE_CACHE]
        environ[_COOKIE_CACHE] = dict(parsed), header
    attributes["environ"] = environ
    return detached
