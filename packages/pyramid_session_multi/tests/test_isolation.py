"""No namespace accepts another's cookie: what start-up says, for every session library."""

from __future__ import annotations

import functools
import warnings

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError, ConfigurationExecutionError
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    IsolationWarning,
    isolation_verdicts,
    namespace_session_factory,
    signed_cookie_session_factory,
)
from webob.cookies import SignedSerializer

SECRET = "one secret for all, of more than thirty-two bytes"
OTHER = "and another secret that is none of the above, as long"


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
    """A serializer of the application's, of which nothing is known but that it signs."""

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


def _refusal(config):
    with pytest.raises(ConfigurationError) as refusal:
        config.make_wsgi_app()
    return str(refusal.value)


def _register(config, **factories):
    """Register, and hand on what happens at the call with autocommit to ``make_wsgi_app``."""
    try:
        for name, factory in factories.items():
            config.register_session_factory(name, factory)
    except ConfigurationError as error:
        config.make_wsgi_app = functools.partial(_raise, error)


def _raise(error):
    raise error


def test_one_secret_for_two_namespaces_is_refused(configurator, make):
    """Whatever the library, and the message names both namespaces and a cure."""
    _register(configurator, public=make("p", SECRET), admin=make("a", SECRET))
    message = _refusal(configurator)
    assert "'public'" in message
    assert "'admin'" in message
    assert "To fix this, " in message
    assert SECRET not in message


def test_a_secret_for_each_namespace_is_not_refused(configurator, make):
    """What the cure leads to starts."""
    _register(configurator, public=make("p", SECRET), admin=make("a", OTHER))
    configurator.make_wsgi_app()


@pytest.mark.parametrize("make_unsigned", UNSIGNED.values(), ids=UNSIGNED)
def test_two_unsigned_namespaces_are_refused(configurator, make_unsigned):
    """Without a signature, every cookie of the one is good for the other."""
    _register(configurator, public=make_unsigned("p"), admin=make_unsigned("a"))
    assert "'admin'" in _refusal(configurator)


def test_one_secret_for_a_namespace_and_request_session_is_refused(configurator, make):
    """The factory of ``request.session`` is tested like a namespace's."""
    configurator.set_session_factory(make("session", SECRET))
    _register(configurator, admin=make("a", SECRET))
    message = _refusal(configurator)
    assert "'admin'" in message
    assert "request.session" in message


def test_a_factory_of_request_session_that_comes_last_is_tested(configurator, make):
    """When the application is made, also where no commit registered a namespace after it."""
    _register(configurator, admin=make("a", SECRET))
    configurator.commit()
    configurator.set_session_factory(make("session", SECRET))
    assert "request.session" in _refusal(configurator)


def test_a_namespace_that_is_request_session_is_no_pair(configurator, make):
    """``namespace_session_factory`` is exempt: it is the namespace."""
    configurator.set_session_factory(namespace_session_factory("admin"))
    _register(configurator, admin=make("a", SECRET))
    configurator.make_wsgi_app()


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapped_factory_is_recognised(configurator, make, wrap):
    """Both directions: the wrapped one first, and last."""
    _register(configurator, public=wrap(make("p", SECRET)), admin=make("a", SECRET))
    assert "'admin'" in _refusal(configurator)
    reversed_ = configurator.make()
    _register(reversed_, public=make("p", SECRET), admin=wrap(make("a", SECRET)))
    assert "'admin'" in _refusal(reversed_)


@pytest.mark.parametrize("kind", ["Pyramid signed", "nacl", "Beaker", "Beaker, in the cookie"])
def test_a_subclass_is_recognised(configurator, kind):
    """Also one whose ``__init__`` hides that of the library."""
    base = MAKERS[kind]("a", SECRET)

    class Session(base):
        def __init__(self, request):
            super().__init__(request)

    _register(configurator, public=MAKERS[kind]("p", SECRET), admin=Session)
    assert "'admin'" in _refusal(configurator)


_IN_MODULE = SignedCookieSessionFactory(SECRET, cookie_name="m")


def _function_in_module(request):
    return _IN_MODULE(request)


def test_a_function_that_calls_a_factory_of_its_module_is_recognised(configurator):
    """The commonest wrapper of all has no closure."""
    _register(
        configurator, a=_function_in_module, b=SignedCookieSessionFactory(SECRET, cookie_name="b")
    )
    assert "'b'" in _refusal(configurator)


