"""The options of Beaker's session factories: the kind of session, and the secret that signs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_in_cookie(options: Mapping[str, Any]) -> bool:
    """True if the data are in the cookie, not in a storage."""
    session_class = options.get("session_class")
    if session_class is None:
        return options.get("type") == "cookie"
    return is_subclass(session_class, "CookieSession")


def signing_key(options: Mapping[str, Any]) -> Any:
    """The secret that signs the cookie, or the id in it; ``None``: it is not signed."""
    return options.get("validate_key" if is_in_cookie(options) else "secret")


def key_bytes(key: str | bytes) -> bytes:
    """The bytes of a secret, in Beaker's encoding."""
    return key.encode() if isinstance(key, str) else key


def is_subclass(cls: type, name: str) -> bool:
    """True for a subclass of one of Beaker's session classes, without importing Beaker."""
    identity = ("beaker.session", name)
    return any((base.__module__, base.__name__) == identity for base in cls.__mro__)
