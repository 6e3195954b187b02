"""Lifetimes: a session ends a fixed time after it began, however much it is used."""

from __future__ import annotations

import logging
import time
from typing import Any

from pyramid.exceptions import ConfigurationError

from ..messages import dotted_name
from .inspected_factory import InspectedFactory, SessionFactory

log: logging.Logger = logging.getLogger("pyramid_session_multi")

_FIX = "describe its library with config.register_session_library, including SessionLibrary.created"


def validate_lifetime(name: str, lifetime: object, location: str) -> None:
    """Raise a ``ConfigurationError`` unless this is ``None`` or a whole number above 0."""
    if lifetime is None:
        return
    if isinstance(lifetime, int) and not isinstance(lifetime, bool) and lifetime > 0:
        return
    value = repr(lifetime) if type(lifetime) in {int, float, bool} else dotted_name(type(lifetime))
    raise ConfigurationError(
        f"The lifetime of the namespace {name!r} ({location}) must be a whole number of seconds "
        f"above 0, like 8 * 3600, not {value}. Leave it out for sessions without a lifetime."
    )


def limited(namespace: InspectedFactory, factory: SessionFactory, lifetime: int) -> SessionFactory:
    """Wrap the factory of a namespace so that it ends a session whose lifetime is over."""

    def open_within_lifetime(request: Any) -> Any:
        session = factory(request)
        if session is not None and is_over(namespace, lifetime, session):
            _end(namespace, lifetime, session)
        return session

    return open_within_lifetime


def is_over(namespace: InspectedFactory, lifetime: int, session: Any) -> bool:
    """True if the session began ``lifetime`` seconds ago or earlier.

    :raises TypeError: if its library does not know when it began.
    """
    try:
        created = namespace.session_library_of(session).created(session)
    except (AttributeError, KeyError):
        created = None
    if not isinstance(created, (int, float)):
        raise TypeError(
            f"The {namespace} has a lifetime, but its session does not say when it began: its "
            f"created is of type {dotted_name(type(created))}, not a number of seconds. To fix "
            f"this, {_FIX}, or leave the lifetime out."
        )
    # Not "age >= lifetime": a cookie that holds NaN would never end.
    return not time.time() - created < lifetime


def _end(namespace: InspectedFactory, lifetime: int, session: Any) -> None:
    """End the session as ``request.session_multi.invalidate`` does."""
    library = namespace.session_library_of(session)
    library.invalidate(session)
    log.debug("session of the %s ended: its lifetime of %d s is over", namespace, lifetime)
    # Not checked for a described library: on Redis, reading the session begins the next one.
    if library is not namespace.session_library and is_over(namespace, lifetime, session):
        log.warning(
            "The lifetime of the %s is over, but invalidating its session does not change when the "
            "session began, so every request will empty it. To fix this, %s.",
            namespace,
            _FIX,
        )
