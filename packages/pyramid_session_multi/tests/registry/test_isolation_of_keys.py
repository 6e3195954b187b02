"""Keys are compared by their effect, and every key that verifies counts."""

from __future__ import annotations

import functools
import json
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid.util import SimpleSerializer
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import isolation_verdicts, signed_cookie_session_factory
from pyramid_session_redis import RedisSessionFactory
from webob.cookies import SignedSerializer

SECRET = "one secret for all, of more than thirty-two bytes"
OTHER = "and another secret that differs from that, as long"


@pytest.fixture
def verdicts(configurator):
    """The verdicts on namespaces, as text, for an application that starts with any verdict."""

    def verdicts(**factories):
        config = configurator.make(settings={"session_multi.isolation": "off"})
        for name, factory in factories.items():
            config.register_session_factory(name, factory)
        config.make_wsgi_app()
        return {name: str(verdict) for name, verdict in isolation_verdicts(config.registry).items()}

    return verdicts


# The algorithm


def signed(name, algorithm):
    return SignedCookieSessionFactory(SECRET, cookie_name=name, hashalg=algorithm)


def bound(name, algorithm):
    return signed_cookie_session_factory("x", SECRET, cookie_name=name, hashalg=algorithm)


@pytest.mark.parametrize("make", [signed, bound])
@pytest.mark.parametrize("spellings", [("sha512", "SHA512"), ("sha3_256", "sha3-256")])
def test_one_algorithm_in_two_spellings_is_one_key(
    configurator, make, spellings, register_all, startup_error
):
    """Both sign and verify the same cookies."""
    a, b = (make(name, spelling) for name, spelling in zip("ab", spellings, strict=True))
    register_all(configurator, a=a, b=b)
    assert "'b'" in startup_error(configurator)


def test_one_secret_for_two_algorithms_is_two_keys(verdicts):
    """Neither verifies what the other signed."""
    of = verdicts(a=signed("a", "sha512"), b=signed("b", "sha256"))
    assert set(of.values()) == {"isolated"}


def test_an_algorithm_that_cannot_sign_is_not_an_error_at_start_up(verdicts):
    """WebOb fails when it signs the first cookie, in that session only."""
    of = verdicts(a=signed("a", "shake_128"), b=signed("b", "sha256"))
    assert of["a"].startswith("cannot tell: the session factory does not accept a sample")
    assert of["b"] == "isolated"


# Secrets that only verify


def test_an_old_secret_of_two_namespaces_is_an_error(configurator, register_all, startup_error):
    """Both still accept cookies from before the rotation."""
    register_all(
        configurator,
        a=signed_cookie_session_factory("x", ["new " * 8, SECRET], cookie_name="a"),
        b=signed_cookie_session_factory("x", [OTHER, SECRET], cookie_name="b"),
    )
    message = startup_error(configurator)
    assert "A cookie of the namespace" in message
    assert "To fix this, " in message


class Rotating:
    """A custom serializer that verifies with several secrets."""

    def __init__(self, *secrets):
        self.signers = [
            SignedSerializer(secret, "own", serializer=JSONSerializer()) for secret in secrets
        ]

    def dumps(self, value):
        return self.signers[0].dumps(value)

    def loads(self, cookie):
        for signer in self.signers:
            with suppress(ValueError):
                return signer.loads(cookie)
        raise ValueError


class RotatingTexts(Rotating):
    """The same, with secrets in a slot, and signers that are created for each cookie."""

    __slots__ = ("secrets",)

    def __init__(self, *secrets):
        self.secrets = secrets

    @property
    def signers(self):
        return [SignedSerializer(s, "own", serializer=JSONSerializer()) for s in self.secrets]


def functions(*secrets):
    """The same, with functions that close over the secrets."""
    serializer = Rotating(*secrets)

    class Serializer:
        dumps = staticmethod(functools.wraps(print)(lambda value: serializer.dumps(value)))

        def __init__(self):
            self.loads = lambda cookie, loads=serializer.loads: loads(cookie)

    return Serializer()


@pytest.mark.parametrize("make", [Rotating, RotatingTexts, functions])
def test_an_old_secret_in_custom_serializers_leaves_a_doubt(verdicts, make):
    """A trial uses one cookie of each, which is signed with the new secret."""
    of = verdicts(
        a=BaseCookieSessionFactory(make("new " * 8, SECRET), cookie_name="a"),
        b=BaseCookieSessionFactory(make(OTHER, SECRET), cookie_name="b"),
        c=BaseCookieSessionFactory(make("unrelated " * 8), cookie_name="c"),
    )
    assert of["a"].startswith("cannot tell: it may share a key with the namespace 'b'")
    assert of["b"].startswith("cannot tell: it may share a key with the namespace 'a'")
    assert of["c"] == "isolated"


@pytest.mark.parametrize("order", [1, -1])
def test_an_old_secret_that_signs_elsewhere_is_a_replay(verdicts, order):
    """In any order: one accepts the other's sample."""
    factories = {
        "a": BaseCookieSessionFactory(Rotating(OTHER, SECRET), cookie_name="a"),
        "b": SignedCookieSessionFactory(SECRET, salt="own", cookie_name="b"),
    }
    of = verdicts(**dict([*factories.items()][::order]))
    assert "A cookie of the namespace 'b'" in of["a"]
    assert of["a"] == of["b"]


