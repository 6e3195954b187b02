"""pyramid_session_redis: a signed id in the cookie, everything else in Redis.

``RedisSessionFactory`` returns a function; what is known of it lies in its closure.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Hashable, Mapping
from types import SimpleNamespace
from typing import Any

from ..factory_builders import Maker
from ..options import (
    FROM_ZERO,
    NUMBER,
    SAMESITE,
    SECRET,
    TEXT,
    Option,
    OptionError,
    Resolve,
    codec,
    dotted,
    options_of,
    or_none,
)
from ..session_library import CookieAttributes, SessionLibrary, SharedResource
from ..signing import is_unsigned, shortest_secret, signing_keys

# What is read from the closure. A release that calls it otherwise is not known, rather than wrong.
_NEEDED = {
    "_cookie_signer",
    "cookie_name",
    "redis_client_callable",
    "redis_options",
    "redis_url",
    "set_cookie_kwargs",
}

# Like one of its ids.
_PROBE = "0" * 64

# Options that are objects, as the library's own parser says.
_NO_TEXT = ("cookie_expires", "redis_connection_pool")

# As pyramid_session_redis.connection does.
_REPLACED_BY_URL = ("host", "port", "db", "password", "unix_socket_path", "connection_pool")


class RedisSessions(SessionLibrary):
    fix = (
        "give each RedisSessionFactory a secret of its own, or a cookie_signer with a salt of its "
        "own; neither another prefix nor another database number in redis_url helps"
    )

    def recognizes_factory(self, candidate: object) -> bool:
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

    def key_tokens(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        return signing_keys(_variables(factory)["_cookie_signer"])

    def sample_cookie(self, factory: Callable[..., Any]) -> bytes | None:
        value: bytes = _variables(factory)["_cookie_signer"].dumps(_PROBE)
        return value

    def accepts_cookie(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        return bool(_variables(factory)["_cookie_signer"].loads(value))

    def secret_bytes(self, factory: Callable[..., Any]) -> int | None:
        return shortest_secret(_variables(factory)["_cookie_signer"])

    def unsigned(self, factory: Callable[..., Any]) -> bool:
        return is_unsigned(_variables(factory)["_cookie_signer"])

    def shared_resource(self, factory: Callable[..., Any]) -> SharedResource | None:
        known = _variables(factory)
        if known["redis_client_callable"] is not None:
            return None
        options = known["redis_options"]
        if known["redis_url"] is not None:
            options = {k: v for k, v in options.items() if k not in _REPLACED_BY_URL}
        return SharedResource(
            "the Redis client of pyramid_session_redis",
            (known["redis_url"], options),
            "give each factory a redis_client_callable that returns a client of its own",
        )

    def recognizes_session(self, session: Any) -> bool:
        return any(
            cls.__module__ == "pyramid_session_redis.session" and cls.__name__ == "RedisSession"
            for cls in type(session).__mro__
        )

    def read(self, session: Any) -> dict[str, Any]:
        # Its own methods would refresh the time to live, and after invalidate() undo it.
        state = vars(session).get("_session_state")
        return {} if state is None else dict(state.managed_dict)

    def read_passively(self, session: Any) -> dict[str, Any] | None:
        return self.read(session)


def _variables(factory: Callable[..., Any]) -> Mapping[str, Any]:
    return inspect.getclosurevars(factory).nonlocals


LIBRARY = RedisSessions()


class RedisMaker(Maker):
    """``use = redis``: ``RedisSessionFactory`` of pyramid_session_redis, with a client of its own.

    ``prefix`` is understood as by the library's own parser. ``python_expires`` is false unless it
    is given: with the library's default, a request that runs late brings a session back that
    another one invalidated meanwhile.
    """

    use = "redis"
    extra: str | None = "redis"
    samesite: tuple[str, str] = ("cookie_samesite", "cookie_secure")

    def required(self, given: Mapping[str, str]) -> tuple[str, ...]:
        return ("secret", "cookie_signer")

    def options(self, given: Mapping[str, str], resolve: Resolve) -> Mapping[str, Option]:
        from pyramid_session_redis import RedisSessionFactory

        table = {
            "cookie_samesite": SAMESITE,
            "cookie_signer": codec(resolve, _PROBE),
            "redis_socket_timeout": or_none(NUMBER),
            "redis_url": Option(_url, "a url like redis://localhost:6379/0"),
            "secret": SECRET,
            "timeout": or_none(FROM_ZERO),  # 0: none, as the library takes it
        }
        found = options_of(RedisSessionFactory, table, dotted(resolve), without=_NO_TEXT)
        return {"prefix": TEXT, **found}

    def make(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        from pyramid_session_redis import RedisSessionFactory
        from pyramid_session_redis.util import prefixed_id

        options.setdefault("python_expires", False)
        if "prefix" in options:
            if "id_generator" in options:
                raise OptionError("prefix", "and id_generator exclude each other")
            prefix = options.pop("prefix")
            options["id_generator"] = functools.partial(prefixed_id, prefix=prefix)
        if "redis_client_callable" not in options:
            options["redis_client_callable"] = _own_client(options.get("redis_url"))
        factory: Callable[..., Any] = RedisSessionFactory(**options)
        return factory


def _url(text: str) -> str:
    from redis.connection import parse_url

    parse_url(text)
    return text


def _own_client(url: str | None) -> Callable[..., Any]:
    from pyramid_session_redis.connection import get_default_connection

    # The library keeps its client in the registry of the request: here is one that is not shared.
    holder = SimpleNamespace(registry=SimpleNamespace())

    def redis_client(request: Any, **options: Any) -> Any:
        return get_default_connection(holder, url=url, **options)

    return redis_client


MAKERS = (RedisMaker(),)