def test_a_function_that_chooses_among_factories_cannot_be_told(configurator):
    """Which of them makes the session is not known before the request: no error, no guess."""
    one = SignedCookieSessionFactory(SECRET, cookie_name="one")
    two = SignedCookieSessionFactory(SECRET, cookie_name="two")
    _register(
        configurator,
        chosen=lambda request: (one if request.scheme == "https" else two)(request),
        other=SignedCookieSessionFactory(SECRET, cookie_name="other"),
    )
    configurator.make_wsgi_app()


def test_the_same_key_in_other_words_is_refused(configurator):
    """WebOb joins salt and secret, and HMAC pads keys: equal keys are found all the same."""
    _register(
        configurator,
        a=SignedCookieSessionFactory("c" * 40, salt="ab", cookie_name="a"),
        b=SignedCookieSessionFactory("b" + "c" * 40, salt="a", cookie_name="b"),
        c=SignedCookieSessionFactory("b" + "c" * 40 + "\0", salt="a", cookie_name="c"),
    )
    assert "'b'" in _refusal(configurator)
    padded = configurator.make()
    _register(
        padded,
        a=SignedCookieSessionFactory("c" * 40, salt="", cookie_name="a"),
        b=SignedCookieSessionFactory("c" * 40 + "\0", salt="", cookie_name="b"),
    )
    assert "'b'" in _refusal(padded)


def test_a_rotated_secret_of_another_namespace_is_refused(configurator):
    """One direction is enough: an old secret here that still signs there."""
    _register(
        configurator,
        a=signed_cookie_session_factory("same", [OTHER, SECRET], cookie_name="a"),
        b=signed_cookie_session_factory("same", SECRET, cookie_name="b"),
    )
    message = _refusal(configurator)
    assert "A cookie of the namespace 'b'" in message
    assert "accepted as one of the namespace 'a'" in message


