"""An application pays nothing for features that it does not use."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from pyramid.events import NewRequest
from pyramid.exceptions import ConfigurationError


def test_no_subscriber_is_left(browse, signed, autocommit):
    """While one exists, Pyramid sends four events per request."""
    browser = browse(a=signed("a"), autocommit=autocommit)
    assert list(browser.app.registry.registeredHandlers()) == []
    assert browser.app.registry.has_listeners is False


def test_the_applications_own_subscribers_stay(browse, signed, autocommit):
    """They still receive events."""
    events = []
    browser = browse(
        a=signed("a"),
        autocommit=autocommit,
        setup=lambda config: config.add_subscriber(events.append, NewRequest),
    )
    assert browser.app.registry.has_listeners is True
    browser.multi(lambda m: None)
    assert [type(event) for event in events] == [NewRequest]


def test_each_created_application_is_checked(configurator, signed):
    """With later registrations, and no subscriber is left again."""
    configurator.register_session_factory("a", signed("a"))
    configurator.make_wsgi_app()
    configurator.set_session_factory(signed("x", cookie_name="b"))
    configurator.register_session_factory("c", signed("c"))
    configurator.make_wsgi_app()
    assert list(configurator.registry.registeredHandlers()) == []
    assert configurator.registry.has_listeners is False
    configurator.set_session_factory(signed("y", cookie_name="a"))

    def start_up():
        configurator.register_session_factory("d", signed("d"))
        configurator.make_wsgi_app()

    with pytest.raises(ConfigurationError, match="share one cookie, 'a'"):
        start_up()


def test_a_request_that_uses_no_session_opens_none(browse, any_library, watched):
    """No factory call and no header, even with a cookie."""
    factory = watched(any_library("sid"))
    browser = browse(a=factory)
    browser.multi(lambda m: m["a"].update({"x": 1}))
    factory.requests.clear()
    browser.visit(lambda request: None)
    assert factory.requests == []
    assert browser.set_cookies == browser.vary == []


def test_the_manager_is_not_created(browse, signed):
    """``request.session_multi`` itself is lazy."""
    browser = browse(a=signed("a"))
    request = browser.visit(lambda request: request)
    assert "session_multi" not in vars(request)


def test_redis_is_not_contacted(browse, library, redis):
    """Neither at start-up nor by a request that does not use the session."""
    with redis.commands() as commands:
        browser = browse(a=library("redis")("sid"))
        browser.visit(lambda request: None)
        browser.multi(lambda m: [len(m), m.namespaces, m.has_cookie("a"), m.invalidate()])
    assert commands == []


def run(program):
    """In a new Python process, as this one has imported much already."""
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


LIBRARIES = ["beaker", "nacl", "pyramid_beaker", "pyramid_nacl_session", "pyramid_session_redis"]


@pytest.mark.parametrize("registered", [None, *LIBRARIES[2:]])
def test_only_the_session_library_in_use_is_imported(registered):
    """The description of a library is imported with the first of its factories."""
    run(f"""
        import sys
        from pyramid.config import Configurator
        from pyramid.session import SignedCookieSessionFactory
        config = Configurator()
        config.include("pyramid_session_multi")
        config.register_session_factory("a", SignedCookieSessionFactory("x", cookie_name="a"))
        config.make_wsgi_app()
        allowed = set()
        if {registered!r} == "pyramid_session_redis":
            from pyramid_session_redis import RedisSessionFactory
            factory = RedisSessionFactory("y", cookie_name="b")
            allowed = {{"pyramid_session_redis"}}
        elif {registered!r} == "pyramid_beaker":
            from pyramid_beaker import BeakerSessionFactoryConfig
            factory = BeakerSessionFactoryConfig(key="b")
            allowed = {{"pyramid_beaker", "beaker"}}
        elif {registered!r} == "pyramid_nacl_session":
            from pyramid_nacl_session import EncryptedCookieSessionFactory
            factory = EncryptedCookieSessionFactory(b"y" * 32, cookie_name="b")
            allowed = {{"pyramid_nacl_session", "nacl"}}
        if allowed:
            config.register_session_factory("b", factory)
            config.make_wsgi_app()
        imported = set({LIBRARIES!r}) & set(sys.modules)
        assert imported == allowed, imported
    """)


def test_test_and_debugging_tools_are_not_imported():
    """Nor the two other packages."""
    run("""
        import sys
        import pyramid_session_multi
        unwanted = {"pytest", "pyramid_debugtoolbar", "mako", "webtest",
                    "pyramid_session_multi_debugtoolbar", "pyramid_session_multi_testing"}
        assert not unwanted & set(sys.modules), unwanted & set(sys.modules)
    """)
