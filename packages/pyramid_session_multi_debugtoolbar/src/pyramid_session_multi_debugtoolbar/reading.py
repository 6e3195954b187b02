"""Reading sessions so that neither they nor the application notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.request import Request
from pyramid_session_multi import (
    Namespace,
    SessionLibrary,
    SessionMultiManager,
    detached_copy,
    new_session_multi,
)

from .naming import type_name

# What a Cookie header holds, told at any later time: see SessionLibrary.decoder.
Decoder = Callable[[str, float], dict[str, Any] | None]


def decoder_of(namespace: Namespace) -> Decoder | None:
    """Reads the namespace's sessions without the request; ``None``: that cannot be done."""
    if namespace.session_library is None or namespace.factory is not namespace.library_factory:
        return None
    return namespace.session_library.decoder(namespace.library_factory)


def in_the_cookie(namespace: Namespace) -> bool:
    """Are the sessions kept by the browser, so that reading them asks no backend?"""
    return namespace.session_library is not None and not namespace.session_library.server_side(
        namespace.library_factory
    )


def session_in(request: Request, name: str) -> Any:
    """The session of a namespace that was opened; ``None``: it was not."""
    return dict.get(vars(request).get("session_multi", {}), name)


def session_library_of(namespace: Namespace, session: Any) -> SessionLibrary | None:
    """The description that fits this session."""
    library = namespace.session_library
    return library if library is not None and library.recognizes_session(session) else None


def glance(library: SessionLibrary | None, session: Any) -> dict[str, Any] | None:
    """What a session in use holds; ``None`` where it would notice."""
    if library is not None:
        return library.read_passively(session)
    if issubclass(type(session), dict):  # past what the library made of the dict's methods
        return dict(dict.items(session))
    return None


def read_at_the_end(library: SessionLibrary | None, session: Any) -> dict[str, Any]:
    """What a session holds, once all callbacks have run: it may notice, but can act no more."""
    return dict(session.items()) if library is None else library.read(session)


def unreadable(error: Exception) -> str:
    """Why values are not known, where the panel alone would read them."""
    return f"{type_name(type(error))} was raised when it was read"


def verdict(request: Request, name: str) -> bool | None:
    """What the discriminator said when the application asked it; ``None``: it did not."""
    manager: SessionMultiManager | None = vars(request).get("session_multi")
    return None if manager is None else manager.discriminator_result(name)


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
    attributes["session_multi"] = new_session_multi(detached_copy(request))
    try:
        yield
    finally:
        attributes.pop("session_multi", None)  # the discriminator may have done that
        if kept is not absent:
            attributes["session_multi"] = kept
