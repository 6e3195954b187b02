"""No namespace accepts another's cookie: the checks at start-up, for every session library."""

from __future__ import annotations

import functools

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid_session_multi import (
    isolation_verdicts,
    namespace_session_factory,
    signed_cookie_session_factory,
)
from webob.cookies import SignedSerializer

SECRET = "one secret for all, of more than thirty-two bytes"
OTHER = "and another secret that differs from that, as long"


def _nacl(name, secret):
    from pyramid_nacl_session import EncryptedCookieSessionFactory

    return EncryptedCookieSessionFactory(secret.encode()[:32], cookie_name=name)


def _redis(name, secret, **options):
    from pyramid_session_redis import RedisSessionFactory

    return RedisSessionFactory(secret, cookie_name=name, **options)


def _beaker(name, **options):
    from pyramid_beaker import BeakerSessionFactoryConfig

    return BeakerSessionFactoryConfig(key=name, **options)


class _Own:
    """A serializer of the application's own; it is only known to sign."""

    def __init__(self, secret):
        self._inner = SignedSerializer(secret, "own", serializer=JSONSerializer())

    def dumps(self, appstruct):
        return self._inner.dumps(appstruct)

    def loads(self, bstruct):
        return self._inner.loads(bstruct)


MAKERS = {
    "Pyramid signed": lambda name, secret: SignedCookieSessionFactory(secret, cookie_name=name),
    "a serializer of one's own": lambda name, secret: BaseCookieSessionFactory(
        _Own(secret), cookie_name=name
    ),
    "nacl": _nacl,
    "redis": _redis,
    "redis, cookie_signer": lambda name, secret: _redis(name, None, cookie_signer=_Own(secret)),
    "Beaker": lambda name, secret: _beaker(name, type="memory", secret=secret),
    "Beaker, in the cookie": lambda name, secret: _beaker(name, type="cookie", validate_key=secret),
}

UNSIGNED = {
    "Pyramid unsigned": lambda name: BaseCookieSessionFactory(JSONSerializer(), cookie_name=name),
    "Beaker without a secret": lambda name: _beaker(name, type="memory"),
}


class _Holder:
    def __init__(self, factory):
        self.factory = factory

    def __call__(self, request):
        return self.factory(request)

    def method(self, request):
        return self.factory(request)


def _decorated(factory):
    @functools.wraps(factory)
    def wrapper(request):
        return factory(request)

    return wrapper


WRAPPERS = {
    "a function": lambda factory: lambda request: factory(request),
    "a decorator": _decorated,
    "a decorated function": lambda factory: _decorated(lambda request: factory(request)),
    "functools.partial": functools.partial,
    "an object": _Holder,
    "a method": lambda factory: _Holder(factory).method,
}


@pytest.fixture(params=MAKERS)
def make(request):
    return MAKERS[request.param]


def test_one_secret_for_two_namespaces_is_an_error(configurator, make, register_all, startup_error):
    """With any library; the message names both namespaces and a fix."""
    register_all(configurator, public=make("p", SECRET), admin=make("a", SECRET))
    message = startup_error(configurator)
    assert "'public'" in message
    assert "'admin'" in message
    assert "To fix this, " in message
    assert SECRET not in message


def test_a_secret_for_each_namespace_is_accepted(configurator, make, register_all):
    """The application starts after the fix."""
    register_all(configurator, public=make("p", SECRET), admin=make("a", OTHER))
    configurator.make_wsgi_app()


@pytest.mark.parametrize("make_unsigned", UNSIGNED.values(), ids=UNSIGNED)
def test_two_unsigned_namespaces_are_an_error(
    configurator, make_unsigned, register_all, startup_error
):
    """Without a signature, each accepts every cookie of the other."""
    register_all(configurator, public=make_unsigned("p"), admin=make_unsigned("a"))
    assert "'admin'" in startup_error(configurator)


def test_one_secret_for_a_namespace_and_request_session_is_an_error(
    configurator, make, register_all, startup_error
):
    """The factory of ``request.session`` is checked like a namespace's."""
    configurator.set_session_factory(make("session", SECRET))
    register_all(configurator, admin=make("a", SECRET))
    message = startup_error(configurator)
    assert "'admin'" in message
    assert "request.session" in message


def test_a_factory_of_request_session_that_is_set_last_is_checked(
    configurator, make, register_all, startup_error
):
    """When the application is created, even if no later commit registers a namespace."""
    register_all(configurator, admin=make("a", SECRET))
    configurator.commit()
    configurator.set_session_factory(make("session", SECRET))
    assert "request.session" in startup_error(configurator)


