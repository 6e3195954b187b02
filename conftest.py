"""Fixtures of several suites: a Redis server, session factories, an application with a browser.

A plugin would have to be importable wherever the suites run; pytest finds this file by itself, also
its oldest supported version and without our settings. pytest-redis, which would start the server,
needs a newer pytest, and cannot skip where the server is missing.
"""

from __future__ import annotations

import copy
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from itertools import takewhile

import pytest
from pyramid.config import Configurator
from pyramid.response import Response
from pyramid.session import JSONSerializer, SignedCookieSessionFactory
from redis import StrictRedis
from webob.cookies import SignedSerializer
from webtest import TestApp

# --- Redis


class RedisServer:
    """A ``redis-server`` on a unix socket. It keeps nothing on disk unless ``options`` say so.

    They may add a port: the last one of each option counts.
    """

    def __init__(self, binary, *options):
        self.directory = tempfile.mkdtemp(prefix="redis-")  # a socket's path must be short
        self.socket = f"{self.directory}/socket"
        self.url = f"unix://{self.socket}"
        own = ["--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", self.directory]
        self._command = [binary, *own, *options]
        self._process = None
        self.client = StrictRedis.from_url(self.url)

    def start(self):
        """Start it, and wait until it accepts connections."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        log = []
        while not log or "ready to accept connections" not in log[-1].lower():
            log.append(self._process.stdout.readline())
            assert log[-1], "".join(["redis-server did not start:\n", *log])
        # It would block if the pipe were full.
        self._reader = threading.Thread(target=self._process.stdout.read)
        self._reader.start()

    def kill(self):
        """End it if it runs, without a chance to save anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._reader.join()
            self._process.stdout.close()
            self._process = None

    def hang(self):
        """Let it answer nothing until :meth:`resume`."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    @contextmanager
    def commands(self):
        """List the commands that it is given meanwhile, without those of connecting."""
        commands, connecting = [], {"HELLO", "CLIENT", "SELECT", "PING", "AUTH"}
        with self.client.monitor() as monitor:
            yield commands
            self.client.echo("the end")
            verbs = (entry["command"].split()[0].upper() for entry in monitor.listen())
            commands += [v for v in takewhile(lambda v: v != "ECHO", verbs) if v not in connecting]


@pytest.fixture(scope="session")
def start_redis():
    """``with start_redis(*options) as redis``: a running server for one test.

    :param binary: another one than ``redis-server``, for example Valkey's.
    """
    installed = shutil.which("redis-server")
    if installed is None:
        reason = "redis-server is not installed (Debian: apt-get install redis-server)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)

    @contextmanager
    def start_redis(*options, binary=installed):
        redis = RedisServer(binary, *options)
        try:
            redis.start()
            yield redis
        finally:
            redis.client.close()
            redis.kill()
            shutil.rmtree(redis.directory)

    return start_redis


@pytest.fixture(scope="session")
def redis_server(start_redis):
    """A server that tests share; they must not stop it."""
    with start_redis() as redis:
        yield redis


@pytest.fixture
def redis(redis_server):
    """The shared server, emptied."""
    redis_server.client.flushall()
    return redis_server


# --- session factories


def _secret(name):
    return f"the secret of {name}"


@pytest.fixture
def signed():
    """Pyramid's signed cookie session, with a cookie and a secret of its own.

    ``reissue_time=None``: else reading sets a cookie whenever the clock's second has changed.
    """

    def signed(name, **options):
        return SignedCookieSessionFactory(
            _secret(name), **{"cookie_name": name, "reissue_time": None, **options}
        )

    return signed


@pytest.fixture
def aged():
    """The cookie that ``signed(name)`` set some time ago."""

    def aged(name, data, seconds=100):
        then = int(time.time()) - seconds
        serializer = SignedSerializer(
            _secret(name), "pyramid.session.", "sha512", serializer=JSONSerializer()
        )
        return serializer.dumps((then, then, data)).decode()

    return aged


@pytest.fixture
def undescribed():
    """Hide the library of a session factory, so that nothing is known about it."""

    def undescribed(factory):
        hidden = {"factory": factory}

        def unknown(request):
            return hidden["factory"](request)

        return unknown

    return undescribed


@pytest.fixture
def library(request, tmp_path, signed):
    """``library(kind)(cookie_name, **options)`` makes a session factory of that library."""

    def beaker(key="secret", **fixed):
        from pyramid_beaker import BeakerSessionFactoryConfig

        def make(name, **options):
            options = {"key": name, key: _secret(name), **fixed, **options}
            return BeakerSessionFactoryConfig(**options)

        return make

    def signed_cookie(name, **options):
        from pyramid_session_multi import signed_cookie_session_factory

        return signed_cookie_session_factory(name, _secret(name) * 4, reissue_time=None, **options)

    def nacl(name, **options):
        from pyramid_nacl_session import EncryptedCookieSessionFactory

        secret = _secret(name).encode().ljust(32, b".")[:32]
        options = {"reissue_time": None, "serializer": JSONSerializer(), **options}
        return EncryptedCookieSessionFactory(secret, cookie_name=name, **options)

    def redis(name, **options):
        from pyramid_session_redis import RedisSessionFactory

        url = request.getfixturevalue("redis_server").url
        return RedisSessionFactory(_secret(name), cookie_name=name, redis_url=url, **options)

    makers = {
        "signed": signed,
        "signed_cookie": signed_cookie,
        "nacl": nacl,
        "redis": redis,
        "beaker_memory": beaker(type="memory"),
        "beaker_file": beaker(type="file", data_dir=f"{tmp_path}/beaker"),
        "beaker_database": beaker(type="ext:database", url=f"sqlite:///{tmp_path}/beaker.db"),
        "beaker_cookie": beaker("validate_key", type="cookie"),
    }
    return makers.__getitem__


# --- an application with a browser


class Browser:
    """A cookie jar. A visit is a WSGI request whose view is the function that it is called with."""

    def __init__(self, app):
        self.app = app
        self.client = TestApp(app)
        self.response = None

    def visit(self, view, *, url="/", status=None, **environ):
        """Return what the view returns, which may be a response, and keep the response."""
        outcomes = []

        def stage(request):
            outcomes.append(view(request))
            return outcomes[0] if isinstance(outcomes[0], Response) else request.response

        environ["tests.stage"] = stage
        self.response = self.client.get(url, extra_environ=environ, status=status)
        return outcomes[0] if outcomes else None

    def multi(self, view, **options):
        """Like ``visit``, but the function is called with ``request.session_multi``."""
        return self.visit(lambda request: view(request.session_multi), **options)

    def stranger(self):
        """Another browser, without any cookie."""
        return type(self)(self.app)

    def thief(self):
        """Another browser, with the cookies that this one holds now."""
        thief = self.stranger()
        for cookie in self.client.cookiejar:
            thief.client.cookiejar.set_cookie(copy.copy(cookie))
        return thief

    @property
    def set_cookies(self):
        return self.response.headers.getall("Set-Cookie")

    @property
    def vary(self):
        return self.response.headers.getall("Vary")


@pytest.fixture
def browse():
    """Make an application and a browser for it.

    Keywords are namespaces: a factory, or a tuple of what ``register_session_factory`` takes.
    """

    def browse(*, settings=None, setup=lambda config: None, autocommit=False, **namespaces):
        # Pyramid would look its caller up in sys.modules, where pytest leaves no module "conftest".
        options = {"package": "pyramid_session_multi", "autocommit": autocommit}
        config = Configurator(settings=settings or {}, **options)
        config.include("pyramid_session_multi")
        for name, registration in namespaces.items():
            arguments = registration if isinstance(registration, tuple) else (registration,)
            config.register_session_factory(name, *arguments)
        setup(config)
        config.add_route("stage", "/*path")
        config.add_view(lambda request: request.environ["tests.stage"](request), route_name="stage")
        return Browser(config.make_wsgi_app())

    return browse
