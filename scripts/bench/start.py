"""The cost of registering when an application starts.

It is CPU time: registering takes long enough to be interrupted, which must not count.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import apps
from pyramid.config import Configurator
from pyramid.session import BaseCookieSessionFactory
from webob.cookies import SignedSerializer

SIZES = (100, 500, 1000, 2000, 4000)
ISOLATED = 100
TRIED = 1000

Burst = Callable[[], float]


def registering(predecessor: Any, ours: Any, size: int) -> dict[str, Burst]:
    """Seconds for a namespace, from the first registration to ``make_wsgi_app()``."""
    factories = _factories(size)
    ways = (
        ("predecessor", predecessor, False),
        ("commit", ours, False),
        ("autocommit", ours, True),
    )
    return {
        f"{label} {size}": functools.partial(
            _register, package, factories, autocommit=autocommit, isolation="off"
        )
        for label, package, autocommit in ways
    }


def isolation(ours: Any) -> dict[str, Burst]:
    """The same, for 100 namespaces whose isolation is tested: by their keys, and by trying."""
    return {
        "known": _isolating(ours, _factories(ISOLATED)),
        "tried": _isolating(ours, _own_serializers(ISOLATED)),
    }


def many_trials(ours: Any) -> dict[str, Burst]:
    """The same, for 1,000 namespaces that can only be tried."""
    return {"tried": _isolating(ours, _own_serializers(TRIED))}


def _isolating(ours: Any, factories: list[Any]) -> Burst:
    return functools.partial(_register, ours, factories, autocommit=False, isolation="error")


def _own_serializers(count: int) -> list[Any]:
    return [
        BaseCookieSessionFactory(_Serializer(f"{number:*>64}"), cookie_name=f"cookie{number}")
        for number in range(count)
    ]


class _Serializer:
    """A serializer of the application's own: its key is not known."""

    def __init__(self, secret: str) -> None:
        self._signed = SignedSerializer(secret, "salt")

    def dumps(self, value: Any) -> bytes:
        dumped: bytes = self._signed.dumps(value)
        return dumped

    def loads(self, cookie: bytes) -> Any:
        return self._signed.loads(cookie)


def _factories(count: int) -> list[Any]:
    return [apps.signed(f"cookie{number}") for number in range(count)]


def _register(package: Any, factories: list[Any], *, autocommit: bool, isolation: str) -> float:
    seconds = []  # of an empty application, and of one with the namespaces
    for registered in ([], factories):
        settings = {"session_multi.isolation": isolation}
        config = Configurator(settings=settings, autocommit=autocommit)
        config.include(package.includeme)
        config.commit()
        begin = time.process_time()
        for number, factory in enumerate(registered):
            package.register_session_factory(config, f"namespace{number}", factory)
        config.make_wsgi_app()
        seconds.append(time.process_time() - begin)
    return (seconds[1] - seconds[0]) / len(factories)
