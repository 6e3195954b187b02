"""Reading a namespace on a detached copy of the request, so that nothing notices."""

from __future__ import annotations

import copy
from io import BytesIO
from typing import Any

from pyramid.request import Request
from pyramid.threadlocal import RequestContext

from .namespace import Namespace

# What ties a request to its response, and the sessions that it holds already.
_TIES = ("response", "response_callbacks", "finished_callbacks", "session", "session_multi")


def read_detached(request: Request, namespace: Namespace) -> dict[str, Any] | None:
    """What the request's cookie holds for a namespace.

    The factory runs on a copy of the request whose callbacks are never called, so that no cookie
    is sent and nothing is stored. ``None`` when the library rejects the cookie, or when nobody
    described the library: how to read its session without touching it is then not known.
    """
    library = namespace.library
    if library is None:
        return None
    with RequestContext(_detached(request)) as detached:
        session = namespace.factory(detached)
        if not (library.serves(session) and library.accepted(session)):
            return None
        return copy.deepcopy(library.read(session))


def _detached(request: Request) -> Request:
    detached = copy.copy(request)
    for name in _TIES:
        vars(detached).pop(name, None)
    manager = vars(request).get("session_multi")
    if manager is not None:
        vars(detached)["session_multi"] = manager.detached(detached)
    detached.environ = {
        **{key: value for key, value in request.environ.items() if not key.startswith("webob.")},
        "wsgi.input": BytesIO(),
        "CONTENT_LENGTH": "0",
    }
    return detached
