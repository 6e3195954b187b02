"""pyramid_session_redis: a signed id in the cookie, everything else in Redis.

``RedisSessionFactory`` returns a function; what is known of it lies in its closure.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ..library import CookieAttributes, SessionLibrary, Shared
from ..signing import signing_keys

# What is read from the closure. A release that calls it otherwise is not known, rather than wrong.
_NEEDED = {
    "_cookie_signer",
    "cookie_name",
    "redis_client_callable",
    "redis_options",
    "redis_url",
    "set_cookie_kwargs",
}

# As pyramid_session_redis.connection does.
_REPLACED_BY_URL = ("host", "port", "db", "password", "unix_socket_path", "connection_pool")


class RedisSessions(SessionLibrary):
    cure = (
        "give each RedisSessionFactory a secret of its own, or a cookie_signer with a salt of its "
        "own; neither another prefix nor another database number in redis_url helps"
    )

    def owns(self, candidate: object) -> bool:
        # By its code: functools.wraps lends the factory's names to other functions.
        return (
            inspect.isfunction(candidate)
            and candidate.__code__.co_qualname == "RedisSessionFactory.<locals>.factory"
            and candidate.__globals__.get("__name__") == "pyramid_session_redis"
            and set(candidate.__code__.co_freevars) >= _NEEDED
        )

    def cookie_name(self, factory: Callable[..., Any]) -> str | None:
        name: str = _variables(factory)["cookie_name"]
        return name

    def cookie_attributes(self, factory: Callable[..., Any]) -> CookieAttributes | None:
        given = _variables(factory)["set_cookie_kwargs"]
        return CookieAttributes(
            path=given["path"],
            domain=given["domain"],
            max_age=given["max_age"],
            secure=bool(given["secure"]),
            httponly=bool(given["httponly"]),
            samesite=given.get("samesite"),
        )

    def keys(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        return signing_keys(_variables(factory)["_cookie_signer"])

    def issue(self, factory: Callable[..., Any]) -> bytes | None:
        value: bytes = _variables(factory)["_cookie_signer"].dumps("0" * 64)
        return value

    def accepts(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        return bool(_variables(factory)["_cookie_signer"].loads(value))

    def shared(self, factory: Callable[..., Any]) -> Shared | None:
        known = _variables(factory)
        if known["redis_client_callable"] is not None:
            return None
        options = known["redis_options"]
        if known["redis_url"] is not None:
            options = {k: v for k, v in options.items() if k not in _REPLACED_BY_URL}
        return Shared(
            "the Redis client of pyramid_session_redis",
            (known["redis_url"], options),
            "give each factory a redis_client_callable that returns a client of its own",
        )

    def serves(self, session: Any) -> bool:
        return any(
            cls.__module__ == "pyramid_session_redis.session" and cls.__name__ == "RedisSession"
            for cls in type(session).__mro__
        )

    def read(self, session: Any) -> dict[str, Any]:
        # Its own methods would refresh the time to live, and after invalidate() undo it.
        state = vars(session).get("_session_state")
        return {} if state is None else dict(state.managed_dict)


def _variables(factory: Callable[..., Any]) -> Mapping[str, Any]:
    return inspect.getclosurevars(factory).nonlocals


LIBRARY = RedisSessions()
