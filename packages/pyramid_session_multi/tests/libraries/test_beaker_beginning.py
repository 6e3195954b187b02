"""``created`` and ``new`` of a session, in every library."""

from __future__ import annotations

import time

import beaker.session
import pyramid_session_redis.util
import pytest
from beaker.session import CookieSession
from pyramid_beaker import BeakerSessionFactoryConfig

SECRET = "s" * 64


@pytest.fixture
def clock(monkeypatch):
    """``clock(time)`` sets the time."""

    def clock(now):
        monkeypatch.setattr(time, "time", lambda: now)
        monkeypatch.setattr(pyramid_session_redis.util, "time_time", lambda: now)

    clock(1_000_000)
    return clock


@pytest.fixture(params=["memory", "cookie"])
def settings(request, words, minimal):
    """A namespace of ``use = beaker``."""
    return words(a=minimal(request.param))


def created(m):
    return m["a"].created


def times(browser, clock):
    """The times of creation: in a first request, in later ones, and after ``clear()``."""
    yield browser.multi(created)
    yield browser.multi(lambda m: [m["a"].update({"x": 1}), created(m)][1])
    clock(1_000_060)
    yield browser.multi(created)
    yield browser.multi(lambda m: [m["a"].clear(), created(m), m["a"].update({"x": 2})][1])
    clock(1_000_120)
    yield browser.multi(created)


def test_created_is_the_beginning_from_the_first_request_on(browse, any_library, clock):
    """Without a lifetime too; use and ``clear()`` do not change it."""
    assert list(times(browse(a=any_library("sid")), clock)) == [1_000_000] * 5


def test_use_beaker_knows_it_as_well(browse, settings, clock):
    """In a storage and in the cookie."""
    assert list(times(browse(settings=settings), clock)) == [1_000_000] * 5


def test_asking_for_created_writes_nothing(browse, any_library):
    """A visitor who does nothing gets no cookie."""
    browser = browse(a=any_library("sid"))
    browser.multi(created)
    assert browser.set_cookies == []


def test_new_is_true_until_the_session_is_read_from_its_cookie(browse, any_library):
    """As ``ISession`` says."""
    browser = browse(a=any_library("sid"))
    assert browser.multi(lambda m: m["a"].new)
    assert browser.multi(lambda m: [m["a"].update({"x": 1}), m["a"].new][1])
    assert not browser.multi(lambda m: m["a"].new)


@pytest.mark.parametrize("end", [lambda m: m.invalidate("a"), lambda m: m.renew("a")])
def test_new_is_true_after_the_session_was_ended_or_renewed(browse, any_library, end):
    """The session of the request's cookie is over."""
    browser = browse(a=any_library("sid"))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    assert browser.multi(lambda m: [end(m), m["a"].new][1])


@pytest.mark.parametrize("kind", ["beaker_memory", "beaker_cookie"])
def test_beaker_after_its_own_invalidate_is_new(browse, library, kind, clock):
    """Its ``last_accessed`` is that of a session that was never stored."""
    browser = browse(a=library(kind)("sid"))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    clock(1_000_060)
    assert browser.multi(lambda m: m["a"].last_accessed) == 1_000_000
    assert browser.multi(lambda m: [m["a"].invalidate(), m["a"].new][1])
    assert browser.multi(lambda m: [m.invalidate(), m["a"].new, m["a"].created][1:]) == [
        True,
        1_000_060,
    ]


def test_a_session_that_timed_out_begins_now(browse, library, clock):
    """It is new, and nothing of the old time is left."""
    browser = browse(a=library("beaker_cookie")("sid", timeout=60))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    clock(1_000_100)
    assert browser.multi(lambda m: [created(m), m["a"].new]) == [1_000_100, True]


def test_a_session_whose_cookie_was_rejected_begins_now(browse, library, clock):
    """Beaker's warning names its own module, so that a filter for it still works."""
    browser = browse(a=library("beaker_cookie")("sid", invalidate_corrupt=True))
    with pytest.warns(RuntimeWarning, match="Invalidating corrupt session") as caught:
        both = browser.multi(lambda m: [created(m), m["a"].new], HTTP_COOKIE="sid=garbage")
    assert [warning.filename for warning in caught] == [beaker.session.__file__]
    assert both == [1_000_000, True]


def test_a_session_that_the_factory_used_is_completed(browse, clock):
    """Its class is replaced after Beaker has loaded it."""
    inner = BeakerSessionFactoryConfig(key="sid", validate_key=SECRET, type="cookie")

    def factory(request):
        session = inner(request)
        session.setdefault("visits", 0)
        return session

    browser = browse(a=factory)
    assert browser.multi(lambda m: [created(m), m["a"].new]) == [1_000_000, True]
    clock(1_000_060)
    assert browser.multi(lambda m: [created(m), m["a"].new]) == [1_000_000, False]


class OwnSession(CookieSession):
    """An application's own repair of the same fault."""

    created = 1
    last_accessed = property(lambda self: 2)


def test_an_applications_own_class_keeps_its_attributes(browse):
    """The subclass of it adds only what is missing."""
    options = {"key": "sid", "validate_key": SECRET, "session_class": OwnSession}
    browser = browse(a=BeakerSessionFactoryConfig(type="cookie", **options))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    for act in [lambda m: None, lambda m: m["a"].invalidate(), lambda m: m.invalidate()]:
        both = browser.multi(lambda m, act=act: [act(m), created(m), m["a"].last_accessed][1:])
        assert both == [1, 2]
