"""Start-up reports "cannot tell", with the reason, if a session may accept other cookies."""

from __future__ import annotations

import functools

import pytest
from pyramid.interfaces import ISession
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import isolation_verdicts
from pyramid_session_multi.registry import isolation
from webob.cookies import Base64Serializer, SignedSerializer
from zope.interface import implementer

SECRET = "one secret for all, of more than thirty-two bytes"


def signed(name, secret=None):
    return SignedCookieSessionFactory(secret or f"the secret of {name}", cookie_name=name)


@pytest.fixture
def verdict(configurator):
    """The verdict on a namespace ``a``, with other namespaces."""

    def verdict(factory, **others):
        for name, each in {"a": factory, **others}.items():
            configurator.register_session_factory(name, each)
        return isolation_verdicts(configurator.make_wsgi_app().registry)["a"]

    return verdict


# Wrappers


class Holder:
    def __init__(self, factory):
        self.factory = factory

    def __call__(self, request):
        return self.factory(request)


WRAPPERS = {
    "a function": lambda factory: lambda request: factory(request),
    "functools.partial": functools.partial,
    "an object": Holder,
    "a method": lambda factory: Holder(factory).__call__,
}


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapper_may_accept_more(verdict, wrap):
    """It can do anything with a request: it is the application's own code."""
    of = verdict(wrap(signed("a")))
    assert (of.known, of.replays) == (False, ())
    assert str(of).startswith("cannot tell: ")
    assert "wraps a session factory" in str(of)


def chooser(first, second):
    """Functions that hold two factories, one of them in a place that is easily overlooked."""
    pair = (first, second)
    yield lambda request: pair[0](request)
    yield lambda request, factory=first, *, other=second: factory(request)
    yield functools.partial(lambda one, request, *, two: one(request), first, two=second)
    yield functools.partial(lambda pair, request: pair[0](request), pair)
    yield lambda request: (first if request.secure else pair[1])(request)


@pytest.mark.parametrize("number", range(5))
def test_a_function_that_holds_several_factories_is_none_of_them(verdict, number):
    """Also in tuples, in a partial's arguments and defaults. No cookie name is guessed either."""
    factory = [*chooser(signed("a"), signed("b"))][number]
    of = verdict(factory)
    assert "holds several session factories" in str(of)


def test_large_tuples_are_not_searched(verdict):
    """Nobody chooses among so many factories, and searching takes time."""
    data = (signed("b"),) * 101
    assert "is not described" in str(verdict(lambda request: data[0](request)))


def test_a_cookie_that_one_of_several_factories_accepts_leaves_a_doubt(verdict):
    """About the other namespace as well."""
    factory = next(chooser(signed("x", SECRET), signed("y")))
    assert str(verdict(signed("a", SECRET), b=factory)).startswith(
        "cannot tell: it may accept the cookies of the namespace 'b'"
    )


def test_a_shared_key_inside_a_wrapper_is_certain(configurator, startup_error):
    """It is an error, as without the wrapper."""
    configurator.register_session_factory("a", Holder(signed("a", SECRET)))

    def start():
        configurator.register_session_factory("b", signed("b", SECRET))
        configurator.make_wsgi_app()

    configurator.make_wsgi_app()
    with pytest.raises(Exception, match="A cookie of the namespace 'a'"):
        start()


# Subclasses


def beaker(name):
    return BeakerSessionFactoryConfig(key=name, type="memory", secret=f"the secret of {name}")


@pytest.mark.parametrize("make", [signed, beaker])
def test_a_subclass_that_only_adds_methods_counts_as_the_librarys(verdict, make):
    """The library's own code accepts or rejects its cookies."""

    @implementer(ISession)
    class Session(make("a")):
        color = "green"

        def greet(self):
            return "hello"

    assert str(verdict(Session)) == "isolated"


