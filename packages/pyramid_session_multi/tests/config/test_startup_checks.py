"""The checks at start-up: when they run, what they report, and the state after a failure."""

from __future__ import annotations

import warnings

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError, ConfigurationExecutionError
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    IsolationWarning,
)

SECRET = "one secret for all, of more than thirty-two bytes"

OTHER = "and another secret that differs from that, as long"


def test_isolation_warn_is_a_python_warning(configurator, register_all):
    """The application starts, and the warning has the text of the error."""
    config = configurator.make(settings={"session_multi.isolation": "warn"})
    factories = {
        "public": SignedCookieSessionFactory(SECRET, cookie_name="p"),
        "admin": SignedCookieSessionFactory(SECRET, cookie_name="a"),
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        register_all(config, **factories)
        config.make_wsgi_app()
    (warning,) = (w.message for w in caught if w.category is IsolationWarning)
    assert "'public'" in str(warning)
    assert "'admin'" in str(warning)
    assert "To fix this" in str(warning)


def test_isolation_off_reports_nothing(configurator, register_all):
    """Not even a warning."""
    config = configurator.make(settings={"session_multi.isolation": "off"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        register_all(
            config,
            public=SignedCookieSessionFactory(SECRET, cookie_name="p"),
            admin=SignedCookieSessionFactory(SECRET, cookie_name="a"),
        )
        config.make_wsgi_app()


def _two_with_one_secret(config):
    for name in "ab":
        factory = SignedCookieSessionFactory(SECRET, cookie_name=name)
        config.register_session_factory(name, factory)


def test_a_failed_commit_fails_again(startup_error):
    """Continuing after the error does not yield an application."""
    config = Configurator()
    config.include("pyramid_session_multi")
    _two_with_one_secret(config)
    with pytest.raises(ConfigurationError):
        config.commit()
    assert "'a'" in startup_error(config)


def test_namespaces_are_checked_after_an_error_of_another_action(startup_error):
    """Pyramid executes no action after one that raises."""
    config = Configurator()
    config.include("pyramid_session_multi")
    _two_with_one_secret(config)

    def fail():
        raise LookupError

    config.action("another", fail)
    with pytest.raises(ConfigurationExecutionError, match="LookupError"):
        config.commit()
    assert "'a'" in startup_error(config)


def test_isolation_that_is_turned_on_later_is_checked(configurator, startup_error):
    """The last include can turn it on."""
    config = configurator.make(settings={"session_multi.isolation": "off"})
    _two_with_one_secret(config)
    config.commit()
    config.registry.settings["session_multi.isolation"] = "error"
    assert "'a'" in startup_error(config)


def test_namespaces_registered_without_the_directive_are_checked(configurator, startup_error):
    """As version 0.4.0 allowed."""
    _two_with_one_secret(configurator.registry.getUtility(ISessionMultiManagerConfig))
    assert "'a'" in startup_error(configurator)


def test_a_warning_that_is_an_error_changes_nothing():
    """Under ``-W error``, with autocommit: the failed registration is not compared again."""
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


def test_any_other_value_of_isolation_is_an_error(configurator):
    """A typo must not turn a check off."""
    with pytest.raises(
        ConfigurationError, match=r"session_multi\.isolation takes error, warn or off, not 'of'"
    ):
        configurator.make(settings={"session_multi.isolation": "of"})


def test_many_pairs_are_counted_rather_than_listed(startup_error):
    """Nobody reads a message with a hundred pairs."""
    config = Configurator()  # with autocommit the second registration fails at its call
    config.include("pyramid_session_multi")
    for n in range(10):
        factory = SignedCookieSessionFactory(SECRET, cookie_name=f"n{n}")
        config.register_session_factory(f"n{n}", factory)
    assert "... and 40 more pairs" in startup_error(config)


def test_a_failed_registration_can_be_repeated():
    """With autocommit, the namespace can be registered again with another secret."""
    config = Configurator(autocommit=True)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", SignedCookieSessionFactory(SECRET, cookie_name="a"))
    with pytest.raises(ConfigurationError):
        config.register_session_factory("b", SignedCookieSessionFactory(SECRET, cookie_name="b"))
    config.register_session_factory("b", SignedCookieSessionFactory(OTHER, cookie_name="b"))
    config.make_wsgi_app()