def test_a_namespace_that_serves_request_session_is_not_compared_with_it(
    configurator, make, register_all
):
    """``namespace_session_factory`` is exempt: it serves the namespace itself."""
    configurator.set_session_factory(namespace_session_factory("admin"))
    register_all(configurator, admin=make("a", SECRET))
    configurator.make_wsgi_app()


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapped_factory_is_recognized(configurator, make, wrap, register_all, startup_error):
    """In both directions: the wrapped one first, and last."""
    register_all(configurator, public=wrap(make("p", SECRET)), admin=make("a", SECRET))
    assert "'admin'" in startup_error(configurator)
    reversed_ = configurator.make()
    register_all(reversed_, public=make("p", SECRET), admin=wrap(make("a", SECRET)))
    assert "'admin'" in startup_error(reversed_)


@pytest.mark.parametrize("kind", ["Pyramid signed", "nacl", "Beaker", "Beaker, in the cookie"])
def test_a_subclass_is_recognized(configurator, kind, register_all, startup_error):
    """Also one whose ``__init__`` hides that of the library."""
    base = MAKERS[kind]("a", SECRET)

    class Session(base):
        def __init__(self, request):
            super().__init__(request)

    register_all(configurator, public=MAKERS[kind]("p", SECRET), admin=Session)
    assert "'admin'" in startup_error(configurator)


_IN_MODULE = SignedCookieSessionFactory(SECRET, cookie_name="m")


def _function_in_module(request):
    return _IN_MODULE(request)


def test_a_function_that_calls_a_factory_of_its_module_is_recognized(
    configurator, register_all, startup_error
):
    """The most common wrapper has no closure."""
    register_all(
        configurator, a=_function_in_module, b=SignedCookieSessionFactory(SECRET, cookie_name="b")
    )
    assert "'b'" in startup_error(configurator)


def test_a_function_that_chooses_among_factories_cannot_be_judged(configurator, register_all):
    """Only the request shows which of them creates the session. It is not an error."""
    one = SignedCookieSessionFactory(SECRET, cookie_name="one")
    two = SignedCookieSessionFactory(SECRET, cookie_name="two")
    register_all(
        configurator,
        chosen=lambda request: (one if request.scheme == "https" else two)(request),
        other=SignedCookieSessionFactory(SECRET, cookie_name="other"),
    )
    configurator.make_wsgi_app()


def test_the_same_key_in_another_spelling_is_an_error(configurator, register_all, startup_error):
    """WebOb joins salt and secret, and HMAC pads keys: equal keys are detected nevertheless."""
    register_all(
        configurator,
        a=SignedCookieSessionFactory("c" * 40, salt="ab", cookie_name="a"),
        b=SignedCookieSessionFactory("b" + "c" * 40, salt="a", cookie_name="b"),
        c=SignedCookieSessionFactory("b" + "c" * 40 + "\0", salt="a", cookie_name="c"),
    )
    assert "'b'" in startup_error(configurator)
    padded = configurator.make()
    register_all(
        padded,
        a=SignedCookieSessionFactory("c" * 40, salt="", cookie_name="a"),
        b=SignedCookieSessionFactory("c" * 40 + "\0", salt="", cookie_name="b"),
    )
    assert "'b'" in startup_error(padded)


def test_a_rotated_secret_of_another_namespace_is_an_error(
    configurator, register_all, startup_error
):
    """One direction is enough: an old secret here that still signs there."""
    register_all(
        configurator,
        a=signed_cookie_session_factory("same", [OTHER, SECRET], cookie_name="a"),
        b=signed_cookie_session_factory("same", SECRET, cookie_name="b"),
    )
    message = startup_error(configurator)
    assert "A cookie of the namespace 'b'" in message
    assert "accepted as one of the namespace 'a'" in message


class _Picky:
    """A serializer that only accepts data in the application's own format."""

    def dumps(self, appstruct):
        raise LookupError(appstruct)

    def loads(self, bstruct):
        raise LookupError(bstruct)


def test_a_serializer_that_accepts_no_sample_cannot_be_judged(configurator):
    """The application starts: this is not an error."""
    for name in "ab":
        factory = BaseCookieSessionFactory(_Picky(), cookie_name=name)
        configurator.register_session_factory(name, factory)
    app = configurator.make_wsgi_app()
    verdicts = isolation_verdicts(app.registry)
    assert [str(verdict).partition(":")[0] for verdict in verdicts.values()] == ["cannot tell"] * 2


def test_each_namespace_has_a_verdict(configurator):
    """Also if ``session_multi.isolation`` is off, and with ``request.session``."""
    config = configurator.make(settings={"session_multi.isolation": "off"})
    config.set_session_factory(SignedCookieSessionFactory(SECRET))
    config.register_session_factory("a", SignedCookieSessionFactory(SECRET, cookie_name="a"))
    config.register_session_factory("b", SignedCookieSessionFactory(OTHER, cookie_name="b"))
    config.register_session_factory("c", lambda request: {})
    verdicts = isolation_verdicts(config.make_wsgi_app().registry)
    assert "factory of request.session" in str(verdicts["a"])
    assert str(verdicts["b"]) == "isolated"
    assert not verdicts["c"].known
