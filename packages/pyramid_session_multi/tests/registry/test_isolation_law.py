"""A session that accepts another's cookie is never called isolated: the law of isolation.

Factories of all libraries are drawn, with few secrets, so that many share one. Each makes real
cookies, which the others are given.
"""

from __future__ import annotations

import base64
import functools
import json
import pickle
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, permutations

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid.util import SimpleSerializer
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_nacl_session import EncryptedCookieSessionFactory
from pyramid_session_multi import isolation_verdicts, signed_cookie_session_factory
from pyramid_session_redis import RedisSessionFactory
from webob.cookies import Base64Serializer, SignedSerializer, parse_cookie

# --- custom serializers


class Own:
    """Signs, but nothing is known about it."""

    def __init__(self, *secrets):
        self.signers = [
            SignedSerializer(secret, "own", serializer=SimpleSerializer()) for secret in secrets
        ]

    def dumps(self, value):
        return self.signers[0].dumps(self.encode(value))

    def loads(self, cookie):
        for signer in self.signers:
            with suppress(ValueError):
                return self.decode(signer.loads(cookie))
        raise ValueError

    encode = staticmethod(json.dumps)
    decode = staticmethod(json.loads)


class Text(Own):
    """Its ``dumps`` returns a str, which Pyramid accepts as well."""

    def dumps(self, value):
        return super().dumps(value).decode()


class Lifetime(Own):
    """Sessions end after an hour, however much they are used."""

    def decode(self, text):
        renewed, created, data = json.loads(text)
        if created < time.time() - 3600:
            raise ValueError
        return renewed, created, data


class Decimals(Own):
    """Every number is a Decimal."""

    decode = staticmethod(functools.partial(json.loads, parse_float=Decimal, parse_int=Decimal))


class Plain:
    """Does not sign."""

    def __init__(self, *_secrets):
        pass

    def dumps(self, value):
        return base64.urlsafe_b64encode(json.dumps(value).encode())

    def loads(self, cookie):
        return json.loads(base64.urlsafe_b64decode(cookie))


class PlainPickle(Plain):
    """Does not sign, and runs code."""

    def dumps(self, value):
        return base64.b64encode(pickle.dumps(value))

    def loads(self, cookie):
        return pickle.loads(base64.b64decode(cookie))


# --- session factories: each takes a cookie name and secrets, of which the first signs

SECRETS = [f"one secret of thirty-two bytes or more: {letter}" for letter in "abc"]
UNRELATED = "a secret that nothing else is signed with"
ALGORITHMS = ["sha512", "SHA512", "sha3_256", "sha3-256"]


def bound(name, secrets, algorithm):
    return signed_cookie_session_factory("x", secrets, cookie_name=name, hashalg=algorithm)


def signed(name, secrets, algorithm):
    options = {"cookie_name": name, "hashalg": algorithm}
    return SignedCookieSessionFactory(secrets[0], salt="pyramid_session_multi.x\0", **options)


def nacl(name, secrets, algorithm):
    key = secrets[0].encode()[:32]
    return EncryptedCookieSessionFactory(key, cookie_name=name, serializer=JSONSerializer())


def serialized(make_serializer):
    def make(name, secrets, algorithm):
        return BaseCookieSessionFactory(make_serializer(*secrets), cookie_name=name)

    return make


def redis(name, secrets, algorithm, url):
    return RedisSessionFactory(secrets[0], cookie_name=name, redis_url=url)


def redis_signer(make_signer):
    def make(name, secrets, algorithm, url):
        signer = make_signer(*secrets)
        return RedisSessionFactory(cookie_signer=signer, cookie_name=name, redis_url=url)

    return make


def beaker(name, secrets, algorithm):
    return BeakerSessionFactoryConfig(key=name, type="memory", secret=secrets[0])


def beaker_unsigned(name, secrets, algorithm):
    return BeakerSessionFactoryConfig(key=name, type="memory")


def beaker_cookie(name, secrets, algorithm):
    options = {"key": name, "validate_key": secrets[0], "invalidate_corrupt": True}
    return BeakerSessionFactoryConfig(type="cookie", **options)


def beaker_session_class(name, secrets, algorithm):
    from beaker.session import CookieSession

    options = {"key": name, "validate_key": secrets[0], "invalidate_corrupt": True}
    return BeakerSessionFactoryConfig(secret=name, session_class=CookieSession, **options)


def beaker_vendored(name, secrets, algorithm):
    """An application's copy of pyramid_beaker's class."""
    from beaker.session import SessionObject

    options = {"key": name, "type": "memory", "secret": secrets[0]}

    class Session(SessionObject):
        _options = options

        def __init__(self, request):
            super().__init__(request.environ, **self._options)
            request.add_response_callback(self._save)

        def _save(self, request, response):
            self._session().save()
            cookie = vars(self)["_headers"]["cookie_out"]
            response.headerlist.append(("Set-Cookie", cookie))

    return Session


CLIENT_SIDE = {
    "bound": bound,
    "signed": signed,
    "nacl": nacl,
    "own": serialized(Own),
    "own text": serialized(Text),
    "own lifetime": serialized(Lifetime),
    "own decimals": serialized(Decimals),
    "own unsigned": serialized(Plain),
    "own pickle": serialized(PlainPickle),
    "base64": serialized(lambda *secrets: Base64Serializer()),
    "beaker cookie": beaker_cookie,
    "beaker session_class": beaker_session_class,
}
SERVER_SIDE = {
    "redis": redis,
    "redis own": redis_signer(Own),
    "redis own unsigned": redis_signer(Plain),
    "redis unsigned": redis_signer(lambda *secrets: SimpleSerializer()),
    "beaker": beaker,
    "beaker unsigned": beaker_unsigned,
    "beaker vendored": beaker_vendored,
}

