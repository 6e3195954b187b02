"""Beaker's sessions in a storage, made to stay ended once they were ended."""

from __future__ import annotations

import functools
from typing import Any

from .beaker_options import is_in_cookie
from .ended_sessions import log_dropped_write


def keep_ended(session: Any, namespace: str) -> None:
    """Let an id that another request ends stay ended, whatever this session writes.

    Beaker itself stores the data it has loaded, whether they are still in the storage or not.
    """
    attributes = vars(session)
    options = attributes["_params"]
    if is_in_cookie(options):
        return
    session_class: type | None = options.get("session_class")
    if hasattr(session_class, "stays_ended"):  # the factory may return one session twice
        return
    options["session_class"] = _guarded(session_class, namespace)
    inner = attributes["_sess"]
    if inner is not None:  # the application's factory has used it
        inner_class: type = type(inner)
        inner.__class__ = _guarded(inner_class, namespace)


@functools.cache
def _guarded(session_class: type | None, name: str) -> type:
    from beaker.session import Session

    base: Any = Session if session_class is None else session_class

    class GuardedSession(base):
        stays_ended = True

        def __init__(self, request: Any, session_class: Any = None, **options: Any) -> None:
            super().__init__(request, **options)

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
