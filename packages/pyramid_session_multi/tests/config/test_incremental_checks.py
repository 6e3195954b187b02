"""The checks remember what they compared: questions to a session library are asked once."""

from __future__ import annotations

from collections import Counter

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi import (
    SessionLibrary,
    isolation_verdicts,
    namespace_session_factory,
)
from pyramid_session_multi.registry.isolation import MAX_TRIALS


class Factory:
    """A session factory with a key."""

    def __init__(self, name, key=None):
        self._cookie_name, self.key = name, key or f"the key of {name}"

    def __call__(self, request):
        return {}


class Counting(SessionLibrary):
    """Counts the questions that it is asked."""

    has_key_tokens = True

    def __init__(self):
        self.asked = Counter()

    def recognizes_factory(self, candidate):
        return isinstance(candidate, Factory)

    def cookie_name(self, factory):
        return factory._cookie_name

    def key_tokens(self, factory):
        self.asked["key_tokens"] += 1
        return (factory.key,) if self.has_key_tokens else ()

    def sample_cookie(self, factory):
        self.asked["sample_cookie"] += 1
        return factory.key.encode()

    def accepts_cookie(self, factory, value):
        self.asked["accepts_cookie"] += 1
        return value == factory.key.encode()


class Opaque(Counting):
    """Its keys are not known: cookies have to be tried."""

    has_key_tokens = False


@pytest.fixture(params=[True, False], ids=["request.session", "no request.session"])
def start(request):
    """``start(library, count)``: an application with that many namespaces, one after the other."""

    def start(library, count):
        config = Configurator(autocommit=True, package=__name__)
        config.include("pyramid_session_multi")
        config.register_session_library(library)
        if request.param:
            config.set_session_factory(Factory("session"))
        for number in range(count):
            config.register_session_factory(f"n{number}", Factory(f"n{number}"))
        return config

    return start


def test_five_hundred_namespaces_under_autocommit_stay_linear(start):
    """Each factory is asked for its keys once, and no cookie is tried."""
    library = Counting()
    config = start(library, 500)
    config.make_wsgi_app()
    assert 500 <= library.asked["key_tokens"] <= 501
    assert library.asked["sample_cookie"] == library.asked["accepts_cookie"] == 0


def test_cookies_that_have_to_be_tried_are_made_once_and_tried_within_limits(start):
    """Each on itself, and at most as many pairs as start-up has the time for."""
    library = Opaque()
    config = start(library, 500)
    config.make_wsgi_app()
    assert library.asked["key_tokens"] <= 501
    assert library.asked["sample_cookie"] <= 501
    assert MAX_TRIALS <= library.asked["accepts_cookie"] <= MAX_TRIALS + 501


@pytest.mark.parametrize("library", [Counting(), Opaque()], ids=["keys", "trials"])
def test_verdicts_ask_nothing_again(start, library):
    """As the toolbar's panel does for each page."""
    config = start(library, 20)
    config.make_wsgi_app()
    before = isolation_verdicts(config.registry)
    library.asked.clear()
    assert isolation_verdicts(config.registry) == before
    assert not library.asked


def test_verdicts_are_new_when_something_was_registered(start):
    """Also the verdicts on what was there before."""
    config = start(Counting(), 2)
    assert str(isolation_verdicts(config.registry)["n0"]) == "isolated"
    config.registry.settings["session_multi.isolation"] = "off"
    config.register_session_factory("copy", Factory("copy", key="the key of n0"))
    assert "namespace 'copy'" in str(isolation_verdicts(config.registry)["n0"])


def test_verdicts_that_were_changed_by_the_caller_are_not_kept(start):
    """Each caller has a dict of its own."""
    config = start(Counting(), 1)
    isolation_verdicts(config.registry).clear()
    assert [*isolation_verdicts(config.registry)] == ["n0"]


def test_a_new_factory_of_request_session_is_compared_and_the_old_one_forgotten():
    """Whichever is set when the application is made counts."""
    config = Configurator(package=__name__)
    config.include("pyramid_session_multi")
    config.register_session_library(Counting())
    config.set_session_factory(Factory("session"))
    config.register_session_factory("a", Factory("a"))
    config.commit()
    config.set_session_factory(Factory("session", key="the key of a"))
    with pytest.raises(ConfigurationError, match="factory of request"):
        config.make_wsgi_app()
    config.commit()
    for factory in (Factory("another"), namespace_session_factory("a")):
        config.set_session_factory(factory)
        config.make_wsgi_app()
        assert str(isolation_verdicts(config.registry)["a"]) == "isolated"


def test_what_was_refused_is_compared_with_nothing_any_more():
    """Neither with the next registration nor in a verdict."""
    config = Configurator(autocommit=True, package=__name__)
    config.include("pyramid_session_multi")
    config.register_session_library(Opaque())
    config.register_session_factory("a", Factory("a"))
    with pytest.raises(ConfigurationError):
        config.register_session_factory("b", Factory("b", key="the key of a"))
    config.register_session_factory("c", Factory("c"))
    config.make_wsgi_app()
    verdicts = isolation_verdicts(config.registry)
    assert {name: str(verdict) for name, verdict in verdicts.items()} == {
        "a": "isolated",
        "c": "isolated",
    }
