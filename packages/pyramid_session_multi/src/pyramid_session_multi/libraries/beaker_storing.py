"""Subclasses of Beaker's sessions: dated, and in a storage ended for good once they were ended."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from .beaker_beginning import DatedCookieSession, DatedSession, keep_created
from .beaker_options import is_in_cookie
from .ended_sessions import log_dropped_write


def replace_class(session: Any, namespace: str) -> None:
    """Let Beaker use subclasses of its own sessions, and of the application's.

    They know when they began. If they are in a storage, an id that another request ends stays
    ended, whatever this session writes. Beaker itself stores the data it has loaded, whether they
    are still in the storage or not.
    """
    attributes = vars(session)
    options = attributes["_params"]
    session_class: type | None = options.get("session_class")
    if session_class is not None and issubclass(session_class, DatedSession):
        return  # the factory returned one session twice
    subclass: Callable[[type | None, str], type] = _dated if is_in_cookie(options) else _guarded
    options["session_class"] = subclass(session_class, namespace)
    inner = attributes["_sess"]
    if inner is not None:  # the application's factory has used it
        inner_class: type = type(inner)
        inner.__class__ = subclass(inner_class, namespace)
        keep_created(inner)


@functools.cache
def _dated(session_class: type | None, name: str) -> type:
    from beaker.session import CookieSession

    base: Any = CookieSession if session_class is None else session_class
    attributes = {"__module__": base.__module__}
    if hasattr(base, "last_accessed"):
        attributes["last_accessed"] = inspect.getattr_static(base, "last_accessed")
    return type(base.__name__, (DatedCookieSession, base), attributes)


@functools.cache
def _guarded(session_class: type | None, name: str) -> type:
    from beaker.session import Session

    base: Any = Session if session_class is None else session_class

    class GuardedSession(DatedSession, base):
        def __init__(self, request: Any, session_class: Any = None, **options: Any) -> None:
            super().__init__(request, **options)
            keep_created(self)

        def save(self, accessed_only: bool = False) -> None:
            loaded = getattr(self, "namespace", None)
            if self.is_new or loaded is None or loaded.namespace != self.id:
                super().save(accessed_only)
                return
            # Opened again: the storage object of a database caches the data it has read.
            self.namespace = storage = self.namespace_class(
                self.id, data_dir=self.data_dir, digest_filenames=False, **self.namespace_args
            )
            storage.acquire_write_lock()  # which the same thread can take again
            try:
                if "session" in storage:
                    super().save(accessed_only)
                elif not accessed_only:
                    log_dropped_write(name)
            finally:
                storage.release_write_lock()

    return GuardedSession
