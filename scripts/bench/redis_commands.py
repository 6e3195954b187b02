"""Sessions in Redis, of the manager and of pyramid_session_redis alone, and their commands."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

import apps
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_redis import RedisSessionFactory
from redis import StrictRedis

SECRET = "the secret of the benchmark, 32 bytes at least"

_CONNECTING = {"HELLO", "CLIENT", "SELECT", "PING", "AUTH"}

# What a view does with the manager, and what one does with the library alone.
Use = Callable[[Any], object]
USES: dict[str, tuple[Use, Use]] = {
    "nothing": (lambda m: None, lambda request: None),
    "has_cookie": (lambda m: m.has_cookie("a"), lambda request: "a" in request.cookies),
    "read": (lambda m: m["a"].get("0"), lambda request: request.session.get("0")),
    "write": (
        lambda m: m["a"].update({"0": "y"}),
        lambda request: request.session.update({"0": "y"}),
    ),
    "peek": (lambda m: m.peek("a"), lambda request: dict(request.session)),
    "invalidate": (lambda m: m.invalidate("a"), lambda request: request.session.invalidate()),
    "renew": (lambda m: m.renew("a"), lambda request: _renew(request.session)),
}


def _renew(session: Any) -> None:
    """By hand: the library has no method for it."""
    data = dict(session)
    session.invalidate()
    session.update(data)
    session.new_csrf_token()


@contextmanager
def server() -> Iterator[str]:
    """The url of a Redis of one's own."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise SystemExit("redis-server is not installed (Debian: apt-get install redis-server)")
    with tempfile.TemporaryDirectory(prefix="redis-") as directory:
        socket = f"{directory}/socket"
        own = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", directory]
        with subprocess.Popen([binary, *own], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if "ready to accept connections" in line.lower():
                    break
            try:
                yield f"unix://{socket}"
            finally:
                process.kill()


def _factory(url: str) -> Any:
    client = StrictRedis.from_url(url)
    return RedisSessionFactory(
        SECRET,
        cookie_name="a",
        python_expires=False,
        redis_client_callable=lambda request, **options: client,
    )


def by_manager(url: str) -> Any:
    config = Configurator(settings={"session_multi.vary": "false"})
    config.include("pyramid_session_multi")
    config.register_session_factory("a", _factory(url))
    return _application(config, 0, lambda request: request.session_multi)


def alone(url: str) -> Any:
    """With a request property, of which Pyramid makes a class for each request, as ours has."""
    config = Configurator(session_factory=_factory(url))
    config.add_request_method(lambda request: None, "another", reify=True)
    return _application(config, 1, lambda request: request)


def _application(config: Configurator, way: int, subject: Callable[[Request], Any]) -> Any:
    def view_of(use: Use) -> Callable[[Request], Response]:
        def view(request: Request) -> Response:
            use(subject(request))
            return Response(b"")

        return view

    def fill(request: Request) -> Response:
        session = request.session_multi["a"] if way == 0 else request.session
        session.update(request.environ["bench.data"])
        return Response(b"")

    for name, uses in USES.items():
        config.add_view(view_of(uses[way]), name=name)
    config.add_view(fill, name="fill")
    return config.make_wsgi_app()


def stored(app: Any, data: dict[str, Any]) -> str:
    """The cookie of a session that holds these."""
    request = Request.blank("/fill", environ={"bench.data": data})
    cookie: str = request.get_response(app).headers["Set-Cookie"].partition(";")[0]
    return cookie


def counted(url: str) -> dict[str, dict[str, list[str]]]:
    """By operation, with and without a session before it: the commands of each way."""
    client = StrictRedis.from_url(url)
    by_use: dict[str, dict[str, list[str]]] = {}
    for way, app in (("ours", by_manager(url)), ("alone", alone(url))):
        for use in USES:
            for before in ("", "first "):
                cookie = "" if before else stored(app, {"0": "x"})
                with _commands(client) as commands:
                    apps.call(app, {**apps.environ(cookie), "PATH_INFO": f"/{use}"})
                by_use.setdefault(before + use, {})[way] = commands
    client.close()
    return by_use


@contextmanager
def _commands(client: StrictRedis) -> Iterator[list[str]]:
    commands: list[str] = []
    with client.monitor() as monitor:
        yield commands
        client.echo("the end")
        verbs = (entry["command"].split()[0].upper() for entry in monitor.listen())
        commands += [v for v in takewhile(lambda v: v != "ECHO", verbs) if v not in _CONNECTING]
