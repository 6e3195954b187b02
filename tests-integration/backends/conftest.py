"""Every session library as a namespace, each on a real backend."""

from __future__ import annotations

import hashlib
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from pyramid.config import Configurator
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_kvs2.session import SessionFactory
from pyramid_nacl_session import EncryptedCookieSessionFactory
from pyramid_session_multi import signed_cookie_session_factory
from pyramid_session_redis import RedisSessionFactory
from webob.cookies import Base64Serializer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def kvs2_library():
    """The session library of docs/examples/kvs2_library.py."""
    spec = spec_from_file_location("kvs2_library", ROOT / "docs/examples" / "kvs2_library.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Kvs2Sessions()


@pytest.fixture
def make(redis, tmp_path):
    """``make(kind, cookie_name, key=None, **options)``: a session factory of each library.

    Factories with one key share secret and storage. Without one, the name is the key.
    """
    return factories(redis, tmp_path)


@pytest.fixture(scope="module")
def make_for_module(redis_server, tmp_path_factory):
    """Like ``make``, for factories that the tests of a module share because they are expensive."""
    return factories(redis_server, tmp_path_factory.mktemp("storage"))


def factories(redis, directory):
    def nacl(name, key, **options):
        key = hashlib.sha256(key.encode()).digest()
        return EncryptedCookieSessionFactory(key, cookie_name=name, **options)

    def kvs2(name, key, **options):
        store = {"kvs": "redis", "kvs_kwargs": {"unix_socket_path": redis.socket}}
        options = {**store, "key_name": name, "key_prefix": f"{key}:", **options}
        return SessionFactory({"kvs.session": options})

    def beaker(**fixed):
        return lambda name, key, **options: BeakerSessionFactoryConfig(
            **{"key": name, "secret": key, "validate_key": key, **fixed, **options}
        )

    json = {"serializer": JSONSerializer()}
    unsigned = {"serializer": Base64Serializer(JSONSerializer())}  # plain JSON cannot be a cookie
    makers = {
        "signed": lambda n, key, **o: SignedCookieSessionFactory(key, cookie_name=n, **o),
        "unsigned": lambda n, key, **o: BaseCookieSessionFactory(cookie_name=n, **unsigned, **o),
        "signed_cookie": signed_cookie_session_factory,
        "nacl": partial(nacl, **json),
        "redis": lambda n, key, **o: RedisSessionFactory(
            **{"secret": key, "cookie_name": n, "redis_url": redis.url, **o}
        ),
        "beaker_memory": beaker(type="memory"),
        "beaker_file": beaker(type="file", data_dir=f"{directory}/beaker"),
        "beaker_sqlite": beaker(type="ext:database", url=f"sqlite:///{directory}/beaker.db"),
        "beaker_cookie": beaker(type="cookie", invalidate_corrupt=True),
        "kvs2": kvs2,
    }
    return lambda kind, name, key=None, **options: makers[kind](
        name, f"the key of {key or name}, of 32 bytes at least", **options
    )


@pytest.fixture(scope="session")
def build(stage, kvs2_library):
    """``build(a=factory, b=(factory, discriminator), ...)``: an application with namespaces."""

    def build(settings=None, setup=lambda config: None, **namespaces):
        config = Configurator(settings=settings or {})
        config.include("pyramid_session_multi")
        config.register_session_library(kvs2_library)
        for name, registration in namespaces.items():
            arguments = registration if type(registration) is tuple else (registration,)
            config.register_session_factory(name, *arguments)
        setup(config)
        return stage(config)

    return build


KINDS = ["signed", "unsigned", "signed_cookie", "nacl", "beaker_cookie"]
KINDS += ["redis", "beaker_memory", "beaker_file", "beaker_sqlite", "kvs2"]
# Two unsigned sessions accept each other's cookies, which is an error at start-up.
PAIRS = [(kind, "signed" if kind == "unsigned" else kind) for kind in KINDS]
PAIRS += [("signed", "redis"), ("redis", "beaker_cookie"), ("beaker_file", "nacl")]
PAIRS += [("kvs2", "redis"), ("unsigned", "beaker_sqlite")]


@pytest.fixture(params=PAIRS, ids="+".join)
def pair(request):
    """The libraries of the namespaces a and b."""
    return dict(zip("ab", request.param, strict=True))


@pytest.fixture(params=["webtest", "waitress"])
def client(request, connect, build, make, pair):
    """A client of an application with the namespaces a and b, of these libraries."""
    return connect(build(**{name: make(kind, name) for name, kind in pair.items()}), request.param)
