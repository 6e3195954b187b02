"""The namespaces that views declare are checked when the application is created."""

from __future__ import annotations

from inspect import currentframe

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.response import Response

DECLARED = {"session_multi.views": "declared"}


def page(request):
    return Response()


class Failure(Exception):
    pass


def test_an_unregistered_name_is_a_configuration_error(configure, startup_error):
    """The message names the view and its location, and suggests the near miss."""
    configure.register_session_factory("public", lambda request: {}, cookie_name="p")
    line = currentframe().f_lineno + 1
    configure.add_view(page, session_multi=("a", "pubic"))
    assert startup_error(configure) == (
        f"In the option session_multi of the view {__name__}.page ({__file__}:{line}): No session "
        "is registered for the namespace 'pubic'. Registered: 'a', 'b', 'public'. Did you mean "
        "'public'?"
    )


@pytest.mark.parametrize("name", ["", "A", " a", "c"])
def test_names_are_compared_exactly(configure, startup_error, name):
    """Neither case nor white space is ignored."""
    configure.add_view(page, session_multi=name)
    assert f"for the namespace {name!r}" in startup_error(configure)


def test_it_is_reported_without_introspection_too(signed, startup_error):
    """The view's name is known nevertheless."""
    config = Configurator(introspection=False)
    config.include("pyramid_session_multi")
    config.add_view(page, session_multi="c")
    assert f"In the option session_multi of the view {__name__}.page: No" in startup_error(config)


def test_a_namespace_can_be_registered_after_the_view(configurator, signed):
    """The order of configuration does not matter."""
    configurator.add_view(page, session_multi="c")
    configurator.register_session_factory("c", signed("c"))
    configurator.make_wsgi_app()


def test_a_view_that_is_added_later_is_checked_by_the_next_application(configure, startup_error):
    """``make_wsgi_app`` can be called again."""
    configure.make_wsgi_app()
    configure.add_view(page, session_multi="c")
    assert "for the namespace 'c'" in startup_error(configure)


def test_views_of_included_addons_are_checked(configure, startup_error):
    """Like the application's own."""
    configure.include(lambda config: config.add_view(page, session_multi="c"), "/prefix")
    assert "for the namespace 'c'" in startup_error(configure)


def test_a_view_that_was_overridden_does_not_count(signed):
    """The application replaces the add-on's declaration."""
    config = Configurator()
    config.include("pyramid_session_multi")
    config.include(lambda config: config.add_view(page, session_multi="c"))
    config.add_view(page, session_multi=())
    config.make_wsgi_app()


def test_no_subscriber_is_left(configure):
    """It would slow down each request."""
    configure.add_view(page, session_multi="a")
    app = configure.make_wsgi_app()
    assert list(app.registry.registeredHandlers()) == []
    assert app.registry.has_listeners is False


# session_multi.views = declared binds all views


def test_a_view_that_was_committed_before_the_package_is_an_error(startup_error, signed):
    """It would silently not be bound."""
    config = Configurator(settings=DECLARED)
    line = currentframe().f_lineno + 1
    config.add_view(page)
    config.commit()
    config.include("pyramid_session_multi")
    config.register_session_factory("a", signed("a"))
    assert startup_error(config) == (
        f"session_multi.views = declared does not bind the view {__name__}.page "
        f"({__file__}:{line}), which was committed too early. To fix this, set session_multi.views "
        "and call config.include('pyramid_session_multi') before the view is added."
    )


def test_a_view_that_was_committed_before_the_setting_is_an_error(startup_error):
    """An include can add settings."""
    config = Configurator()
    config.include("pyramid_session_multi")
    config.add_view(page, "x", permission="view", request_method="GET")
    config.commit()
    config.add_settings(DECLARED)
    assert "committed too early" in startup_error(config)


def test_exception_views_can_be_committed_before(configurator):
    """Without the option they can open all namespaces. One that is also a normal view counts."""
    config = Configurator(settings=DECLARED)
    config.add_exception_view(page, context=Failure)
    config.add_view(page, context=Failure, name="also")
    config.add_notfound_view(page)
    config.commit()
    config.include("pyramid_session_multi")
    config.make_wsgi_app()


def test_all_views_that_are_added_later_are_bound(configurator):
    """Views of every kind."""
    configurator.add_settings(DECLARED)
    configurator.add_view(page)
    configurator.add_view(page, "option", session_multi=())
    configurator.add_view(page, "context", context=Failure)
    configurator.add_view(renderer="json", name="renderer")
    configurator.add_static_view("static", "pyramid_session_multi:")
    configurator.add_exception_view(page, context=Failure)
    configurator.make_wsgi_app()


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("declare", "takes any or declared, not 'declare'; did you mean 'declared'?"),
        ("none", "takes any or declared, not 'none'."),
        ("", "takes any or declared, not ''."),
        (True, "takes any or declared, not 'true'."),
    ],
)
def test_another_value_is_a_configuration_error(value, problem):
    """When the package is included."""
    config = Configurator(settings={"session_multi.views": value})
    with pytest.raises(ConfigurationError) as error:
        config.include("pyramid_session_multi")
    assert str(error.value) == f"session_multi.views {problem}"


def test_a_value_that_was_added_later_is_checked_too(configurator, startup_error):
    """When the application is created."""
    configurator.add_settings({"session_multi.views": "each"})
    assert "session_multi.views takes any or declared, not 'each'." in startup_error(configurator)


@pytest.mark.parametrize("value", ["any", " Declared ", "DECLARED\n"])
def test_case_and_white_space_of_the_value_are_ignored(value):
    """As in the other settings."""
    config = Configurator(settings={"session_multi.views": value})
    config.include("pyramid_session_multi")
    config.make_wsgi_app()


def test_a_namespace_can_be_named_views(words, minimal, registered):
    """Its options have one more dot."""
    settings = words(views=minimal("signed_cookie"))
    assert registered(settings | DECLARED).namespaces == ["views"]
