"""Where the carts are: in a SQLite file through Beaker, or in Redis."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def cart_session_factory(
    cookie_name: str, secret: str, folder: str, redis_url: str
) -> Callable[..., Any]:
    """The session factory of the carts: in Redis where it has a url, else in ``folder``."""
    # A key that signs nothing but the carts' ids.
    key = hmac.digest(secret.encode(), b"shop cart", "sha512").hex()
    if redis_url:
        return _in_redis(cookie_name, key, redis_url)
    return _in_sqlite(cookie_name, key, Path(folder).resolve())


def _in_sqlite(cookie_name: str, key: str, folder: Path) -> Callable[..., Any]:
    from pyramid_beaker import BeakerSessionFactoryConfig

    folder.mkdir(parents=True, exist_ok=True)
    factory: Callable[..., Any] = BeakerSessionFactoryConfig(
        type="ext:database",
        url=f"sqlite:///{folder / 'carts.sqlite'}",
        data_dir=str(folder),
        data_serializer="json",
        key=cookie_name,
        secret=key,
        httponly=True,
        timeout=7 * 24 * 3600,
    )
    return factory


def _in_redis(cookie_name: str, key: str, url: str) -> Callable[..., Any]:
    from pyramid_session_redis import RedisSessionFactory
    from redis import Redis

    client = Redis.from_url(url)

    factory: Callable[..., Any] = RedisSessionFactory(
        secret=key,
        cookie_name=cookie_name,
        cookie_samesite="Lax",
        timeout=7 * 24 * 3600,
        serialize=lambda data: json.dumps(data).encode(),
        deserialize=json.loads,
        # Its own client; else the library has one for all sessions of the application.
        redis_client_callable=lambda request, **options: client,
    )
    return factory
