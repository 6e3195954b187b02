"""The checks at start-up: when they run, what they report and what a failed one leaves behind."""

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

OTHER = "and another secret that is none of the above, as long"


def test_isolation_warn_is_a_python_warning(configurator, register_all):
    """The application starts, and the warning says what the error would."""
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


def test_isolation_off_says_nothing(configurator, register_all):
    """For those who know what they do."""
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


def test_a_commit_that_was_refused_is_refused_again(startup_error):
    """Whoever went on after the error has no application for it."""
    config = Configurator()
    config.include("pyramid_session_multi")
    _two_with_one_secret(config)
    with pytest.raises(ConfigurationError):
        config.commit()
    assert "'a'" in startup_error(config)


def test_what_another_actions_error_kept_from_being_tested_is_tested(startup_error):
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


def test_isolation_that_was_off_until_the_application_is_made_is_tested(
    configurator, startup_error
):
    """What is included last may turn it on."""
    config = configurator.make(settings={"session_multi.isolation": "off"})
    _two_with_one_secret(config)
    config.commit()
    config.registry.settings["session_multi.isolation"] = "error"
    assert "'a'" in startup_error(config)


def test_what_was_registered_without_the_directive_is_tested(configurator, startup_error):
    """As 0.4.0 allowed it."""
    _two_with_one_secret(configurator.registry.getUtility(ISessionMultiManagerConfig))
    assert "'a'" in startup_error(configurator)


def test_a_warning_that_is_an_error_leaves_nothing_behind():
    """Under ``-W error``, with autocommit: what was refused is compared with nothing any more."""
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


def test_any_other_isolation_is_refused(configurator):
    """A typing error must not turn a check off."""
    with pytest.raises(
        ConfigurationError, match=r"session_multi\.isolation takes error, warn or off, not 'of'"
    ):
        configurator.make(settings={"session_multi.isolation": "of"})


def test_many_pairs_are_counted_rather_than_listed(startup_error):
    """A message of a hundred pairs is read by nobody."""
    config = Configurator()  # with autocommit the second registration fails at its call
    config.include("pyramid_session_multi")
    for n in range(10):
        factory = SignedCookieSessionFactory(SECRET, cookie_name=f"n{n}")
        config.register_session_factory(f"n{n}", factory)
    assert "... and 40 more pairs" in startup_error(config)


def test_a_refused_registration_leaves_nothing_behind():
    """With autocommit, the namespace can be registered again with another secret."""
    config = Configurator(autocommit=True)
    config.include("pyramid_session_multi")
    config.register_session_factory("a", SignedCookieSessionFactory(SECRET, cookie_name="a"))
    with pytest.raises(ConfigurationError):
        config.register_session_factory("b", SignedCookieSessionFactory(SECRET, cookie_name="b"))
    config.register_session_factory("b", SignedCookieSessionFactory(OTHER, cookie_name="b"))
    config.make_wsgi_app()