def test_isolation_warn_is_a_python_warning(configurator):
    """The application starts, and the warning says what the error would."""
    config = configurator.make(settings={"session_multi.isolation": "warn"})
    factories = {
        "public": SignedCookieSessionFactory(SECRET, cookie_name="p"),
        "admin": SignedCookieSessionFactory(SECRET, cookie_name="a"),
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _register(config, **factories)
        config.make_wsgi_app()
    (warning,) = (w.message for w in caught if w.category is IsolationWarning)
    assert "'public'" in str(warning)
    assert "'admin'" in str(warning)
    assert "To fix this" in str(warning)


def test_isolation_off_says_nothing(configurator):
    """For those who know what they do."""
    config = configurator.make(settings={"session_multi.isolation": "off"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _register(
            config,
            public=SignedCookieSessionFactory(SECRET, cookie_name="p"),
            admin=SignedCookieSessionFactory(SECRET, cookie_name="a"),
        )
        config.make_wsgi_app()


def _two_with_one_secret(config):
    for name in "ab":
        factory = SignedCookieSessionFactory(SECRET, cookie_name=name)
        config.register_session_factory(name, factory)


def test_a_commit_that_was_refused_is_refused_again():
    """Whoever went on after the error has no application for it."""
    config = Configurator()
    config.include("pyramid_session_multi")
    _two_with_one_secret(config)
    with pytest.raises(ConfigurationError):
        config.commit()
    assert "'a'" in _refusal(config)


def test_what_another_actions_error_kept_from_being_tested_is_tested():
    """Pyramid executes no action after one that raises."""
    config = Configurator()
    config.include("pyramid_session_multi")
    _two_with_one_secret(config)
    config.action("another", functools.partial(_raise, LookupError()))
    with pytest.raises(ConfigurationExecutionError, match="LookupError"):
        config.commit()
    assert "'a'" in _refusal(config)


def test_isolation_that_was_off_until_the_application_is_made_is_tested(configurator):
    """What is included last may turn it on."""
    config = configurator.make(settings={"session_multi.isolation": "off"})
    _two_with_one_secret(config)
    config.commit()
    config.registry.settings["session_multi.isolation"] = "error"
    assert "'a'" in _refusal(config)


def test_what_was_registered_without_the_directive_is_tested(configurator):
    """As 0.4.0 allowed it."""
    _two_with_one_secret(configurator.registry.getUtility(ISessionMultiManagerConfig))
    assert "'a'" in _refusal(configurator)


def test_a_warning_that_is_an_error_leaves_nothing_behind():
    """Under ``-W error``, with autocommit: what was refused is compared with nothing any more."""
    config = Configurator(autocommit=True, settings={"session_multi.isolation": "warn"})
    config.include("pyramid_session_multi")
    config.register_session_factory("a", SignedCookieSessionFactory(SECRET, cookie_name="a"))
    for name in "bc":
        with pytest.raises(IsolationWarning) as warning:
            config.register_session_factory(
                name, SignedCookieSessionFactory(SECRET, cookie_name=name)
            )
    assert "'a'" in str(warning.value)
    assert "'b'" not in str(warning.value)


def test_any_other_isolation_is_refused(configurator):
    """A typing error must not turn a check off."""
    with pytest.raises(
        ConfigurationError, match=r"session_multi\.isolation takes error, warn or off, not 'of'"
    ):
        configurator.make(settings={"session_multi.isolation": "of"})


def test_many_pairs_are_counted_rather_than_listed():
    """A message of a hundred pairs is read by nobody."""
    config = Configurator()  # with autocommit the second registration fails at its call
    config.include("pyramid_session_multi")
    for n in range(10):
        factory = SignedCookieSessionFactory(SECRET, cookie_name=f"n{n}")
        config.register_session_factory(f"n{n}", factory)
    assert "... and 40 more pairs" in _refusal(config)


def test_a_refused_registration_leaves_nothing_behind():
    """With autocommit, the namespace can be registered again with another secret."""
    config = Configurator(autocommit=True)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", SignedCookieSessionFactory(SECRET, cookie_name="a"))
    with pytest.raises(ConfigurationError):
        config.register_session_factory("b", SignedCookieSessionFactory(SECRET, cookie_name="b"))
    config.register_session_factory("b", SignedCookieSessionFactory(OTHER, cookie_name="b"))
    config.make_wsgi_app()


class TestRedisClient:
    """pyramid_session_redis keeps one client in an application, that of whoever is opened first."""

    def test_two_servers_through_one_client_are_refused(self, configurator):
        """The message names both, the cure, and no password."""
        _register(
            configurator,
            a=_redis("a", SECRET, redis_url="redis://u:hidden@localhost:6379/0"),
            b=_redis("b", OTHER, redis_url="redis://u:hidden@localhost:6379/1"),
        )
        message = _refusal(configurator)
        assert "'a'" in message
        assert "'b'" in message
        assert "redis_client_callable" in message
        assert "hidden" not in message

    def test_the_factory_of_request_session_counts(self, configurator):
        """It takes part in the sharing, so in the check."""
        configurator.set_session_factory(_redis("s", OTHER, redis_port=1))
        _register(configurator, a=_redis("a", SECRET, redis_port=2))
        assert "request.session" in _refusal(configurator)

    def test_one_server_is_shared_in_peace(self, configurator):
        """The same url for both, or the same defaults."""
        url = "redis://localhost:6379/0"
        _register(
            configurator,
            a=_redis("a", SECRET, redis_url=url),
            b=_redis("b", OTHER, redis_url=url),
        )
        configurator.make_wsgi_app()

    def test_the_cure_is_a_client_for_each(self, configurator):
        """A callable of its own takes a factory out of the sharing."""
        _register(
            configurator,
            a=_redis("a", SECRET, redis_url="redis://localhost:6379/0"),
            b=_redis("b", OTHER, redis_client_callable=lambda request, **options: None),
        )
        configurator.make_wsgi_app()


class _Picky:
    """A serializer that only takes what its application gives it."""

    def dumps(self, appstruct):
        raise LookupError(appstruct)

    def loads(self, bstruct):
        raise LookupError(bstruct)


def test_a_serializer_that_takes_no_sample_cannot_be_told(configurator):
    """Start-up goes on: it is no error of the application's."""
    for name in "ab":
        factory = BaseCookieSessionFactory(_Picky(), cookie_name=name)
        configurator.register_session_factory(name, factory)
    app = configurator.make_wsgi_app()
    verdicts = isolation_verdicts(app.registry)
    assert [str(verdict).partition(":")[0] for verdict in verdicts.values()] == ["cannot tell"] * 2


def test_verdicts_tell_of_each_namespace(configurator):
    """Also where ``session_multi.isolation`` is off, and with ``request.session``."""
    config = configurator.make(settings={"session_multi.isolation": "off"})
    config.set_session_factory(SignedCookieSessionFactory(SECRET))
    config.register_session_factory("a", SignedCookieSessionFactory(SECRET, cookie_name="a"))
    config.register_session_factory("b", SignedCookieSessionFactory(OTHER, cookie_name="b"))
    config.register_session_factory("c", lambda request: {})
    verdicts = isolation_verdicts(config.make_wsgi_app().registry)
    assert "factory of request.session" in str(verdicts["a"])
    assert str(verdicts["b"]) == "isolated"
    assert not verdicts["c"].known
