"""Registering is a Pyramid action, so that conflicts and overrides are Pyramid's own."""

from __future__ import annotations

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


def test_the_same_namespace_twice_is_a_conflict_at_commit(signed):
    """Without autocommit it is Pyramid's own conflict, which names both locations."""
    config = Configurator()
    config.include("pyramid_session_multi")
    by_directive(config, "a", signed("x"))
    by_function(config, "a", signed("y"))
    with pytest.raises(ConfigurationConflictError) as caught:
        config.commit()
    for spelling in (by_directive, by_function):
        assert f"Line {line_of(spelling)} of file {__file__}" in str(caught.value)


def test_an_application_overrides_what_an_included_addon_registered(signed):
    """Nothing of the add-on's registration remains that could conflict."""
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
    """Neither add-on overrides the other: the application must decide."""

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
    """No commit could find it; the error names both locations."""
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
    """Pyramid forgets committed actions; the error names both locations nevertheless."""
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
    """The next commit that registers a namespace finds a factory that was set later."""
    config = Configurator()
    config.include("pyramid_session_multi")
    config.register_session_factory("a", signed("x"))
    config.commit()
    config.set_session_factory(signed("x"))
    config.commit()
    config.register_session_factory("b", signed("y"))
    with pytest.raises(ConfigurationError, match=r"request\.session"):
        config.commit()


def test_a_failed_registration_changes_nothing(signed):
    """With autocommit, the registry is as before the error."""
    config = Configurator(autocommit=True)
    config.include("pyramid_session_multi")
    config.set_session_factory(signed("s"))
    config.register_session_factory("a", signed("x"))
    for factory in (signed("x"), signed("s"), config.registry.getUtility(ISessionFactory)):
        with pytest.raises(ConfigurationError):
            config.register_session_factory("b", factory)
    assert registered(config).namespaces == ["a"]
    assert config.introspector.get("session multi", "b") is None
