"""The beginning of Beaker's own sessions: ``created`` and ``last_accessed``, in all of them.

By itself, Beaker adds the time of creation to a session in a cookie when it stores it, and loses
it in ``clear()``. Its sessions in cookies have no ``last_accessed``, and so no ``new``.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cached_property
from typing import Any

# The key in a session's data for its time of creation.
CREATED = "_creation_time"


class DatedSession:
    """The methods of a subclass of Beaker's session."""

    @property
    def created(self) -> float:
        try:
            created: float = super().created  # type: ignore[misc]
        except KeyError:  # not stored yet
            created = _set_created(self, time.time())
        return created

    def invalidate(self) -> None:
        super().invalidate()  # type: ignore[misc]
        keep_created(self)


class DatedCookieSession(DatedSession):
    """The methods of a subclass of Beaker's session in a cookie.

    It has no ``__init__``: a warning of Beaker's names the module of the caller, for filters.
    """

    is_new: bool
    accessed_dict: dict[str, Any]

    @cached_property
    def last_accessed(self) -> float | None:
        return None if self.is_new else self.accessed_dict.get("_accessed_time")

    def clear(self) -> None:
        if "accessed_dict" in vars(self):  # else Beaker is loading it
            keep_created(self)
        super().clear()  # type: ignore[misc]

    def invalidate(self) -> None:
        super().invalidate()
        with suppress(AttributeError):  # a property of the application's own class
            self.last_accessed = None


def keep_created(inner: Any) -> None:
    """Let ``clear()`` keep the time of creation."""
    if CREATED in inner:
        _set_created(inner, inner[CREATED])


def begin(inner: Any) -> None:
    """Begin a new session, under a new id."""
    inner._config.pop(CREATED, None)
    inner.invalidate()
    inner.is_new = True  # which Beaker does in a storage only
    _set_created(inner, time.time())


def _set_created(inner: Any, created: float) -> float:
    inner[CREATED] = inner._config[CREATED] = created
    return created
