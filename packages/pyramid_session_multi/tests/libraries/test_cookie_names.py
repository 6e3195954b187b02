"""The name of a namespace's cookie: declared, derived from the factory, or unknown."""

from __future__ import annotations

import functools
from itertools import product

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid.testing import DummySession
from pyramid_session_multi import ISessionMultiManagerConfig


@pytest.fixture
def cookie_name_of(configurator):
    """Register a factory and return its cookie name."""

    def cookie_name_of(factory, **options):
        configurator.register_session_factory("a", factory, **options)
        configurator.commit()
        namespaces = configurator.registry.getUtility(ISessionMultiManagerConfig)
        return namespaces.get_namespace_cookiename("a")

    return cookie_name_of


def test_it_can_be_declared(cookie_name_of, signed, undescribed):
    """If it cannot be derived from the factory."""
    assert cookie_name_of(undescribed(signed("sid")), cookie_name="sid") == "sid"


def test_it_can_be_declared_and_derived(cookie_name_of, signed):
    """The same name in both places is not a contradiction."""
    assert cookie_name_of(signed("sid"), cookie_name="sid") == "sid"


@pytest.mark.parametrize("kind", ["attribute", "class attribute", "function attribute"])
def test_it_is_derived_from_any_factorys_attribute(cookie_name_of, kind):
    """From a ``_cookie_name`` attribute of any factory."""

    class Factory:
        _cookie_name = "sid"

        def __call__(self, request):
            return {}

    class Bare(Factory):
        _cookie_name = None

    def function(request):
        return {}

    function._cookie_name = "sid"
    bare = Bare()
    bare._cookie_name = "sid"
    factories = {
        "attribute": bare,
        "class attribute": Factory(),
        "function attribute": function,
    }
    assert cookie_name_of(factories[kind]) == "sid"


def test_it_is_derived_from_every_library(cookie_name_of, any_library):
    """Pyramid, pyramid_nacl_session, pyramid_session_redis and pyramid_beaker."""
    assert cookie_name_of(any_library("sid")) == "sid"


def test_it_is_derived_from_pyramids_base_factory(cookie_name_of):
    """Other packages build on it."""
    assert cookie_name_of(BaseCookieSessionFactory(JSONSerializer(), cookie_name="sid")) == "sid"


@pytest.mark.parametrize("kind", ["signed", "redis", "beaker"])
def test_a_librarys_default_is_derived_as_well(cookie_name_of, kind):
    """A factory that was created without a name. No server is queried."""
    from pyramid_beaker import BeakerSessionFactoryConfig
    from pyramid_session_redis import RedisSessionFactory

    factories = {
        "signed": (SignedCookieSessionFactory("secret"), "session"),
        "redis": (RedisSessionFactory("secret"), "session"),
        "beaker": (BeakerSessionFactoryConfig(), "beaker.session.id"),
    }
    factory, name = factories[kind]
    assert cookie_name_of(factory) == name


def _subclass(factory):
    return type("Derived", (factory,), {})


def _partial(factory):
    return functools.partial(factory)


def _function(factory):
    def wrapper(request):
        return factory(request)

    return wrapper


def _object(factory):
    class Holder:
        def __init__(self):
            self.factory = factory

        def __call__(self, request):
            return self.factory(request)

    return Holder()


def _method(factory):
    return _object(factory).__call__


def _class_method(factory):
    class Holder:
        wrapped = factory

        @classmethod
        def open(cls, request):
            return cls.wrapped(request)

    return Holder.open


WRAPPERS = [_partial, _function, _object, _method, _class_method]


@pytest.mark.parametrize(
    ("kind", "wrap"),
    [
        *product(["signed", "beaker_memory"], [_subclass, *WRAPPERS]),
        *product(["redis"], WRAPPERS),  # its factory is a function
    ],
)
def test_it_is_derived_through_a_wrapper(cookie_name_of, library, kind, wrap):
    """Applications wrap factories, for example to set a session's timeout."""
    assert cookie_name_of(wrap(library(kind)("sid"))) == "sid"


@pytest.mark.parametrize(("wrappers", "known"), [(4, "sid"), (5, None)])
def test_it_is_derived_through_four_wrappers_at_most(cookie_name_of, signed, wrappers, known):
    """Deeper, a closure says little about the session."""
    factory = signed("sid")
    for _ in range(wrappers):
        factory = _function(factory)
    assert cookie_name_of(factory) == known


def test_other_objects_of_a_library_are_not_its_factories(cookie_name_of):
    """Pyramid's session for tests, for example, has no cookie."""
    assert cookie_name_of(DummySession) is None


def test_a_factory_that_chooses_between_two_has_no_known_name(cookie_name_of, signed):
    """Which of them creates the session cannot be determined."""
    one, other = signed("x"), signed("y")
    assert cookie_name_of(lambda request: (one if request.is_xhr else other)(request)) is None


def test_an_unknown_name_is_allowed(browse, signed, undescribed):
    """Some factories do not reveal it. The namespace works, its name is ``None``."""
    browser = browse(a=undescribed(signed("sid")))
    browser.multi(lambda m: m["a"].update(x=1))
    assert browser.multi(lambda m: m["a"]["x"]) == 1
    assert browser.multi(lambda m: m.namespaces_to_cookienames) == {"a": None}


@pytest.mark.parametrize("value", [None, 1, b"sid"])
def test_an_attribute_that_is_not_a_str_is_ignored(cookie_name_of, value):
    """A ``_cookie_name`` of another type says nothing."""

    class Factory:
        _cookie_name = value

        def __call__(self, request):
            return {}

    assert cookie_name_of(Factory()) is None


@pytest.mark.parametrize(("key_name", "known"), [("sid", "sid"), (["X-Token"], None)])
def test_it_is_derived_from_pyramid_kvs2(cookie_name_of, key_name, known):
    """From the ``key_name``; a list names headers, not a cookie. No server is queried."""
    from pyramid_kvs2.session import SessionFactory

    kind = "cookie" if known else "header"
    kvs = {"kvs": "redis", "key_name": key_name, "session_type": kind}
    assert cookie_name_of(SessionFactory({"kvs.session": kvs})) == known


def test_it_is_derived_from_pyramid_dynamodb_sessions(cookie_name_of):
    """From its factory's ``cookie_name``. The table is not read."""
    from pyramid_dynamodb_sessions import DynamoDBSessionFactory

    assert cookie_name_of(DynamoDBSessionFactory(object(), cookie_name="sid")) == "sid"


class KvsFactory:
    """A factory like those of pyramid_kvs 1.0 and pyramid_kvs2."""

    key_name = "kvs"

    def __call__(self, request):
        return {}


@pytest.mark.parametrize("package", ["pyramid_kvs.session", "pyramid_kvs2.session"])
def test_both_releases_of_pyramid_kvs_have_the_name_in_one_place(
    cookie_name_of, monkeypatch, package
):
    """The library itself is not described."""
    monkeypatch.setattr(KvsFactory, "__module__", package)
    assert cookie_name_of(KvsFactory()) == "kvs"
