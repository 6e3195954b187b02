"""Access to sessions and discriminators without side effects that the application can notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.request import Request
from pyramid_session_multi import (
    Namespace,
    SessionLibrary,
    SessionMultiManager,
    detached_copy,
    new_session_multi,
)

from ..safe.error_text import error_text


def is_cookie_session(namespace: Namespace) -> bool:
    """True if the data are in the cookie, so that reading them queries no backend."""
    library = namespace.session_library
    return library is not None and not library.server_side(namespace.library_factory)


def used_manager(request: Request) -> SessionMultiManager | None:
    """``request.session_multi``, unless the request has not used it yet."""
    manager: SessionMultiManager | None = vars(request).get("session_multi")
    return manager


def opened_session(request: Request, name: str) -> Any:
    """The session of an opened namespace; ``None`` if it was not opened."""
    return dict.get(used_manager(request) or {}, name)


def matching_library(namespace: Namespace, session: Any) -> SessionLibrary | None:
    """The library's description if it fits this session; else ``None``."""
    library = namespace.session_library
    return library if library is not None and library.recognizes_session(session) else None


def read_passively(library: SessionLibrary | None, session: Any) -> dict[str, Any] | None:
    """The data of a session in use; ``None`` if reading would have side effects."""
    if library is not None:
        return library.read_passively(session)
    if issubclass(type(session), dict):  # bypasses methods that the library overrides
        return dict(dict.items(session))
    return None


def read_error(error: Exception) -> str:
    """The reason why values are not known, for an exception while the panel read them."""
    text = error_text(error)
    return f"{text.type_name} was raised when it was read" + (text.message and f": {text.message}")


def run_discriminator(request: Request, discriminator: Callable[[Request], Any]) -> bool:
    """Run a discriminator on the application's own request.

    On a copy it would leak: anything it creates on first use, such as a database session, would
    never be closed. Only the sessions that it reads are read on a copy.
    """
    attributes, original = vars(request), used_manager(request)
    attributes["session_multi"] = new_session_multi(detached_copy(request))
    try:
        return bool(discriminator(request))
    finally:
        attributes.pop("session_multi", None)  # the discriminator may have removed it
        if original is not None:
            attributes["session_multi"] = original
