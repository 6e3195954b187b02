"""Start-up: registering is a Pyramid action, from either spelling."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType

import pyramid_session_multi
import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationConflictError, ConfigurationError
from pyramid.interfaces import ISessionFactory
from pyramid_session_multi import ISessionMultiManagerConfig


def by_directive(config, *args, **kwargs):
    config.register_session_factory(*args, **kwargs)


def by_function(config, *args, **kwargs):
    pyramid_session_multi.register_session_factory(config, *args, **kwargs)


def line_of(register):
    return register.__code__.co_firstlineno + 1


spellings = pytest.mark.parametrize("register", [by_directive, by_function])


def registered(config):
    config.commit()
    return config.registry.getUtility(ISessionMultiManagerConfig)


@spellings
def test_both_spellings_do_the_same(configurator, register, signed):
    """``config.register_session_factory`` and the function register the same things."""
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
    """The names and defaults of the parameters are those that the predecessor had."""
    function = inspect.signature(pyramid_session_multi.register_session_factory).parameters
    directive = inspect.signature(configurator.register_session_factory).parameters
    defaults = {"discriminator": None, "cookie_name": None}
    names = ["config", "namespace", "session_factory", "discriminator", "cookie_name"]
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
def test_factory_and_discriminator_may_be_dotted_names(configurator, register, package, dotted):
    """Both notations of Pyramid's dotted names stand for the callable itself."""
    names = [dotted.format(package.__name__, name) for name in ("factory", "discriminator")]
    register(configurator, "a", *names)
    namespaces = registered(configurator)
    assert namespaces.get_namespace_config("a") is package.factory
    assert namespaces.get_namespace_discriminator("a") is package.discriminator


def test_relative_dotted_names_are_those_of_the_including_package(autocommit, package):
    """``.factory`` is looked up in the package of the configurator, as everywhere in Pyramid."""
    config = Configurator(package=package, autocommit=autocommit)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", ".factory")
    assert registered(config).get_namespace_config("a") is package.factory


def test_the_same_namespace_twice_is_a_conflict_at_commit(signed):
    """Without autocommit it is Pyramid's own conflict, and it names both places."""
    config = Configurator()
    config.include("pyramid_session_multi")
    by_directive(config, "a", signed("x"))
    by_function(config, "a", signed("y"))
    with pytest.raises(ConfigurationConflictError) as caught:
        config.commit()
    for spelling in (by_directive, by_function):
        assert f"Line {line_of(spelling)} of file {__file__}" in str(caught.value)


def test_an_application_overrides_what_an_included_addon_registered(signed):
    """The application's registration wins, and of the add-on's nothing is left to clash with."""
    of_the_addon, of_the_application = signed("sid"), signed("sid")

    def addon(config):
        config.include("pyramid_session_multi")
        config.register_session_factory("a", of_the_addon)

    config = Configurator()
    config.include(addon)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", of_the_application)
    namespaces = registered(config)
    assert namespaces.get_namespace_config("a") is of_the_application
    assert namespaces.namespaces == ["a"]
    config.register_session_factory("b", of_the_addon, cookie_name="sid")
    with pytest.raises(ConfigurationError, match="share one cookie, 'sid'"):
        config.commit()


def test_two_addons_that_register_one_namespace_conflict(signed):
    """Neither add-on overrides the other: the application has to decide."""

    def addon(config):
        config.register_session_factory("a", signed("x"))

    def another(config):
        config.register_session_factory("a", signed("y"))

    config = Configurator()
    config.include("pyramid_session_multi")
    config.include(addon)
    config.include(another)
    with pytest.raises(ConfigurationConflictError):
        config.commit()


@spellings
def test_the_same_namespace_twice_is_a_conflict_from_the_call_with_autocommit(register, signed):
    """There is no commit that could find it; both places are named."""
    config = Configurator(autocommit=True)
    config.include("pyramid_session_multi")
    register(config, "a", signed("x"))
    with pytest.raises(ConfigurationConflictError) as caught:
        config.register_session_factory("a", signed("y"))
    second = caught.traceback[0].lineno + 1
    for line in (line_of(register), second):
        assert f"{__file__}:{line}" in str(caught.value)


