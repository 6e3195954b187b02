"""The description of a session library: its defaults, and the built-in descriptions."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.testing import DummySession
from pyramid_session_multi import ISessionMultiManagerConfig, SessionLibrary


def opened(request):
    """A session factory that only the application knows."""
    return DummySession()


def described(browser, namespace="a"):
    """The library of a namespace, and its own factory."""
    found = browser.app.registry.getUtility(ISessionMultiManagerConfig).get(namespace)
    return found.session_library, found.library_factory


# Methods that a description can leave out


class Owning(SessionLibrary):
    def recognizes_factory(self, candidate):
        return candidate is opened


def test_a_description_must_recognize_its_factories():
    """Every other method has a default."""
    with pytest.raises(NotImplementedError):
        SessionLibrary().recognizes_factory(opened)


def test_the_defaults_assume_a_server_side_library_that_obeys_isession():
    """Cookie name, flags, keys and secrets are not known."""
    library = Owning()
    asked = (
        "cookie_name",
        "cookie_attributes",
        "sample_cookie",
        "secret_bytes",
        "shared_resource",
    )
    assert [getattr(library, about)(opened) for about in asked] == [None] * len(asked)
    assert library.accepts_cookie(opened, b"x") is None
    assert library.key_tokens(opened) == ()
    assert library.server_side(opened) is True
    assert library.unsigned(opened) is False


def test_by_default_a_session_is_read_as_a_mapping():
    """A session that is in use is not read: the library might notice."""
    library, session = Owning(), DummySession(x=1)
    assert library.recognizes_session(session)
    assert not library.came_from_cookie(session)
    assert library.read(session) == {"x": 1}
    assert library.read_passively(session) is None
    library.invalidate(session)
    assert library.read(session) == {}


@pytest.mark.parametrize("wrong", [SessionLibrary, None, object(), "pyramid.session"], ids=repr)
def test_an_object_that_is_not_a_description_is_an_error(configurator, wrong):
    """For example, the class in place of an instance."""
    with pytest.raises(ConfigurationError, match="an instance of a subclass of"):
        configurator.register_session_library(wrong)


# Descriptions that are registered after their namespaces


class Named(Owning):
    def cookie_name(self, factory):
        return "sid"

    def key_tokens(self, factory):
        return ("the one key",)


def test_a_library_can_be_described_after_its_namespaces_are_registered(configurator):
    """With autocommit, and in a later commit: introspection then shows more about them."""
    configurator.register_session_factory("a", opened)
    configurator.commit()
    configurator.register_session_library(Named())
    configurator.commit()
    namespaces = configurator.registry.getUtility(ISessionMultiManagerConfig)
    assert namespaces.get("a").cookie_name == "sid"
    assert type(namespaces.get("a").session_library) is Named
    introspectable = configurator.introspector.get("session multi", "a")
    assert introspectable["cookie_name"] == "sid"
    configurator.make_wsgi_app()


def test_a_library_can_be_described_without_introspection():
    """Then there is no introspectable to update."""
    config = Configurator(introspection=False, autocommit=True)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", opened)
    config.register_session_library(Named())
    assert config.registry.getUtility(ISessionMultiManagerConfig).get("a").cookie_name == "sid"


def test_a_description_that_reveals_a_conflict_is_an_error(configurator, signed):
    """Another namespace uses the same cookie."""
    configurator.register_session_factory("a", opened)
    configurator.register_session_factory("b", signed("sid"))
    configurator.commit()

    def describe():
        configurator.register_session_library(Named())
        configurator.commit()

    with pytest.raises(ConfigurationError, match="share one cookie, 'sid'"):
        describe()


def test_isolation_is_checked_again_with_later_descriptions(configurator):
    """For all namespaces, when the application is created."""
    configurator.set_session_factory(lambda request: opened(request))
    configurator.register_session_factory("a", opened, cookie_name="sid")
    configurator.commit()
    configurator.register_session_library(Named())
    with pytest.raises(ConfigurationError, match=r"request\.session"):
        configurator.make_wsgi_app()


# Isolation by trial


class Issuing(Owning):
    """A library whose sessions send this cookie value."""

    def __init__(self, value):
        self.value = value

    def sample_cookie(self, factory):
        return self.value


def beaker(**options):
    from pyramid_beaker import BeakerSessionFactoryConfig

    return BeakerSessionFactoryConfig(key="b", type="memory", **options)


def signed_by_beaker(secret):
    from beaker.session import SignedCookie

    return SignedCookie(secret).value_encode("0" * 32)[1].encode()


@pytest.fixture
def registering(configurator):
    """``registering(value, **options)``: a session that issues this value, next to Beaker's."""

    def registering(value, **options):
        configurator.register_session_library(Issuing(value))
        configurator.register_session_factory("a", opened, cookie_name="a")
        configurator.register_session_factory("b", beaker(**options))
        configurator.commit()

    return registering


KEY = "the secret of Beaker"


@pytest.mark.parametrize(
    ("value", "options"), [(b"0" * 32, {}), (signed_by_beaker(KEY), {"secret": KEY})]
)
def test_a_sample_cookie_that_beaker_accepts_is_an_error(registering, value, options):
    """For a library with unknown keys, one cookie value is tried on Beaker's codec."""
    message = r"'a' .* is accepted as one of the namespace 'b'"
    with pytest.raises(ConfigurationError, match=message):
        registering(value, **options)


@pytest.mark.parametrize(
    ("value", "options"),
    [
        (b"no id", {}),
        (b"0" * 32, {"secret": KEY}),
        (signed_by_beaker("another secret"), {"secret": KEY}),
    ],
)
def test_a_sample_cookie_that_beaker_rejects_is_not_an_error(registering, value, options):
    """Neither without a signature nor with another one."""
    registering(value, **options)


# Sessions in use


def test_read_passively_returns_the_data_of_a_session_in_use(browse, any_library):
    """The same as ``read``, for the built-in libraries."""
    browser = browse(a=any_library("a"))
    library, _ = described(browser)

    def view(m):
        m["a"]["x"] = [1]
        return library.read_passively(m["a"])

    assert browser.multi(view) == {"x": [1]}


@pytest.mark.parametrize("kind", ["beaker_memory", "beaker_cookie"])
def test_read_passively_does_not_load_a_session_of_beaker(browse, library, kind):
    """Loading counts as an access, and saves the session."""
    browser = browse(a=library(kind)("a"))
    backend, _ = described(browser)
    browser.multi(lambda m: m["a"].update({"x": 1}))
    assert browser.multi(lambda m: backend.read_passively(m["a"])) is None
    assert browser.set_cookies == []


@pytest.mark.parametrize(
    ("kind", "on_a_server"),
    [
        ("signed", False),
        ("nacl", False),
        ("beaker_cookie", False),
        ("beaker_memory", True),
        ("redis", True),
    ],
)
def test_server_side_says_where_the_data_are_stored(browse, library, kind, on_a_server):
    """In the cookie itself, or on a server that must be queried."""
    backend, factory = described(browse(a=library(kind)("a")))
    assert backend.server_side(factory) is on_a_server
