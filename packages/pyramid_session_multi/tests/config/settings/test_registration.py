"""Namespaces from the .ini file are registered as if the application itself did it."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationConflictError, ConfigurationError
from pyramid_session_multi import ISessionMultiManagerConfig, https_only, isolation_verdicts

PLACE = "session_multi.a.* in the settings"


def include(config):
    config.include("pyramid_session_multi")


def call(config, *arguments):
    config.register_session_factory(*arguments)


CALLED = call.__code__.co_firstlineno + 1


@pytest.fixture
def addon(signed):
    """An add-on that registers the namespace ``a``; its factory has the cookie ``of_the_addon``."""

    def addon(config):
        include(config)
        call(config, "a", signed("of_the_addon"))

    return addon


@pytest.fixture
def a(minimal):
    """The options of the namespace ``a`` in the settings, where its cookie is ``of_the_file``."""
    return minimal("signed_cookie") | {"cookie_name": "of_the_file"}


def cookies(config):
    return config.registry.getUtility(ISessionMultiManagerConfig).namespaces_to_cookienames


ORDERS = {
    "after": ["addon", "own"],
    "before": ["own", "addon"],
    "only the add-on does": ["addon"],
    "twice": ["own", "addon", "own"],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_settings_override_an_addon_in_any_order(words, a, addon, order):
    """Nothing of the add-on's registration remains that could conflict."""
    config = Configurator(settings=words(a=a))
    for name in order:
        config.include(addon if name == "addon" else include)
    config.commit()
    assert cookies(config) == {"a": "of_the_file"}


def test_the_settings_override_an_addon_of_an_addon(words, a, addon):
    """At any depth of includes."""
    config = Configurator(settings=words(a=a))

    def outer(config):
        def inner(config):
            config.include(addon)

        config.include(inner)

    config.include(outer)
    config.commit()
    assert cookies(config) == {"a": "of_the_file"}


def test_other_namespaces_of_an_addon_stay(words, a, signed):
    """Only the same namespace is overridden."""
    config = Configurator(settings=words(a=a))
    include(config)
    config.include(lambda config: call(config, "b", signed("b")))
    config.commit()
    assert cookies(config) == {"a": "of_the_file", "b": "b"}


@pytest.mark.parametrize("deep", [False, True], ids=["included by the application", "by an add-on"])
def test_the_settings_conflict_with_a_call_of_the_application(configurator, words, a, signed, deep):
    """The error names both locations; neither silently wins."""
    config = Configurator(settings=words(a=a), autocommit=configurator.autocommit)
    config.include((lambda config: include(config)) if deep else include)

    def start():
        call(config, "a", signed("of_the_application"))
        config.commit()

    with pytest.raises(ConfigurationConflictError) as caught:
        start()
    assert PLACE in str(caught.value)
    file_and_line = [f"{__file__}:{CALLED}", f"Line {CALLED} of file {__file__}"]
    assert any(place in str(caught.value) for place in file_and_line)


def test_with_autocommit_an_addon_conflicts_as_well(words, a, addon):
    """Conflicts cannot be resolved if every call is final."""
    config = Configurator(settings=words(a=a), autocommit=True)
    include(config)
    with pytest.raises(ConfigurationConflictError) as caught:
        config.include(addon)
    assert PLACE in str(caught.value)


def test_introspection_names_the_setting_as_the_location(configurator, words, a):
    """The introspectable has the keys of every namespace."""
    discriminator = {"discriminator": "pyramid_session_multi.https_only"}
    config = configurator.make(settings=words(a=a | discriminator))
    config.commit()
    introspectable = config.introspector.get("session multi", "a")
    assert str(introspectable.action_info) == PLACE
    factory = introspectable["factory"]
    assert dict(introspectable) == {
        "namespace": "a",
        "factory": factory,
        "discriminator": https_only,
        "cookie_name": "of_the_file",
        "lifetime": None,
    }
    namespaces = config.registry.getUtility(ISessionMultiManagerConfig)
    assert namespaces.get_namespace_config("a") is factory
    assert namespaces.get("a").location == PLACE


@pytest.mark.parametrize("again", ["at once", "after a commit"])
def test_including_again_loses_nothing_and_registers_nothing_twice(configurator, words, a, again):
    """As for namespaces that a call registered."""
    config = configurator.make(settings=words(a=a))
    if again == "after a commit":
        config.commit()
    include(config)
    config.commit()
    assert cookies(config) == {"a": "of_the_file"}


def test_a_cookie_name_in_use_names_the_setting(configurator, words, a, signed):
    """And the location of the call that registered the other namespace."""
    config = configurator.make(settings=words(a=a))

    def start():
        call(config, "b", signed("of_the_file"))
        config.commit()

    with pytest.raises(ConfigurationError, match="share one cookie, 'of_the_file'") as caught:
        start()
    assert f"namespace 'a' ({PLACE})" in str(caught.value)
    assert f"namespace 'b' ({__file__}:{CALLED})" in str(caught.value)


@pytest.mark.parametrize("kind", ["redis", "memory", "cookie", "nacl"])
def test_two_namespaces_with_one_secret_name_both_settings(autocommit, words, minimal, kind):
    """Isolation is checked as for namespaces that a call registered; the message has the fix."""
    settings = words(a=minimal(kind), b=minimal(kind))

    def start():
        config = Configurator(settings=settings, autocommit=autocommit)
        include(config)
        config.make_wsgi_app()

    with pytest.raises(ConfigurationError) as caught:
        start()
    for name in "ab":
        assert f"namespace {name!r} (session_multi.{name}.* in the settings)" in str(caught.value)
    assert "To fix this, " in str(caught.value)


def test_the_factory_of_request_session_is_compared_with_them(words, minimal, library):
    """Also if it is set after the include: the commit finds it."""
    config = Configurator(settings=words(a=minimal("redis")))
    include(config)
    make = library("redis")
    config.set_session_factory(make("a", id_generator=lambda: "x"))  # the cookie is taken

    with pytest.raises(ConfigurationError) as caught:
        config.commit()
    assert f"namespace 'a' ({PLACE})" in str(caught.value)
    assert "request.session" in str(caught.value)


def test_relative_names_belong_to_the_application(words, package, signed):
    """Not to the add-on that happens to include the package first."""
    package.make = lambda options: signed("sid")
    config = Configurator(package=package, settings=words(a={"use": ".make"}))
    config.include(addon_without_a_package)
    config.commit()
    assert cookies(config) == {"a": "sid"}


def addon_without_a_package(config):
    include(config)


def test_settings_that_an_addon_added_before_the_include_count(words, a):
    """Settings are read when the package is included."""
    config = Configurator()
    config.include(lambda config: config.add_settings(words(a=a)))
    include(config)
    config.commit()
    assert cookies(config) == {"a": "of_the_file"}


def test_a_library_that_the_application_describes_is_known_in_the_settings(words, package, library):
    """Descriptions are registered before namespaces, in any order of calls."""
    from pyramid_session_multi import SessionLibrary

    class Own(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is package.factory

        def cookie_name(self, factory):
            return "sid"

        def key_tokens(self, factory):
            return ("own",)

    def factory(request):
        return {}

    package.factory = factory
    package.make = lambda options: factory
    config = Configurator(settings=words(a={"use": "package_of_somebody.make"}))
    include(config)
    config.register_session_library(Own())
    config.commit()
    assert cookies(config) == {"a": "sid"}
    assert isolation_verdicts(config.registry)["a"].known
