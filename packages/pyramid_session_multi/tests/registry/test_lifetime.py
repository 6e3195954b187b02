"""The ``lifetime`` of a registration: validated, and shown with the namespace."""

from __future__ import annotations

from datetime import timedelta

import pyramid_session_multi
import pytest
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi import ISessionMultiManagerConfig

INVALID = {
    "0": 0,
    "-1": -1,
    "1.5": 1.5,
    "3600.0": 3600.0,
    "nan": float("nan"),
    "True": True,
    "builtins.str": "3600",
    "datetime.timedelta": timedelta(hours=1),
    "builtins.list": [3600],
}
invalid = pytest.mark.parametrize(("shown", "lifetime"), INVALID.items(), ids=INVALID)


def by_directive(config, **options):
    config.register_session_factory("a", **options)


def by_function(config, **options):
    pyramid_session_multi.register_session_factory(config, "a", **options)


spellings = pytest.mark.parametrize("register", [by_directive, by_function])


@spellings
@invalid
def test_a_lifetime_is_a_whole_number_above_0(configurator, signed, register, shown, lifetime):
    """Anything else is an error with the location of the call, and the value or its type."""
    with pytest.raises(ConfigurationError) as caught:
        register(configurator, session_factory=signed("a"), lifetime=lifetime)
    line = register.__code__.co_firstlineno + 1
    message = str(caught.value)
    assert f"The lifetime of the namespace 'a' ({__file__}:{line})" in message
    assert "a whole number of seconds above 0" in message
    assert f"not {shown}." in message


@invalid
def test_a_value_in_settings_from_python_is_checked_as_well(
    configurator, words, minimal, shown, lifetime
):
    """Text is converted; other values are not."""
    if lifetime == "3600":
        lifetime = "an hour"
    settings = words(a=minimal("signed_cookie") | {"lifetime": lifetime})
    with pytest.raises(ConfigurationError, match=r"session_multi\.a\..*number of seconds above 0"):
        configurator.make(settings=settings)


@pytest.mark.parametrize("text", ["", "0", "-5", "1.5", "1h", "none"])
def test_an_invalid_text_in_the_settings_names_the_setting(configurator, words, minimal, text):
    """And shows the text."""
    settings = words(a=minimal("signed_cookie") | {"lifetime": text})
    with pytest.raises(ConfigurationError) as caught:
        configurator.make(settings=settings)
    expected = f"session_multi.a.lifetime takes a whole number of seconds above 0, not {text!r}."
    assert str(caught.value) == expected


def test_the_introspectable_shows_the_lifetime(configurator, signed):
    """``None`` if there is no lifetime."""
    configurator.register_session_factory("a", signed("a"), lifetime=60)
    configurator.register_session_factory("b", signed("b"))
    configurator.commit()
    shown = [configurator.introspector.get("session multi", name)["lifetime"] for name in "ab"]
    assert shown == [60, None]


def test_the_settings_have_the_lifetime_of_each_namespace(registered, words, minimal):
    """For any ``use``, also a callable of the application."""
    with_lifetime = [
        minimal("signed_cookie") | {"lifetime": "60"},
        minimal("memory", "b") | {"lifetime": " 28800 "},
        minimal("redis", "c"),
    ]
    namespaces = registered(words(**dict(zip("abc", with_lifetime, strict=True))))
    assert [namespace.lifetime for namespace in namespaces] == [60, 28800, None]


def test_a_dotted_use_does_not_receive_the_lifetime(registered, words, package, signed):
    """It is an option of the namespace, like its discriminator."""
    options = []
    package.make = lambda given: options.append(given) or signed("a")
    given = {"use": f"{package.__name__}.make", "lifetime": "60", "x": "y"}
    namespaces = registered(words(a=given))
    assert options == [{"x": "y"}]
    assert namespaces.get("a").lifetime == 60


def test_a_library_that_is_described_later_keeps_the_lifetime(configurator, signed):
    """The record of the namespace is then built again."""
    factory = signed("a")

    class Described(pyramid_session_multi.SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is factory

    configurator.register_session_factory("a", factory, lifetime=60)
    configurator.commit()
    configurator.register_session_library(Described())
    configurator.commit()
    namespace = configurator.registry.getUtility(ISessionMultiManagerConfig).get("a")
    assert type(namespace.session_library) is Described
    assert namespace.lifetime == 60


def test_the_registry_takes_a_lifetime_without_a_directive(configurator, signed):
    """Its own method has the parameters of the directive."""
    namespaces = configurator.registry.getUtility(ISessionMultiManagerConfig)
    namespaces.register_session_factory("a", signed("a"), lifetime=60)
    assert namespaces.get("a").lifetime == 60
    with pytest.raises(ConfigurationError, match="a whole number of seconds above 0"):
        namespaces.register_session_factory("b", signed("b"), lifetime=0)


def test_a_namespace_without_a_lifetime_is_opened_by_its_factory_itself(configurator, signed):
    """No request pays for an unused feature."""
    factory = signed("a")
    configurator.register_session_factory("a", factory)
    configurator.commit()
    namespace = configurator.registry.getUtility(ISessionMultiManagerConfig).get("a")
    assert namespace.open is factory