# --- wrappers: each takes the factory that makes the session, and another one


def in_closure(factory, other):
    return lambda request: factory(request)


def in_tuple(factory, other):
    factories = (other, factory)
    return lambda request: factories[-1](request)


def in_list(factory, other):
    factories = [other, factory]

    def wrapper(request, first=other):
        return factories[-1](request)

    return wrapper


def in_default(factory, other):
    return lambda request, first=other, *, second=factory: second(request)


def in_partial(factory, other):
    return functools.partial(lambda first, second, request: second(request), other, factory)


def in_object(factory, other):
    class Chooser:
        def __init__(self):
            self.first, self.hidden = other, {"second": factory}

        def __call__(self, request):
            return self.hidden["second"](request)

    return Chooser()


def in_subclass(factory, other):
    if not isinstance(other, type):
        return in_object(factory, other)

    class Session(other):
        def __new__(cls, request):
            return factory(request)

    return Session


def unwrapped(factory, other):
    return factory


WRAPPERS = [in_closure, in_tuple, in_list, in_default, in_partial, in_object, in_subclass]


@dataclass(frozen=True)
class Spec:
    """A factory; ``secrets`` are those that verify."""

    kind: str
    secrets: list[str]
    algorithm: str
    wrap: Callable
    other_kind: str

    def make(self, name, url, *, rotated=False):
        """The factory, before or after a rotation that changed the secret which signs."""
        can_rotate = self.kind == "bound" or "own" in self.kind
        secrets = self.secrets[::-1] if rotated and can_rotate else self.secrets
        options = {"url": url} if "redis" in self.kind else {}
        factory = (CLIENT_SIDE | SERVER_SIDE)[self.kind](name, secrets, self.algorithm, **options)
        other = CLIENT_SIDE[self.other_kind](f"other-{name}", [UNRELATED], "sha256")
        return self.wrap(factory, other)


def specs(kinds):
    return st.builds(
        Spec,
        kind=st.sampled_from(kinds),
        secrets=st.lists(st.sampled_from(SECRETS), min_size=1, max_size=2, unique=True),
        algorithm=st.sampled_from(ALGORITHMS),
        wrap=st.sampled_from([unwrapped] * 8 + WRAPPERS),
        other_kind=st.sampled_from([*CLIENT_SIDE]),
    )


# Mostly kinds that can accept each other's cookies.
FAMILIES = [
    ["bound", "signed"],
    ["own", "own text", "own lifetime", "own decimals"],
    ["base64", "own unsigned", "own pickle", "nacl"],
    [kind for kind in SERVER_SIDE if kind.startswith("redis")],
    [kind for kind in CLIENT_SIDE | SERVER_SIDE if kind.startswith("beaker")],
    [*CLIENT_SIDE, *SERVER_SIDE],
]
lists_of_specs = st.sampled_from(FAMILIES).flatmap(
    lambda kinds: st.lists(specs(kinds), min_size=2, max_size=3)
)


# --- real cookies


def open_session(factory, registry, cookies=""):
    request = Request.blank("/", headers={"Cookie": cookies})
    request.registry = registry
    return request, factory(request)


def issue(factory, registry, name):
    """The cookie of a session that holds the name."""
    request, session = open_session(factory, registry)
    session["who"] = name
    response = Response()
    request._process_response_callbacks(response)
    request._process_finished_callbacks()
    headers = response.headers.getall("Set-Cookie")
    return dict(chain.from_iterable(map(parse_cookie, headers)))[name.encode()].decode("latin-1")


def holds(factory, registry, name, cookie):
    """The name in the session that a cookie opens."""
    with suppress(Exception):
        _request, session = open_session(factory, registry, f"{name}={cookie}")
        return session.get("who")
    return None


def ids_in(kind, cookie):
    """The cookie, and the id in it, which its owner can use without its signature."""
    yield cookie
    if kind.startswith("beaker"):
        yield cookie[-32:]
    elif kind.startswith("redis"):
        with suppress(ValueError):
            yield base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))[64:].decode()
            yield base64.urlsafe_b64encode(json.dumps(_redis_id(cookie)).encode()).decode()


def _redis_id(cookie):
    return base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))[64:].decode().strip('"')


def accepted_cookies(specs, factories, registry, url):
    """The pairs of names of which the second accepts a cookie of the first."""
    for source, target in permutations(factories, 2):
        older = specs[source].make(source, url, rotated=True)
        for factory in (factories[source], older):
            cookie = issue(factory, registry, source)
            for value in ids_in(specs[source].kind, cookie):
                if holds(factories[target], registry, target, value) == source:
                    yield source, target


@settings(
    max_examples=300,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=lists_of_specs)
def test_an_accepted_cookie_is_never_called_isolated(redis, drawn):
    """Neither session is; of a wrapper and another factory, at least the wrapper is not."""
    specs = {f"n{number}": spec for number, spec in enumerate(drawn)}
    factories = {name: spec.make(name, redis.url) for name, spec in specs.items()}
    config = Configurator(settings={"session_multi.isolation": "off"}, package=__name__)
    config.include("pyramid_session_multi")
    for name, factory in factories.items():
        config.register_session_factory(name, factory)
    verdicts = isolation_verdicts(config.make_wsgi_app().registry)
    isolated = {name for name, verdict in verdicts.items() if str(verdict) == "isolated"}
    event(f"isolated: {len(isolated)} of {len(specs)}")
    for pair in accepted_cookies(specs, factories, config.registry, redis.url):
        event("accepted")
        wrapped = any(specs[name].wrap is not unwrapped for name in pair)
        assert len(isolated & set(pair)) <= wrapped, (pair, verdicts)