# Serializers that need another sample than (0, 0, {})


class Lifetime(Rotating):
    """Sessions end an hour after they began."""

    def loads(self, cookie):
        renewed, created, data = super().loads(cookie)
        if created < time.time() - 3600:
            raise ValueError
        return renewed, created, data


class Text(Rotating):
    """Its ``dumps`` returns a str."""

    def dumps(self, value):
        return super().dumps(value).decode()


class Decimals:
    """Every number is a Decimal."""

    def __init__(self, secret):
        self.signer = SignedSerializer(secret, "own", serializer=SimpleSerializer())

    def dumps(self, value):
        return self.signer.dumps(json.dumps(value))

    def loads(self, cookie):
        return json.loads(self.signer.loads(cookie), parse_float=Decimal, parse_int=Decimal)


@pytest.mark.parametrize("serializer", [Lifetime, Text, Decimals])
def test_a_serializer_that_takes_real_cookies_only_is_tried_with_one(
    configurator, verdicts, serializer, register_all, startup_error
):
    """One secret is an error, two are isolated."""

    def make(name, secret):
        return BaseCookieSessionFactory(serializer(secret), cookie_name=name)

    register_all(configurator, a=make("a", SECRET), b=make("b", SECRET))
    assert "'b'" in startup_error(configurator)
    of = verdicts(a=make("a", SECRET), b=make("b", OTHER))
    assert set(of.values()) == {"isolated"}


# Beaker


def beaker(name, **options):
    return BeakerSessionFactoryConfig(key=name, **options)


def test_the_key_of_beakers_session_class_counts(configurator, register_all, startup_error):
    """With ``CookieSession`` it is the validate_key, for any type and secret."""
    from beaker.session import CookieSession

    register_all(
        configurator,
        a=beaker("a", session_class=CookieSession, validate_key=SECRET, secret=OTHER),
        b=beaker("b", type="cookie", validate_key=SECRET),
    )
    assert "'b'" in startup_error(configurator)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("kind", ["memory", "file", "dbm", "ext:database"])
def test_unsigned_ids_next_to_signed_ones_on_one_storage_are_an_error(
    configurator, kind, order, tmp_path, register_all, startup_error
):
    """The unsigned session accepts the id in the signed cookie, without its signature."""
    options = {"type": kind, "data_dir": str(tmp_path), "url": "sqlite://"}
    factories = {"plain": beaker("p", **options), "signed": beaker("s", secret=SECRET, **options)}
    register_all(configurator, **dict([*factories.items()][::order]))
    message = startup_error(configurator)
    assert "A cookie of the namespace 'signed'" in message
    assert "accepted as one of the namespace 'plain'" in message


def test_unsigned_ids_on_another_storage_are_accepted(verdicts, tmp_path):
    """Only the unsigned session is not called isolated: anyone can forge its cookie."""
    of = verdicts(
        plain=beaker("p", type="file", data_dir=f"{tmp_path}/plain"),
        signed=beaker("s", type="file", data_dir=f"{tmp_path}/signed", secret=SECRET),
        cookie=beaker("c", type="cookie", validate_key=OTHER),
    )
    assert of.pop("plain").startswith("cannot tell: its cookie is not signed")
    assert set(of.values()) == {"isolated"}


def test_a_namespace_class_of_beaker_is_a_storage(verdicts):
    """It takes the place of a type."""
    from beaker.container import MemoryNamespaceManager

    options = {"namespace_class": MemoryNamespaceManager}
    of = verdicts(plain=beaker("p", **options), signed=beaker("s", secret=SECRET, **options))
    assert "A cookie of the namespace 'signed'" in of["plain"]


def test_a_namespace_class_that_is_not_a_class_stops_nothing(verdicts):
    """Beaker says what is wrong with it when the first session is opened."""
    of = verdicts(a=beaker("a", secret=SECRET, namespace_class=[0]))
    assert of["a"] == "isolated"


# Redis


def redis(name, **options):
    return RedisSessionFactory(cookie_name=name, **options)


def test_unsigned_ids_of_redis_next_to_signed_ones_are_an_error(
    configurator, register_all, startup_error
):
    """Two addresses may lead to one server, so every other session on Redis counts."""
    register_all(
        configurator,
        plain=redis("p", cookie_signer=SimpleSerializer()),
        signed=redis("s", secret=SECRET),
    )
    assert "'plain'" in startup_error(configurator)


class Opaque:
    """Signs, as far as a trial shows."""

    def __init__(self, secret):
        self.signer = SignedSerializer(secret, "own", serializer=SimpleSerializer())

    def dumps(self, value):
        return self.signer.dumps(value)

    def loads(self, cookie):
        return self.signer.loads(cookie)


def test_a_custom_signer_on_one_storage_leaves_a_doubt(verdicts):
    """A trial cannot prove that it signs, and an unsigned session accepts every id."""
    of = verdicts(own=redis("o", cookie_signer=Opaque(OTHER)), signed=redis("s", secret=SECRET))
    assert of["own"].startswith("cannot tell: it may accept the cookies of the namespace 'signed'")
    assert of["signed"].startswith("cannot tell: its cookies may be accepted by the namespace")
