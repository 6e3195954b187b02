"""Beaker's own session, behind pyramid_beaker's proxy: its beginning, and its end in a storage."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

# The key in a session's data for the moment at which it began.
CREATED = "_creation_time"


def load_or_drop_cookie(session: Any) -> Any:
    """Beaker's own session; started anew if all is in the cookie and the cookie is garbage."""
    try:
        return session._session()
    except Exception:
        if type(session)._options.get("type") != "cookie":
            raise  # the storage may be down
        attributes = vars(session)
        attributes["_environ"] = {**attributes["_environ"], "HTTP_COOKIE": ""}
        return session._session()


def beginning(session: Any) -> float:
    """The moment at which the session began; now, if Beaker does not know it."""
    inner = load_or_drop_cookie(session)
    if CREATED not in inner:  # in cookie mode it is added when a session is stored
        inner[CREATED] = time.time()
        if not inner.is_new:  # an earlier clear() removed it
            session.changed()
    inner._config[CREATED] = inner[CREATED]  # else clear() would remove it
    created: float = inner[CREATED]
    return created


def begin(inner: Any) -> None:
    """Begin a new session, under a new id."""
    inner._config.pop(CREATED, None)
    inner.invalidate()


def remove(storage: Any) -> None:
    """Remove the session that a storage of Beaker's holds under its id."""
    storage.acquire_write_lock(replace=True)
    try:
        if "session" in storage:
            del storage["session"]
    finally:
        storage.release_write_lock()


def remove_by_id(options: Mapping[str, Any], session_id: str) -> bool:
    """Remove the session that is stored under an id; false if there is none.

    :param options: those of Beaker's sessions and of the storage.
    """
    from beaker.session import Session

    # Loaded without a cookie, as Beaker's own get_by_id does.
    inner = Session({}, id=session_id, use_cookies=False, **options)
    if inner.is_new:  # also if it timed out
        return False
    remove(inner.namespace)
    return True