@spellings
def test_a_namespace_committed_earlier_is_a_conflict_from_the_call(register, signed):
    """Pyramid itself forgets what was committed; both places are named all the same."""
    config = Configurator()
    config.include("pyramid_session_multi")
    register(config, "a", signed("x"))
    config.commit()
    with pytest.raises(ConfigurationConflictError) as caught:
        config.register_session_factory("a", signed("y"))
    second = caught.traceback[0].lineno + 1
    for line in (line_of(register), second):
        assert f"{__file__}:{line}" in str(caught.value)


def test_reuse_is_checked_at_the_call_with_autocommit(signed):
    """With autocommit the call itself fails."""
    config = Configurator(autocommit=True)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", signed("x"))
    with pytest.raises(ConfigurationError, match="share one cookie, 'x'"):
        config.register_session_factory("b", signed("x"))


def test_reuse_is_checked_at_every_commit_that_registers_something(signed):
    """Without autocommit the calls pass, and each commit also looks at the earlier ones."""
    config = Configurator()
    config.include("pyramid_session_multi")
    config.register_session_factory("a", signed("x"))
    config.commit()
    config.register_session_factory("b", signed("y"))
    config.commit()
    config.register_session_factory("c", signed("x"))
    with pytest.raises(ConfigurationError, match="share one cookie, 'x'"):
        config.commit()


def test_request_session_is_checked_at_every_commit_that_registers_something(signed):
    """A factory of ``request.session`` that came later meets the next registration's commit."""
    config = Configurator()
    config.include("pyramid_session_multi")
    config.register_session_factory("a", signed("x"))
    config.commit()
    config.set_session_factory(signed("x"))
    config.commit()
    config.register_session_factory("b", signed("y"))
    with pytest.raises(ConfigurationError, match=r"request\.session"):
        config.commit()


def test_a_registration_that_was_refused_leaves_nothing_behind(signed):
    """With autocommit, a caught error leaves the registry as it was."""
    config = Configurator(autocommit=True)
    config.include("pyramid_session_multi")
    config.set_session_factory(signed("s"))
    config.register_session_factory("a", signed("x"))
    for factory in (signed("x"), signed("s"), config.registry.getUtility(ISessionFactory)):
        with pytest.raises(ConfigurationError):
            config.register_session_factory("b", factory)
    assert registered(config).namespaces == ["a"]
    assert config.introspector.get("session multi", "b") is None


def test_including_again_loses_nothing(configurator, signed):
    """Neither before a commit nor after it, nor from another configurator of the registry."""
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
    """``config.introspector`` shows what was registered, with what was derived and resolved."""
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
    }
    assert shown.action_info.file == __file__


def test_before_it_is_included_the_function_says_what_to_include(autocommit, signed):
    """``AttributeError``, as for a directive that is not there."""
    config = Configurator(autocommit=autocommit)
    with pytest.raises(AttributeError, match=r"config\.include\(.pyramid_session_multi.\)"):
        pyramid_session_multi.register_session_factory(config, "a", signed("x"))


def test_request_session_multi_says_what_to_include(signed):
    """Making a manager without the package included is an error that reads the same."""
    from pyramid.scripting import prepare

    with (
        prepare(registry=Configurator().registry) as environment,
        pytest.raises(AttributeError, match=r"config\.include\(.pyramid_session_multi.\)"),
    ):
        pyramid_session_multi.new_session_multi(environment["request"])


@pytest.mark.parametrize(("scheme", "verdict"), [("https", True), ("http", False)])
def test_https_only_is_true_when_the_scheme_is_https(browse, signed, scheme, verdict):
    """The seed's first reason for several sessions, ready-made."""
    browser = browse(secure=(signed("sid"), pyramid_session_multi.https_only))
    environ = {"wsgi.url_scheme": scheme}
    assert browser.visit(pyramid_session_multi.https_only, **environ) is verdict
    assert browser.multi(lambda m: m["secure"] is not None, **environ) is verdict
