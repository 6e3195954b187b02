"""Reads what a request asks for, from its form or its query."""

from __future__ import annotations

import json
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid_session_multi import RefusedSession

LONGEST = 100
# A cookie holds 4 kB, and its signature and base64 want their share.
ROOM = 2000


def text(request: Request, name: str) -> str:
    """A parameter, or the 400 that says what is wrong with it."""
    value = request.params.get(name, "").strip()
    if not 0 < len(value) <= LONGEST:
        raise HTTPBadRequest(f"{name} takes 1 to {LONGEST} characters.")
    return str(value)


def session(request: Request, namespace: str) -> Any:
    """The namespace's session, opened; ``RefusedSession`` where it does not exist."""
    opened = request.session_multi[namespace]
    if opened is None:
        discriminator = request.session_multi.get_namespace_discriminator(namespace)
        raise RefusedSession(namespace, discriminator)
    return opened


def end(request: Request, namespace: str) -> None:
    """End a session for whoever holds its cookie; Beaker's own ``invalidate`` would not."""
    session(request, namespace)
    request.session_multi.invalidate(namespace)


def require_room(session: Any, *more: str) -> None:
    """A 400 where the session would become too large for a cookie."""
    if len(json.dumps([dict(session.items()), more])) > ROOM:
        raise HTTPBadRequest("This session is full: invalidate it first.")
