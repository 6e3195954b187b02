"""Beaker's own session, behind pyramid_beaker's proxy: loading it, and its end in a storage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .beaker_beginning import CREATED
from .beaker_options import is_in_cookie

# The keys that Beaker keeps for itself in a session's data.
_INTERNAL_KEYS = frozenset({"_id", "_path", "_domain", "_accessed_time", CREATED})

# The characters that http.cookies takes in a value without quotes; Beaker's own values are plain.
_PLAIN = re.compile(r"[!#-:<-\[\]-~]*")


def hide_other_cookies(session: Any, request: Any) -> None:
    """Let Beaker read its own cookie only, as WebOb decoded it.

    Beaker parses the ``Cookie`` header again, with ``http.cookies``. One foreign cookie that is
    invalid there, like ``foo[bar]=1`` or a name without a value, hides all the others.
    """
    attributes = vars(session)
    environ, options = attributes["_environ"], attributes["_params"]
    if not environ.get("HTTP_COOKIE"):
        return
    name = options.get("key", "beaker.session.id")
    value = request.cookies.get(name)
    if value is None:
        header = ""
    elif _PLAIN.fullmatch(value):
        header = f"{name}={value}"
    else:  # garbage, which only the signature of a session in the cookie rejects
        header = f"{name}=-" if is_in_cookie(options) else ""
    attributes["_environ"] = {**environ, "HTTP_COOKIE": header}
    if header and attributes["_sess"] is not None and attributes["_sess"].is_new:
        _load_again(session)


def _load_again(session: Any) -> None:
    """Load a session that the application's factory used when its cookie was hidden.

    What the factory wrote to it stays, except for what the session has already.
    """
    attributes = vars(session)
    written = own_data(attributes["_sess"])
    attributes["_sess"] = None
    for key, value in written.items():
        session.setdefault(key, value)


def own_data(inner: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the application and of Pyramid."""
    return {key: value for key, value in inner.items() if key not in _INTERNAL_KEYS}


def load_or_drop_cookie(session: Any) -> Any:
    """Beaker's own session; started anew if all is in the cookie and the cookie is garbage."""
    try:
        return session._session()
    except Exception:
        if not is_in_cookie(vars(session)["_params"]):
            raise  # the storage may be down
        attributes = vars(session)
        attributes["_environ"] = {**attributes["_environ"], "HTTP_COOKIE": ""}
        return session._session()


def creation_time(session: Any) -> float:
    """The time of creation of a session; now, if Beaker does not know it."""
    inner = load_or_drop_cookie(session)
    if CREATED not in inner and not inner.is_new:  # removed by a clear() before it was prepared
        session.changed()
    created: float = inner.created
    return created


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
