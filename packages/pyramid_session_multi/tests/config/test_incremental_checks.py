"""The checks remember their results: a session library is asked each question once."""

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
    """Counts the questions to a session library."""

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
    """Its keys are not known, so that cookies must be tried."""

    has_key_tokens = False


@pytest.fixture(params=[True, False], ids=["request.session", "no request.session"])
def start(request):
    """``start(library, count)``: an application with ``count`` namespaces."""

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
    """The keys of each factory are read once, and no cookie is tried."""
    library = Counting()
    config = start(library, 500)
    config.make_wsgi_app()
    assert 500 <= library.asked["key_tokens"] <= 501
    assert library.asked["sample_cookie"] == library.asked["accepts_cookie"] == 0


def test_sample_cookies_are_created_once_and_tried_within_limits(start):
    """Each on its own factory, and a limited number of pairs."""
    library = Opaque()
    config = start(library, 500)
    config.make_wsgi_app()
    assert library.asked["key_tokens"] <= 501
    assert library.asked["sample_cookie"] <= 501
    assert MAX_TRIALS <= library.asked["accepts_cookie"] <= MAX_TRIALS + 501


@pytest.mark.parametrize("library", [Counting(), Opaque()], ids=["keys", "trials"])
def test_verdicts_do_not_repeat_questions(start, library):
    """The toolbar's panel reads them for each page."""
    config = start(library, 20)
    config.make_wsgi_app()
    before = isolation_verdicts(config.registry)
    library.asked.clear()
    assert isolation_verdicts(config.registry) == before
    assert not library.asked


def test_verdicts_are_updated_after_a_registration(start):
    """Also the verdicts on earlier namespaces."""
    config = start(Counting(), 2)
    assert str(isolation_verdicts(config.registry)["n0"]) == "isolated"
    config.registry.settings["session_multi.isolation"] = "off"
    config.register_session_factory("copy", Factory("copy", key="the key of n0"))
    assert "namespace 'copy'" in str(isolation_verdicts(config.registry)["n0"])


def test_changing_a_returned_dict_of_verdicts_has_no_effect(start):
    """Each caller gets its own dict."""
    config = start(Counting(), 1)
    isolation_verdicts(config.registry).clear()
    assert [*isolation_verdicts(config.registry)] == ["n0"]


def test_a_new_factory_of_request_session_is_compared_and_the_old_one_forgotten():
    """The factory that is set when the application is created counts."""
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


def test_a_failed_registration_is_not_compared_again():
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


@pytest.mark.parametrize("same_name", [True, False], ids=["conflict", "shared key"])
def test_the_commit_after_one_that_failed_is_checked(same_name):
    """A conflict that Pyramid finds, or a problem that the checks find, changes nothing."""
    config = Configurator(package=__name__)
    config.include("pyramid_session_multi")
    config.register_session_library(Counting())
    config.commit()

    def commit(*names):
        for number, name in enumerate(names):
            factory = Factory(f"{name}-{number}", key="the same key")
            config.register_session_factory(name, factory)
        config.commit()

    with pytest.raises(ConfigurationError):
        commit("a", "a" if same_name else "b")
    with pytest.raises(ConfigurationError, match="is accepted as one of"):
        commit("c", "d")


def test_a_registration_in_a_later_commit_is_checked():
    config = Configurator(package=__name__)
    config.include("pyramid_session_multi")
    config.register_session_library(Counting())
    for name in "ab":
        config.register_session_factory(name, Factory(name, key="the same key"))
        if name == "a":
            config.commit()
    with pytest.raises(ConfigurationError, match="is accepted as one of"):
        config.commit()


def test_request_session_is_forgotten_when_it_becomes_a_namespace():
    """Its former factory shares a key with a namespace that is registered later."""
    config = Configurator(package=__name__)
    config.include("pyramid_session_multi")
    config.register_session_library(Counting())
    config.set_session_factory(Factory("session", key="the same key"))
    config.register_session_factory("a", Factory("a"))
    config.commit()
    config.set_session_factory(namespace_session_factory("a"))
    config.commit()
    config.register_session_factory("b", Factory("b", key="the same key"))
    config.commit()
    assert isolation_verdicts(config.registry)["b"].known
