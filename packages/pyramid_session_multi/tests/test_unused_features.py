"""What an application does not use costs it nothing."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from pyramid.events import NewRequest
from pyramid.exceptions import ConfigurationError


def test_no_subscriber_is_left(browse, signed, autocommit):
    """A subscriber that stays makes Pyramid notify it of four events a request."""
    browser = browse(a=signed("a"), autocommit=autocommit)
    assert list(browser.app.registry.registeredHandlers()) == []
    assert browser.app.registry.has_listeners is False


def test_the_applications_own_subscribers_stay(browse, signed, autocommit):
    """And they are still heard."""
    events = []
    browser = browse(
        a=signed("a"),
        autocommit=autocommit,
        setup=lambda config: config.add_subscriber(events.append, NewRequest),
    )
    assert browser.app.registry.has_listeners is True
    browser.multi(lambda m: None)
    assert [type(event) for event in events] == [NewRequest]


def test_each_application_that_is_made_is_checked(configurator, signed):
    """Once more with whatever was added since, and nothing is left behind again."""
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


def test_a_request_that_asks_for_nothing_gets_nothing(browse, any_library, watched):
    """No factory call, no header, although the cookie came."""
    factory = watched(any_library("sid"))
    browser = browse(a=factory)
    browser.multi(lambda m: m["a"].update({"x": 1}))
    factory.requests.clear()
    browser.visit(lambda request: None)
    assert factory.requests == []
    assert browser.set_cookies == browser.vary == []


def test_the_manager_is_not_even_made(browse, signed):
    """``request.session_multi`` is lazy itself."""
    browser = browse(a=signed("a"))
    request = browser.visit(lambda request: request)
    assert "session_multi" not in vars(request)


def test_redis_is_not_talked_to(browse, library, redis):
    """Neither at start-up nor by a request that does not use the session."""
    with redis.commands() as commands:
        browser = browse(a=library("redis")("sid"))
        browser.visit(lambda request: None)
        browser.multi(lambda m: [len(m), m.namespaces, m.has_cookie("a"), m.invalidate()])
    assert commands == []


def run(program):
    """In a Python of its own, as this one has imported a lot."""
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


LIBRARIES = ["beaker", "nacl", "pyramid_beaker", "pyramid_nacl_session", "pyramid_session_redis"]


@pytest.mark.parametrize("registered", [None, *LIBRARIES[2:]])
def test_no_session_library_is_imported_but_the_one_in_use(registered):
    """What is known of a library waits until a factory of it is registered."""
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
    """Nor the companions."""
    run("""
        import sys
        import pyramid_session_multi
        unwanted = {"pytest", "pyramid_debugtoolbar", "mako", "webtest",
                    "pyramid_session_multi_debugtoolbar", "pyramid_session_multi_testing"}
        assert not unwanted & set(sys.modules), unwanted & set(sys.modules)
    """)
