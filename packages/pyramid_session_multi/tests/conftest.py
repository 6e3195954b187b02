"""Applications, browsers, session libraries: test modules ask for them and import no helpers."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.response import Response
from pyramid.session import JSONSerializer, SignedCookieSessionFactory
from pyramid_session_multi import ISessionMultiManagerConfig
from webob.cookies import SignedSerializer
from webtest import TestApp


class Browser:
    """A cookie jar. A visit is a WSGI request whose view is the function that is given."""

    def __init__(self, app):
        self.app = app
        self.client = TestApp(app)
        self.response = None

    def visit(self, view, *, url="/", status=None, **environ):
        """What the view returned; the response is kept. A view may return a response as well."""
        outcomes = []

        def stage(request):
            outcomes.append(view(request))
            return outcomes[0] if isinstance(outcomes[0], Response) else request.response

        environ["tests.stage"] = stage
        self.response = self.client.get(url, extra_environ=environ, status=status)
        return outcomes[0] if outcomes else None

    def multi(self, view, **options):
        """Like ``visit``; the function is given ``request.session_multi``."""
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
        config = Configurator(settings=settings or {}, autocommit=autocommit)
        config.include("pyramid_session_multi")
        for name, given in namespaces.items():
            arguments = given if isinstance(given, tuple) else (given,)
            config.register_session_factory(name, *arguments)
        setup(config)
        config.add_route("stage", "/*path")
        config.add_view(lambda request: request.environ["tests.stage"](request), route_name="stage")
        return Browser(config.make_wsgi_app())

    return browse


@pytest.fixture(params=[False, True], ids=["commit", "autocommit"])
def autocommit(request):
    """Both ways to configure an application."""
    return request.param


@pytest.fixture
def configurator(autocommit):
    """A configurator of each kind that includes the package; ``make()`` makes others."""

    def make(**options):
        config = Configurator(autocommit=autocommit, **options)
        config.include("pyramid_session_multi")
        return config

    config = make()
    config.make = make
    return config


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
def register_all():
    """Register these factories; ``make_wsgi_app`` raises the error of a call (with autocommit)."""

    def register_all(config, **factories):
        def fail():
            raise error

        try:
            for name, factory in factories.items():
                config.register_session_factory(name, factory)
        except ConfigurationError as refusal:
            error = refusal
            config.make_wsgi_app = fail

    return register_all


@pytest.fixture
def startup_error():
    """The message of the ``ConfigurationError`` when the application is made."""

    def startup_error(config):
        with pytest.raises(ConfigurationError) as refusal:
            config.make_wsgi_app()
        return str(refusal.value)

    return startup_error


class Watched:
    """A session factory or discriminator that knows its requests, and fails when told to."""

    def __init__(self, answer):
        self.answer = answer
        self.error = None
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        return self.answer(request) if callable(self.answer) else self.answer


@pytest.fixture
def watched():
    """Wrap a session factory, or make a discriminator that gives this answer."""
    return Watched


@pytest.fixture
def undescribed():
    """Hide the library of a session factory, so that nothing is known of it."""

    def undescribed(factory):
        hidden = {"factory": factory}

        def unknown(request):
            return hidden["factory"](request)

        return unknown

    return undescribed


# Session libraries

_SERVER_SIDE = ["redis", "beaker_memory", "beaker_file", "beaker_database"]
_IN_THE_COOKIE = ["signed", "nacl", "beaker_cookie"]


@pytest.fixture
def library(request, tmp_path, signed):
    """``library(kind)(cookie_name, **options)`` makes a session factory of that library."""

    def beaker(key="secret", **fixed):
        from pyramid_beaker import BeakerSessionFactoryConfig

        def make(name, **options):
            options = {"key": name, key: _secret(name), **fixed, **options}
            return BeakerSessionFactoryConfig(**options)

        return make

    def nacl(name, **options):
        from pyramid_nacl_session import EncryptedCookieSessionFactory

        secret = _secret(name).encode().ljust(32, b".")[:32]
        options = {"reissue_time": None, "serializer": JSONSerializer(), **options}
        return EncryptedCookieSessionFactory(secret, cookie_name=name, **options)

    def redis(name, **options):
        from pyramid_session_redis import RedisSessionFactory

        url = request.getfixturevalue("redis_url")
        return RedisSessionFactory(_secret(name), cookie_name=name, redis_url=url, **options)

    makers = {
        "signed": signed,
        "nacl": nacl,
        "redis": redis,
        "beaker_memory": beaker(type="memory"),
        "beaker_file": beaker(type="file", data_dir=f"{tmp_path}/beaker"),
        "beaker_database": beaker(type="ext:database", url=f"sqlite:///{tmp_path}/beaker.db"),
        "beaker_cookie": beaker("validate_key", type="cookie"),
    }
    return makers.__getitem__


@pytest.fixture(params=_SERVER_SIDE + _IN_THE_COOKIE)
def any_library(request, library):
    """Every session library that is described, and every kind of storage."""
    return library(request.param)


@pytest.fixture(params=_SERVER_SIDE)
def server_side(request, library):
    """The session libraries that keep their data on a server, under an id."""
    return library(request.param)


@pytest.fixture(scope="session")
def redis_url():
    """A Redis of our own on a unix socket, that keeps nothing."""
    binary = shutil.which("redis-server")
    if binary is None:
        reason = "redis-server is not installed (Debian: apt-get install redis-server)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="redis-") as directory:  # a socket's path must be short
        socket = Path(directory) / "socket"
        options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", directory]
        with subprocess.Popen([binary, *options], stdout=subprocess.PIPE, text=True) as server:
            try:
                log = []
                while not log or "ready to accept connections" not in log[-1]:
                    log.append(server.stdout.readline())
                    assert log[-1], "".join(["redis-server did not start:\n", *log])
                yield f"unix://{socket}"
            finally:
                server.terminate()


@pytest.fixture
def redis_client(redis_url):
    """A client of an empty Redis."""
    from redis import StrictRedis

    with StrictRedis.from_url(redis_url) as client:
        client.flushall()
        yield client


@pytest.fixture
def redis_commands(redis_client):
    """A context manager that lists what Redis was told to do, but for what connecting takes."""
    connecting = {"HELLO", "CLIENT", "SELECT", "PING", "AUTH"}

    @contextmanager
    def recording():
        commands = []
        with redis_client.monitor() as monitor:
            yield commands
            redis_client.echo("that was all")
            for entry in monitor.listen():
                verb = entry["command"].split()[0].upper()
                if verb == "ECHO":
                    break
                if verb not in connecting:
                    commands.append(verb)

    return recording


# Namespaces from the settings

_LONG_SECRET = "a-secret-" * 8


@pytest.fixture
def words():
    """The settings of an .ini file; a keyword is a namespace and its options."""

    def words(**namespaces):
        settings = {"session_multi.namespaces": " ".join(namespaces)}
        for name, options in namespaces.items():
            settings |= {f"session_multi.{name}.{option}": v for option, v in options.items()}
        return settings

    return words


@pytest.fixture
def minimal(request, tmp_path):
    """``minimal(kind, name)``: the fewest options of a working namespace."""

    def minimal(kind, name="a"):
        secret, hexadecimal = f"{name} {_LONG_SECRET}", name.encode().hex().rjust(64, "0")
        beaker = {"use": "beaker", "secret": secret}
        known = {
            "signed_cookie": lambda: {"use": "signed_cookie", "secrets": _LONG_SECRET},
            "nacl": lambda: {"use": "nacl", "secret": hexadecimal, "serializer": "json"},
            "redis": lambda: {
                "use": "redis",
                "secret": secret,
                "redis_url": request.getfixturevalue("redis_url"),
            },
            "memory": lambda: beaker | {"type": "memory"},
            "file": lambda: beaker | {"data_dir": f"{tmp_path}/{name}"},
            "dbm": lambda: beaker | {"type": "dbm", "data_dir": f"{tmp_path}/{name}"},
            "ext:database": lambda: (
                beaker | {"type": "ext:database", "url": f"sqlite:///{tmp_path}/{name}.db"}
            ),
            "ext:redis": lambda: (
                beaker | {"type": "ext:redis", "url": request.getfixturevalue("redis_url")}
            ),
            "cookie": lambda: {"use": "beaker", "type": "cookie", "validate_key": secret},
        }
        return known[kind]()

    return minimal


@pytest.fixture
def registered():
    """``registered(settings)``: the registry of namespaces, after nothing but the one line."""

    def registered(settings, **options):
        config = Configurator(settings=settings, **options)
        config.include("pyramid_session_multi")
        config.commit()
        return config.registry.getUtility(ISessionMultiManagerConfig)

    return registered


@pytest.fixture
def package(monkeypatch):
    """An importable package of the application's, still empty."""
    module = ModuleType("package_of_somebody")
    module.__file__ = __file__
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module
