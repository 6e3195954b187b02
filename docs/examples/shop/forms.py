"""Reads a request's parameters, from its form or its query, and the session that it names."""

from __future__ import annotations

import json
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid_session_multi import ISessionMultiManagerConfig, RefusedSession

LONGEST = 100
# Characters of JSON. A cookie holds 4 kB, with its signature, and base64 makes data longer.
ROOM = 2000


def text(request: Request, name: str) -> str:
    """Return a parameter; a missing or long one is a 400 that says so."""
    value = request.params.get(name, "").strip()
    if not 0 < len(value) <= LONGEST:
        raise HTTPBadRequest(f"{name} must have 1 to {LONGEST} characters.")
    return str(value)


def session(request: Request, namespace: str) -> Any:
    """Open the namespace's session; ``RefusedSession`` if its discriminator refuses."""
    opened = request.session_multi[namespace]
    if opened is None:
        discriminator = request.session_multi.get_namespace_discriminator(namespace)
        raise RefusedSession(namespace, discriminator)
    return opened


def end(request: Request, namespace: str) -> None:
    """End a session, also on the server, which Beaker's own ``invalidate`` does not."""
    session(request, namespace)
    request.session_multi.invalidate(namespace)


def require_room(session: Any, *more: str) -> None:
    """Raise a 400 if the session would become too large for a cookie."""
    if len(json.dumps([dict(session.items()), more])) > ROOM:
        raise HTTPBadRequest("This session is full. Invalidate it first.")


def require_cookie_session(request: Request, namespace: str) -> None:
    """Raise a 400 if the session's data is on the server.

    pyramid_session_redis stores them so late that a late write is stored as well.
    """
    registered = request.registry.getUtility(ISessionMultiManagerConfig).get(namespace)
    if registered.session_library.server_side(registered.library_factory):
        raise HTTPBadRequest(f"{namespace} is on the server. Choose a session in a cookie.")
