"""The beginning of Beaker's own sessions: ``created`` and ``last_accessed``, in all of them.

By itself, Beaker adds the time of creation to a session in a cookie when it stores it, and loses
it in ``clear()``. Its sessions in cookies have no ``last_accessed``, and so no ``new``.
"""

from __future__ import annotations

import time
from typing import Any

from .beaker_options import is_subclass

# The key in a session's data for its time of creation.
CREATED = "_creation_time"


class DatedSession:
    """The methods of a subclass of Beaker's session."""

    def __init__(self, request: Any, session_class: Any = None, **options: Any) -> None:
        super().__init__(request, **options)  # type: ignore[call-arg]
        complete_times(self)

    @property
    def created(self) -> float:
        try:
            created: float = super().created  # type: ignore[misc]
        except KeyError:  # not stored yet
            created = _set_created(self, time.time())
        return created

    def invalidate(self) -> None:
        super().invalidate()  # type: ignore[misc]
        complete_times(self)
        _set_last_accessed(self, None)


def complete_times(inner: Any) -> None:
    """Let ``clear()`` keep the time of creation, and add ``last_accessed`` in cookie mode."""
    if CREATED in inner:
        _set_created(inner, inner[CREATED])
    data_before = getattr(inner, "accessed_dict", {})
    _set_last_accessed(inner, data_before.get("_accessed_time"))


def begin(inner: Any) -> None:
    """Begin a new session, under a new id."""
    inner._config.pop(CREATED, None)
    inner.invalidate()
    inner.is_new = True  # which Beaker does in a storage only
    _set_created(inner, time.time())


def _set_last_accessed(inner: Any, last_accessed: float | None) -> None:
    cls = type(inner)
    if is_subclass(cls, "CookieSession") and not hasattr(cls, "last_accessed"):
        inner.last_accessed = last_accessed


def _set_created(inner: Any, created: float) -> float:
    inner[CREATED] = inner._config[CREATED] = created
    return created