@pytest.mark.parametrize("make", [signed, beaker])
@pytest.mark.parametrize("method", ["__init__", "__new__", "__contains__"])
def test_a_subclass_that_replaces_a_method_may_accept_more(verdict, make, method):
    """It can do anything with the request."""
    factory = type("Session", (make("a"),), {method: lambda self, *args: None})
    assert "is not the library's own code" in str(verdict(factory))


def test_a_metaclass_may_accept_more(verdict):
    """Its ``__call__`` creates the session."""

    class Meta(type):
        def __call__(cls, request):
            return {}

    class Session(signed("a"), metaclass=Meta):
        pass

    assert "is not the library's own code" in str(verdict(Session))


def test_a_custom_session_class_may_accept_more(verdict):
    """Beaker takes one as an option."""
    from beaker.session import CookieSession

    class Own(CookieSession):
        pass

    options = {"key": "a", "validate_key": SECRET}
    factory = BeakerSessionFactoryConfig(session_class=Own, **options)
    assert "is not the library's own code" in str(verdict(factory))


# Serializers


class Refusing:
    """A serializer that only loads data in the application's own format."""

    def dumps(self, value):
        return b"x"

    def loads(self, cookie):
        raise LookupError


def test_a_factory_that_rejects_its_own_sample_cannot_be_judged(verdict):
    """It rejects the others' cookies as well, which proves nothing."""
    factory = BaseCookieSessionFactory(Refusing(), cookie_name="a")
    assert "does not accept a sample of its own" in str(verdict(factory, b=signed("b")))


class Plain:
    """A serializer that does not sign, and about which nothing is known."""

    def dumps(self, value):
        return Base64Serializer().dumps({"state": value})

    def loads(self, cookie):
        return Base64Serializer().loads(cookie)["state"]


@pytest.mark.parametrize("serializer", [JSONSerializer(), Base64Serializer(), Plain()])
def test_an_unsigned_cookie_is_not_called_isolated(verdict, serializer):
    """No other cookie is accepted, but anyone can forge one."""
    factory = BaseCookieSessionFactory(serializer, cookie_name="a")
    of = verdict(factory, b=signed("b"))
    assert str(of).startswith("cannot tell: its cookie is not signed")


# More factories than can be tried


class Own:
    def __init__(self, secret, calls=None):
        self._inner, self._calls = SignedSerializer(secret, "own"), calls

    def dumps(self, value):
        return self._inner.dumps(value)

    def loads(self, cookie):
        if self._calls is not None:
            self._calls.append(cookie)
        return self._inner.loads(cookie)


def test_factories_that_were_not_tried_are_not_called_isolated(configurator, monkeypatch):
    """A thousand custom serializers would need a million trials."""
    monkeypatch.setattr(isolation, "MAX_TRIALS", 20)
    calls = []
    for number in range(10):
        serializer = Own(f"secret {number}", calls)
        factory = BaseCookieSessionFactory(serializer, cookie_name=f"n{number}")
        configurator.register_session_factory(f"n{number}", factory)
    of = isolation_verdicts(configurator.make_wsgi_app().registry)
    assert {str(verdict).partition("try")[0] for verdict in of.values()} == {
        "cannot tell: there are too many session factories to "
    }
    of_itself = 10 * 5  # its own cookie, and changed ones
    assert len(calls) <= 20 + of_itself


def test_one_secret_is_detected_among_more_factories(configurator, monkeypatch, startup_error):
    """Equal keys yield equal cookies, which need no trial."""
    monkeypatch.setattr(isolation, "MAX_TRIALS", 2)
    secrets = ["one", "two", "three", "four"]
    for name in secrets:
        factory = BaseCookieSessionFactory(Own(name), cookie_name=name)
        configurator.register_session_factory(name, factory)
    configurator.make_wsgi_app()

    def start():
        factory = BaseCookieSessionFactory(Own("four"), cookie_name="five")
        configurator.register_session_factory("five", factory)
        configurator.make_wsgi_app()

    with pytest.raises(Exception, match="A cookie of the namespace 'four'"):
        start()
