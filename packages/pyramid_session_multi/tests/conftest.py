"""Applications, browsers and session libraries: test modules use these fixtures, not helpers."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi import ISessionMultiManagerConfig


@pytest.fixture(params=[False, True], ids=["commit", "autocommit"])
def autocommit(request):
    """Both ways to configure an application."""
    return request.param


@pytest.fixture
def configurator(autocommit):
    """A configurator of each kind that includes the package; ``make()`` creates others."""

    def make(**options):
        config = Configurator(autocommit=autocommit, **options)
        config.include("pyramid_session_multi")
        return config

    config = make()
    config.make = make
    return config


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
    """The message of the ``ConfigurationError`` when the application is created."""

    def startup_error(config):
        with pytest.raises(ConfigurationError) as refusal:
            config.make_wsgi_app()
        return str(refusal.value)

    return startup_error


class Watched:
    """A session factory or discriminator that records its requests, and fails on demand."""

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
    """Wrap a session factory, or create a discriminator with this result."""
    return Watched


# Session libraries

_SERVER_SIDE = ["redis", "beaker_memory", "beaker_file", "beaker_database"]
_IN_THE_COOKIE = ["signed", "nacl", "beaker_cookie"]


@pytest.fixture(params=_SERVER_SIDE + _IN_THE_COOKIE)
def any_library(request, library):
    """Every described session library, with every kind of storage."""
    return library(request.param)


@pytest.fixture(params=_SERVER_SIDE)
def server_side(request, library):
    """The session libraries that store their data on a server, under an id."""
    return library(request.param)


# Namespaces from the settings

_LONG_SECRET = "a-secret-" * 8


@pytest.fixture
def words():
    """The settings of an .ini file; each keyword is a namespace and its options."""

    def words(**namespaces):
        settings = {"session_multi.namespaces": " ".join(namespaces)}
        for name, options in namespaces.items():
            settings |= {f"session_multi.{name}.{option}": v for option, v in options.items()}
        return settings

    return words


@pytest.fixture
def minimal(request, tmp_path):
    """``minimal(kind, name)``: the minimal options of a namespace that works."""

    def minimal(kind, name="a"):
        secret, hexadecimal = f"{name}-{_LONG_SECRET}", name.encode().hex().rjust(64, "0")
        beaker = {"use": "beaker", "secret": secret}
        known = {
            "signed_cookie": lambda: {"use": "signed_cookie", "secrets": _LONG_SECRET},
            "nacl": lambda: {"use": "nacl", "secret": hexadecimal, "serializer": "json"},
            "redis": lambda: {
                "use": "redis",
                "secret": secret,
                "redis_url": request.getfixturevalue("redis_server").url,
            },
            "memory": lambda: beaker | {"type": "memory"},
            "file": lambda: beaker | {"data_dir": f"{tmp_path}/{name}"},
            "dbm": lambda: beaker | {"type": "dbm", "data_dir": f"{tmp_path}/{name}"},
            "ext:database": lambda: (
                beaker | {"type": "ext:database", "url": f"sqlite:///{tmp_path}/{name}.db"}
            ),
            "ext:redis": lambda: (
                beaker | {"type": "ext:redis", "url": request.getfixturevalue("redis_server").url}
            ),
            "cookie": lambda: {"use": "beaker", "type": "cookie", "validate_key": secret},
        }
        return known[kind]()

    return minimal


@pytest.fixture
def registered():
    """``registered(settings)``: the registry of an application that only includes the package."""

    def registered(settings, **options):
        config = Configurator(settings=settings, **options)
        config.include("pyramid_session_multi")
        config.commit()
        return config.registry.getUtility(ISessionMultiManagerConfig)

    return registered


@pytest.fixture
def package(monkeypatch):
    """An importable, empty package of the application."""
    module = ModuleType("package_of_somebody")
    module.__file__ = __file__
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module
