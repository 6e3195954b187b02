"""A directive and a function register namespaces, and both do the same."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType

import pyramid_session_multi
import pytest
from pyramid.config import Configurator
from pyramid_session_multi import ISessionMultiManagerConfig


def by_directive(config, *args, **kwargs):
    config.register_session_factory(*args, **kwargs)


def by_function(config, *args, **kwargs):
    pyramid_session_multi.register_session_factory(config, *args, **kwargs)


spellings = pytest.mark.parametrize("register", [by_directive, by_function])


def registered(config):
    config.commit()
    return config.registry.getUtility(ISessionMultiManagerConfig)


@spellings
def test_both_spellings_do_the_same(configurator, register, signed):
    """``config.register_session_factory`` and the function have the same result."""
    factory = signed("sid")
    register(
        configurator,
        "secure",
        factory,
        discriminator=pyramid_session_multi.https_only,
        cookie_name="sid",
    )
    namespaces = registered(configurator)
    assert namespaces.namespaces == ["secure"]
    assert namespaces.get_namespace_config("secure") is factory
    assert namespaces.get_namespace_discriminator("secure") is pyramid_session_multi.https_only
    assert namespaces.get_namespace_cookiename("secure") == "sid"


def test_both_spellings_have_the_same_parameters(configurator):
    """With the predecessor's names and defaults."""
    function = inspect.signature(pyramid_session_multi.register_session_factory).parameters
    directive = inspect.signature(configurator.register_session_factory).parameters
    defaults = {"discriminator": None, "cookie_name": None, "lifetime": None}
    names = ["config", "namespace", "session_factory", "discriminator", "cookie_name", "lifetime"]
    assert list(function) == names
    assert list(directive) == names[1:]
    for parameters in (function, directive):
        assert {name: parameters[name].default for name in defaults} == defaults


@pytest.fixture
def package(monkeypatch, signed):
    """An importable package with a session factory and a discriminator."""
    module = ModuleType("sessions_of_somebody")
    module.__file__ = __file__
    module.factory = signed("from_a_package")
    module.discriminator = lambda request: True
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


@spellings
@pytest.mark.parametrize("dotted", ["{}.{}", "{}:{}"])
def test_factory_and_discriminator_can_be_dotted_names(configurator, register, package, dotted):
    """In both notations of Pyramid's dotted names."""
    names = [dotted.format(package.__name__, name) for name in ("factory", "discriminator")]
    register(configurator, "a", *names)
    namespaces = registered(configurator)
    assert namespaces.get_namespace_config("a") is package.factory
    assert namespaces.get_namespace_discriminator("a") is package.discriminator


def test_relative_dotted_names_are_those_of_the_including_package(autocommit, package):
    """``.factory`` is resolved in the configurator's package, as everywhere in Pyramid."""
    config = Configurator(package=package, autocommit=autocommit)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", ".factory")
    assert registered(config).get_namespace_config("a") is package.factory


def test_including_again_loses_nothing(configurator, signed):
    """Before or after a commit, also from another configurator of the registry."""
    configurator.include("pyramid_session_multi")
    configurator.register_session_factory("a", signed("x"))
    configurator.include("pyramid_session_multi")
    configurator.commit()
    configurator.include("pyramid_session_multi")
    configurator.register_session_factory("b", signed("y"))
    configurator.commit()
    another = Configurator(registry=configurator.registry)
    another.include("pyramid_session_multi")
    another.register_session_factory("c", signed("z"))
    assert registered(another).namespaces == ["a", "b", "c"]
    assert configurator.make_wsgi_app().registry is configurator.registry


def test_each_namespace_is_introspectable(configurator, signed):
    """``config.introspector`` shows the resolved arguments and derived values."""
    factory = signed("sid")
    configurator.register_session_factory(
        "secure", factory, discriminator="pyramid_session_multi.https_only"
    )
    configurator.commit()
    (entry,) = configurator.introspector.get_category("session multi")
    shown = entry["introspectable"]
    assert dict(shown) == {
        "namespace": "secure",
        "factory": factory,
        "discriminator": pyramid_session_multi.https_only,
        "cookie_name": "sid",
        "lifetime": None,
    }
    assert shown.action_info.file == __file__


def test_before_it_is_included_the_function_says_what_to_include(autocommit, signed):
    """``AttributeError``, as for a missing directive."""
    config = Configurator(autocommit=autocommit)
    with pytest.raises(AttributeError, match=r"config\.include\(.pyramid_session_multi.\)"):
        pyramid_session_multi.register_session_factory(config, "a", signed("x"))


def test_request_session_multi_says_what_to_include(signed):
    """Creating a manager without the package included is a similar error."""
    from pyramid.scripting import prepare

    with (
        prepare(registry=Configurator().registry) as environment,
        pytest.raises(AttributeError, match=r"config\.include\(.pyramid_session_multi.\)"),
    ):
        pyramid_session_multi.new_session_multi(environment["request"])
