"""``use = redis``: pyramid_session_redis, with a Redis client for each namespace."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from ...dotted_names import Resolver
from ..backends.pyramid_session_redis import SAMPLE_ID
from ..library_options import options_from_signature
from ..option_converters import (
    NON_NEGATIVE,
    NUMBER,
    SAMESITE,
    SECRET,
    TEXT,
    Option,
    OptionError,
    callable_option,
    or_none,
    serializer_option,
)
from .builder import FactoryBuilder

# Options that are objects, according to the library's own settings parser.
_NOT_FROM_TEXT = ("cookie_expires", "redis_connection_pool")

_SEVERAL_SERVERS = (
    "takes a url like redis+sentinel://localhost:26379/SERVICE for Sentinel, and like "
    "redis+cluster://localhost:6379 for Redis Cluster. For TLS with these, set "
    "redis_client_callable instead"
)


class RedisFactoryBuilder(FactoryBuilder):
    """``use = redis``: ``RedisSessionFactory`` of pyramid_session_redis, with its own client.

    ``prefix`` has the meaning of the library's own settings parser. ``python_expires`` defaults to
    false: with the library's default, a request that only reads stores the session as well.
    """

    use = "redis"
    library_functions: tuple[str, ...] = ("pyramid_session_redis.RedisSessionFactory",)
    extra: str | None = "redis"
    cookie_options: Mapping[str, str] = {
        name: f"cookie_{name}" for name in ("samesite", "secure", "domain", "path")
    }

    def secret_options(self, options: Mapping[str, str]) -> tuple[str, ...]:
        return ("secret", "cookie_signer")

    def options(self, values: Mapping[str, str], resolver: Resolver) -> Mapping[str, Option]:
        from pyramid_session_redis import RedisSessionFactory

        overrides = {
            "cookie_samesite": SAMESITE,
            "cookie_signer": serializer_option(resolver, SAMPLE_ID),
            "redis_socket_timeout": or_none(NUMBER),
            "redis_url": Option(_url, "a url like redis://localhost:6379/0"),
            "secret": SECRET,
            "timeout": or_none(NON_NEGATIVE),  # the library takes 0 for none
        }
        options = options_from_signature(
            RedisSessionFactory, overrides, callable_option(resolver), _NOT_FROM_TEXT
        )
        return {"prefix": TEXT, **options}

    def build(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        from pyramid_session_redis import RedisSessionFactory
        from pyramid_session_redis.util import prefixed_id

        options.setdefault("python_expires", False)
        if "prefix" in options:
            if "id_generator" in options:
                raise OptionError("prefix", "and id_generator exclude each other")
            prefix = options.pop("prefix")
            options["id_generator"] = functools.partial(prefixed_id, prefix=prefix)
        if "redis_client_callable" not in options:
            options["redis_client_callable"] = _private_client(options.get("redis_url"))
        factory: Callable[..., Any] = RedisSessionFactory(**options)
        return factory


def _names_several_servers(url: str) -> bool:
    return urlsplit(url).scheme in {"redis+sentinel", "redis+cluster"}


def _url(text: str) -> str:
    from redis.connection import parse_url

    from ..redis_clients import RedisServers

    try:
        if _names_several_servers(text):
            RedisServers.parse(text)
        else:
            parse_url(text)
    except ValueError:
        scheme = text.partition("://")[0]
        if "sentinel" in scheme or "cluster" in scheme:
            raise OptionError("redis_url", _SEVERAL_SERVERS) from None
        raise
    return text


def _private_client(url: str | None) -> Callable[..., Any]:
    from pyramid_session_redis.connection import get_default_connection

    from ..redis_clients import redis_client_callable

    if url is not None and _names_several_servers(url):
        return redis_client_callable(url)

    # The library keeps its client in the request's registry: this one is not shared.
    fake_request = SimpleNamespace(registry=SimpleNamespace())

    def redis_client(request: Any, **options: Any) -> Any:
        return get_default_connection(fake_request, url=url, **options)

    return redis_client


BUILDERS = (RedisFactoryBuilder(),)
