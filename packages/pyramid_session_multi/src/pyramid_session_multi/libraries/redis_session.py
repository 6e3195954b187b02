"""pyramid_session_redis' session, with writes that do not restore an ended id."""

from __future__ import annotations

import functools
from typing import Any

from .ended_sessions import log_dropped_write


class _ExistingKeys:
    """A Redis client that writes to a key only if it exists."""

    def __init__(self, client: Any, namespace: str) -> None:
        self.plain_client = client
        self._namespace = namespace

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain_client, name)

    def set(self, key: str, value: bytes, **options: Any) -> Any:
        """``SET ... XX``, which takes as many commands as without."""
        result = self.plain_client.set(key, value, xx=True, **options)
        if not result:
            log_dropped_write(self._namespace)
        return result

    def setex(self, key: str, seconds: int, value: bytes) -> Any:
        return self.set(key, value, ex=seconds)


class _EndedStaysEnded:
    """A session that creates its id once; later writes need the id to exist in Redis."""

    redis: Any
    namespace_name: str

    def do_persist(self, *arguments: Any, **options: Any) -> None:
        client = getattr(self.redis, "plain_client", self.redis)  # if another thread stores it
        self.redis = _ExistingKeys(client, self.namespace_name)
        try:
            super().do_persist(*arguments, **options)  # type: ignore[misc]
        finally:
            self.redis = client


@functools.cache
def _subclass(cls: type) -> type:
    return type(cls.__name__, (_EndedStaysEnded, cls), {"__module__": cls.__module__})


def keep_ended(session: Any, namespace: str) -> None:
    """Let an id that another request ends stay ended, whatever this session writes.

    pyramid_session_redis itself stores the session again under the id that it was loaded from.
    """
    session.namespace_name = namespace
    if not isinstance(session, _EndedStaysEnded):  # the factory may return one session twice
        cls: type = type(session)
        session.__class__ = _subclass(cls)
