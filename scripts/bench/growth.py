"""Costs of a request that may grow: ``growth.py [--quick]`` prints JSON.

They are measured with more registered namespaces, with more opened ones, and with larger sessions
in Redis, which need a ``redis-server``.
"""

from __future__ import annotations

import functools
import gc
import json
import sys
import time
from typing import Any

import apps
import measure
import redis_commands
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

REGISTERED = (3, 100, 1000)
OPENED = (1, 10, 100)
SIZES = {"1 kB": 1_000, "10 kB": 10_000, "100 kB": 100_000, "1 MB": 1_000_000}

_REQUESTS = 25


def by_manager(registered: int, opened: int) -> Any:
    """An application that opens the first of its namespaces."""
    settings = {"session_multi.isolation": "off", "session_multi.vary": "false"}
    config = Configurator(settings=settings)
    config.include("pyramid_session_multi")
    names = [f"name{number}" for number in range(registered)]
    for name in names:
        config.register_session_factory(name, apps.signed(name))
    opens = names[:opened]

    def view(request: Request) -> Response:
        for name in opens:
            request.session_multi[name]
        return Response(b"")

    config.add_view(view)
    return config.make_wsgi_app()


def by_hand(registered: int, opened: int) -> Any:
    """The same with a reified request property for each session."""
    config = Configurator()
    names = [f"name{number}" for number in range(registered)]
    for name in names:
        config.add_request_method(apps.signed(name), name, reify=True)
    opens = names[:opened]

    def view(request: Request) -> Response:
        for name in opens:
            getattr(request, name)
        return Response(b"")

    config.add_view(view)
    return config.make_wsgi_app()


def of_registered() -> measure.Bursts:
    """Open three of a growing number of namespaces; a copy shows the noise."""
    sites = {f"ours {size}": by_manager(size, 3) for size in REGISTERED}
    sites["copy"] = by_manager(REGISTERED[0], 3)
    sites |= {f"hand {size}": by_hand(size, 3) for size in REGISTERED}
    return _bursts(sites, apps.environ())


def of_opened() -> measure.Bursts:
    """Open a growing number of the registered namespaces."""
    most = OPENED[-1]
    sites = {f"ours {opened}": by_manager(most, opened) for opened in (0, *OPENED)}
    sites |= {f"hand {opened}": by_hand(most, opened) for opened in (0, *OPENED)}
    return _bursts(sites, apps.environ())


def of_sizes(url: str) -> measure.Bursts:
    """A request that reads, and one that writes, a session of that size; a copy for the noise."""
    bursts = {}
    for way, app in (
        ("ours", redis_commands.by_manager(url)),
        ("alone", redis_commands.alone(url)),
        ("copy", redis_commands.alone(url)),
    ):
        for what, size in SIZES.items():
            cookie = redis_commands.stored(app, {str(n): "x" * 50 for n in range(size // 60)})
            for deed in ("read", "write"):
                environ = {**apps.environ(cookie), "PATH_INFO": f"/{deed}"}
                requests = 1 if size >= SIZES["100 kB"] else 5
                bursts[f"{way} {deed} {what}"] = functools.partial(_burst, app, environ, requests)
    return bursts


def _bursts(sites: dict[str, Any], environ: dict[str, Any]) -> measure.Bursts:
    return {name: functools.partial(_burst, app, environ, _REQUESTS) for name, app in sites.items()}


def _burst(app: Any, environ: dict[str, Any], requests: int) -> float:
    begin = time.perf_counter()
    for _ in range(requests):
        apps.call(app, environ)
    return (time.perf_counter() - begin) / requests


def main() -> None:
    rounds = 40 if "--quick" in sys.argv else 120
    gc.disable()
    with redis_commands.server() as url:
        measurements = {
            "registered": measure.take_turns(of_registered(), rounds),
            "opened": measure.take_turns(of_opened(), rounds),
            "sizes": measure.take_turns(of_sizes(url), rounds),
            "commands": redis_commands.counted(url),
        }
    json.dump(measurements, sys.stdout)


if __name__ == "__main__":
    main()
