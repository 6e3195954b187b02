"""The description of a session library: what it may leave out, and what those built in can tell."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.testing import DummySession
from pyramid_session_multi import ISessionMultiManagerConfig, SessionLibrary


def opened(request):
    """A session factory that nobody knows but the application."""
    return DummySession()


def described(browser, namespace="a"):
    """The library of a namespace, and its own factory."""
    found = browser.app.registry.getUtility(ISessionMultiManagerConfig).get(namespace)
    return found.session_library, found.library_factory


# What a description may leave out


class Owning(SessionLibrary):
    def recognizes_factory(self, candidate):
        return candidate is opened


def test_a_description_has_to_say_which_factories_are_its_own():
    """Everything else has a default."""
    with pytest.raises(NotImplementedError):
        SessionLibrary().recognizes_factory(opened)


def test_a_library_of_which_nothing_more_is_said_is_taken_to_obey_isession():
    """Kept on a server, name and flags of its cookie not known, its keys and secrets neither."""
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


def test_a_session_of_which_nothing_more_is_said_is_read_as_a_mapping():
    """But not while it is in use: the library might notice."""
    library, session = Owning(), DummySession(x=1)
    assert library.recognizes_session(session)
    assert not library.came_from_cookie(session)
    assert library.read(session) == {"x": 1}
    assert library.read_passively(session) is None
    library.invalidate(session)
    assert library.read(session) == {}


@pytest.mark.parametrize("wrong", [SessionLibrary, None, object(), "pyramid.session"], ids=repr)
def test_what_describes_no_library_is_refused(configurator, wrong):
    """The class in place of an instance of it, for example."""
    with pytest.raises(ConfigurationError, match="an instance of a subclass of"):
        configurator.register_session_library(wrong)


# Described after what it describes was registered


class Named(Owning):
    def cookie_name(self, factory):
        return "sid"

    def key_tokens(self, factory):
        return ("the one key",)


def test_a_library_may_be_described_after_its_namespaces_are_registered(configurator):
    """With autocommit, and in a later commit: then more is known of them, also introspected."""
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


def test_without_introspection_it_is_described_as_well():
    """There is then nothing to be told of it."""
    config = Configurator(introspection=False, autocommit=True)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", opened)
    config.register_session_library(Named())
    assert config.registry.getUtility(ISessionMultiManagerConfig).get("a").cookie_name == "sid"


def test_a_description_that_tells_of_a_clash_is_refused(configurator, signed):
    """The cookie is another namespace's."""
    configurator.register_session_factory("a", opened)
    configurator.register_session_factory("b", signed("sid"))
    configurator.commit()

    def describe():
        configurator.register_session_library(Named())
        configurator.commit()

    with pytest.raises(ConfigurationError, match="share one cookie, 'sid'"):
        describe()


def test_isolation_is_tested_with_what_is_known_last(configurator):
    """When the application is made, of all namespaces anew."""
    configurator.set_session_factory(lambda request: opened(request))
    configurator.register_session_factory("a", opened, cookie_name="sid")
    configurator.commit()
    configurator.register_session_library(Named())
    with pytest.raises(ConfigurationError, match=r"request\.session"):
        configurator.make_wsgi_app()


# Isolation by trying


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
    """``registering(value, **options)``: a session that issues this value, beside Beaker's."""

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
def test_what_beaker_accepts_of_a_library_whose_keys_are_not_known_is_refused(
    registering, value, options
):
    """One cookie value of it is tried on Beaker's codec."""
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
def test_what_beaker_rejects_of_such_a_library_is_no_reason_to_refuse(registering, value, options):
    """Neither without a signature nor with another."""
    registering(value, **options)


# Sessions in use


def test_a_glance_tells_what_a_session_in_use_holds(browse, any_library):
    """The same as ``read``, for those built in."""
    browser = browse(a=any_library("a"))
    library, _ = described(browser)

    def view(m):
        m["a"]["x"] = [1]
        return library.read_passively(m["a"])

    assert browser.multi(view) == {"x": [1]}


@pytest.mark.parametrize("kind", ["beaker_memory", "beaker_cookie"])
def test_a_glance_does_not_load_a_session_of_beakers(browse, library, kind):
    """Which would count as an access, and be saved."""
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
def test_where_the_data_are_kept_is_told(browse, library, kind, on_a_server):
    """In the cookie itself, or on a server that has to be asked."""
    backend, factory = described(browse(a=library(kind)("a")))
    assert backend.server_side(factory) is on_a_server
