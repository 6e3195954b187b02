"""What Pyramid's machinery for one session needs to work on a namespace."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pyramid.request import Request

from .exceptions import RefusedSession


def session_of(request: Request, namespace: str) -> Any:
    """The namespace's session, or ``RefusedSession``."""
    manager = request.session_multi
    session = manager[namespace]
    if session is None:
        raise RefusedSession(namespace, manager.get_namespace_discriminator(namespace))
    return session


def with_session(request: Request, namespace: str) -> Any:
    """What Pyramid's classes that store something in ``request.session`` touch of a request."""
    return SimpleNamespace(session=session_of(request, namespace))
