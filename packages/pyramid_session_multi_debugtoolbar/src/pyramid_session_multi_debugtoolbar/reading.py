"""Reading sessions so that neither they nor the application notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.request import Request
from pyramid_session_multi import Namespace, detach, new_session_multi


def in_the_cookie(namespace: Namespace) -> bool:
    """Are the sessions kept by the browser, so that reading them asks no backend?"""
    return namespace.library is not None and not namespace.library.server_side(namespace.core)


def glance(namespace: Namespace, session: Any) -> dict[str, Any] | None:
    """What a session in use holds; ``None`` where it would notice."""
    if described(namespace, session):
        assert namespace.library is not None  # noqa: S101 - what described() says
        return namespace.library.glance(session)
    if issubclass(type(session), dict):  # past what the library made of the dict's methods
        return dict(dict.items(session))
    return None


def described(namespace: Namespace, session: Any) -> bool:
    """Does the description of the library fit this session?"""
    return namespace.library is not None and namespace.library.serves(session)


def read_at_the_end(namespace: Namespace, session: Any) -> dict[str, Any]:
    """What a session holds, once all callbacks have run: it may notice, but can act no more."""
    if described(namespace, session):
        assert namespace.library is not None  # noqa: S101 - what described() says
        return namespace.library.read(session)
    return dict(session.items())


def verdict(request: Request, name: str) -> bool | None:
    """What the discriminator said when the application asked it; ``None``: it did not."""
    manager = vars(request).get("session_multi")
    verdicts: dict[str, bool] = getattr(manager, "_verdicts", {})
    return verdicts.get(name)


def ask(request: Request, namespace: Namespace) -> bool:
    """The discriminator's verdict on the application's own request.

    On a copy it would leak: what it makes on first use, like a database session, would never be
    closed. But sessions that it looks at for its verdict are read on a copy.
    """
    with _sessions_detached(request):
        return namespace.discriminator is None or bool(namespace.discriminator(request))


@contextmanager
def _sessions_detached(request: Request) -> Iterator[None]:
    attributes = vars(request)
    absent = object()
    kept = attributes.get("session_multi", absent)
    attributes["session_multi"] = new_session_multi(detach(request))
    try:
        yield
    finally:
        del attributes["session_multi"]
        if kept is not absent:
            attributes["session_multi"] = kept
