"""A session ends ``lifetime`` seconds after it began, however much it is used."""

from __future__ import annotations

import logging
import time

import pyramid_session_redis.util
import pytest
from pyramid_session_multi import SessionLibrary

MINUTES = 60
HOURS = 60 * MINUTES
LIFETIME = 1 * HOURS


class Clock:
    """The time in every session library; it only moves when a test moves it."""

    def __init__(self):
        self.now = time.time() // 1

    def __call__(self):
        return self.now

    def forward(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    monkeypatch.setattr(pyramid_session_redis.util, "time_time", clock)
    return clock


@pytest.fixture
def limit(browse):
    """``limit(factory)``: an application whose namespace ``a`` has a lifetime of an hour."""

    def limit(factory, discriminator=None, **options):
        def setup(config):
            config.register_session_factory("a", factory, discriminator, **options)

        options.setdefault("lifetime", LIFETIME)
        return browse(setup=setup)

    return limit


def login(m):
    m["a"]["user"] = "anna"


def user(m):
    return m["a"].get("user")


def use_until(browser, clock, seconds):
    """Read and write it every ten minutes, so that no timeout ends it."""
    for _ in range(0, seconds, 10 * MINUTES):
        clock.forward(10 * MINUTES)
        browser.multi(lambda m: m["a"].update({"visits": m["a"].get("visits", 0) + 1}))


def test_it_ends_at_the_end_of_its_lifetime_despite_use(limit, any_library, clock):
    """Used every ten minutes, it exists for 59 minutes, and is empty at the 60th."""
    browser = limit(any_library("sid"))
    browser.multi(login)
    use_until(browser, clock, 50 * MINUTES)
    clock.forward(9 * MINUTES)
    assert browser.multi(user) == "anna"
    clock.forward(1 * MINUTES + 1)
    assert browser.multi(lambda m: m.peek("a")) is None
    assert browser.multi(user) is None


def test_the_application_gets_a_new_session_at_once(limit, any_library, clock):
    """It keeps written data for another lifetime."""
    browser = limit(any_library("sid"))
    browser.multi(login)
    use_until(browser, clock, 60 * MINUTES)
    assert browser.multi(user) is None
    browser.multi(lambda m: m["a"].update({"user": "bert"}))
    use_until(browser, clock, 50 * MINUTES)
    assert browser.multi(user) == "bert"
    use_until(browser, clock, 10 * MINUTES + 10)
    assert browser.multi(user) is None


def test_peek_is_none_when_the_lifetime_is_over(limit, any_library, clock):
    """It changes nothing: a later access ends the session."""
    browser = limit(any_library("sid"))
    browser.multi(login)
    clock.forward(10 * MINUTES)
    assert browser.multi(lambda m: m.peek("a"))["user"] == "anna"
    use_until(browser, clock, 40 * MINUTES)
    clock.forward(10 * MINUTES)
    assert browser.multi(lambda m: (m.has_cookie("a"), m.peek("a"))) == (True, None)
    assert browser.set_cookies == []
    assert browser.multi(user) is None


def test_on_a_server_the_old_id_is_invalid(limit, server_side, clock):
    """A copy of the cookie reads nothing, even if the clock is put back."""
    browser = limit(server_side("sid"))
    browser.multi(login)
    thief = browser.thief()
    use_until(browser, clock, 50 * MINUTES)
    clock.forward(10 * MINUTES)
    browser.multi(user)
    clock.forward(-10 * MINUTES)
    assert thief.multi(user) is None


def test_in_a_cookie_a_copy_ends_at_the_same_time(limit, any_library, clock):
    """It contains the time, which cannot be changed without the key."""
    browser = limit(any_library("sid"))
    browser.multi(login)
    thief = browser.thief()
    clock.forward(LIFETIME + 1)
    assert thief.multi(user) is None
    assert browser.multi(user) is None


def test_renew_begins_a_new_lifetime(limit, any_library, clock):
    """In the same session object, with its data; the login is its beginning."""
    browser = limit(any_library("sid"))
    browser.multi(login)
    use_until(browser, clock, 50 * MINUTES)
    browser.multi(lambda m: m.renew("a"))
    use_until(browser, clock, 50 * MINUTES)
    assert browser.multi(user) == "anna"
    use_until(browser, clock, 10 * MINUTES)
    clock.forward(1)
    assert browser.multi(user) is None


def test_invalidate_begins_a_new_lifetime(limit, any_library, clock):
    """Later writes have a whole lifetime, whether the session is cleared again or not."""
    browser = limit(any_library("sid"))
    browser.multi(login)
    use_until(browser, clock, 50 * MINUTES)
    browser.multi(lambda m: [m.invalidate(), m["a"].clear(), login(m)])
    use_until(browser, clock, 50 * MINUTES)
    assert browser.multi(user) == "anna"


def test_neither_writing_nor_clearing_begins_a_new_lifetime(limit, any_library, clock):
    """Otherwise an application that clears its session regularly would have no lifetime."""
    browser = limit(any_library("sid"))
    browser.multi(login)
    use_until(browser, clock, 50 * MINUTES)
    browser.multi(lambda m: [m["a"].clear(), login(m)])
    clock.forward(10 * MINUTES - 1)
    assert browser.multi(user) == "anna"
    clock.forward(2)
    assert browser.multi(user) is None


@pytest.mark.parametrize("kind", ["signed", "nacl", "beaker_memory", "beaker_cookie"])
def test_a_session_that_timed_out_begins_anew(limit, library, clock, kind):
    """Written data are a new session, with its own lifetime."""
    browser = limit(library(kind)("sid", timeout=20 * MINUTES))
    browser.multi(login)
    clock.forward(50 * MINUTES)
    browser.multi(lambda m: m["a"].update({"user": "bert"}))
    clock.forward(15 * MINUTES)
    assert browser.multi(user) == "bert"


@pytest.mark.parametrize("kind", ["redis", "beaker_memory", "beaker_cookie", "signed", "nacl"])
def test_created_is_the_beginning_in_every_library(limit, library, clock, kind):
    """In seconds since the epoch: use does not change it, and after ``renew`` it is now."""

    def created(m):
        return m["a"].created

    browser = limit(library(kind)("sid"))
    began = clock.now
    assert browser.multi(lambda m: [login(m), created(m)][1]) == began
    use_until(browser, clock, 20 * MINUTES)
    assert browser.multi(created) == began
    assert browser.multi(lambda m: m.renew("a").created) == clock.now
    renewed = clock.now
    use_until(browser, clock, 20 * MINUTES)
    assert browser.multi(created) == renewed


@pytest.mark.parametrize("kind", ["redis", "beaker_memory", "beaker_cookie", "signed", "nacl"])
def test_after_invalidate_created_is_now_without_a_lifetime_too(browse, library, clock, kind):
    """Also for libraries whose own value is missing or wrong."""
    browser = browse(a=library(kind)("sid"))
    browser.multi(login)
    clock.forward(10 * MINUTES)
    assert browser.multi(lambda m: [m.invalidate(), m["a"].created][1]) == clock.now


def test_a_beaker_session_without_its_time_of_creation_begins_now(browse, limit, library, clock):
    """A ``clear()`` removed it when Beaker was used alone; reading sets it."""
    factory = library("beaker_file")("sid")
    without = browse(a=factory)
    without.multi(login)
    without.multi(lambda m: m["a"].pop("_creation_time"))
    browser = limit(factory)
    browser.client.cookiejar = without.client.cookiejar
    for _ in range(5):
        assert browser.multi(user) == "anna"
        clock.forward(10 * MINUTES)
    clock.forward(10 * MINUTES)
    assert browser.multi(user) is None


def test_redis_deletes_the_old_session_and_its_cookie(limit, library, redis, clock):
    """As ``invalidate`` does, if the application writes nothing new."""
    browser = limit(library("redis")("sid"))
    browser.multi(login)
    use_until(browser, clock, 50 * MINUTES)
    clock.forward(10 * MINUTES)
    browser.multi(lambda m: [m["a"]])
    assert redis.client.keys() == []
    assert "sid" not in browser.client.cookies


def test_an_unreadable_cookie_begins_a_new_session(limit, any_library, clock):
    """It has no beginning, and ``invalidate`` ends it as without a lifetime."""
    browser = limit(any_library("sid"))
    for view in (login, lambda m: m.invalidate()):
        browser.client.reset()
        browser.client.set_cookie("sid", "garbage")
        browser.multi(view)
        assert browser.multi(user) == ("anna" if view is login else None)


def test_a_refused_namespace_is_not_opened_to_end_it(limit, signed, watched, clock):
    """It is ``None`` as before."""
    factory = watched(signed("a"))
    browser = limit(factory, lambda request: False)
    assert browser.multi(lambda m: m["a"]) is None
    assert factory.requests == []


def test_a_factory_that_returns_none_is_still_an_error(limit):
    """``None`` is not taken for a session."""
    with pytest.raises(TypeError, match="returned None instead of a session"):
        limit(lambda request: None).multi(lambda m: m["a"])


def test_a_lifetime_works_through_a_wrapped_factory(limit, any_library, clock):
    """The library is recognized by its session."""
    inner = any_library("sid")

    def wrapper(request):
        return inner(request)

    browser = limit(wrapper)
    browser.multi(login)
    clock.forward(LIFETIME + 1)
    assert browser.multi(user) is None
    browser.multi(login)
    clock.forward(10 * MINUTES)
    assert browser.multi(user) == "anna"


def test_an_unsigned_cookie_that_claims_no_number_has_ended(limit, clock):
    """NaN is neither before nor after the end."""
    import json

    from pyramid.session import BaseCookieSessionFactory
    from webob.cookies import Base64Serializer

    serializer = Base64Serializer(json_serializer(json))
    browser = limit(BaseCookieSessionFactory(serializer, cookie_name="sid", timeout=None))
    value = serializer.dumps((clock.now, float("nan"), {"user": "anna"})).decode()
    browser.client.set_cookie("sid", value)
    assert browser.multi(user) is None


def json_serializer(json):
    class Serializer:
        def dumps(self, value):
            return json.dumps(value).encode()

        def loads(self, value):
            return json.loads(value)

    return Serializer()


# Libraries that are not described


class ForeignSession(dict):
    """A session that stores its data and its beginning; a test sets ``created``."""

    new = False

    def invalidate(self):
        self.clear()


def test_a_library_without_created_is_an_error_that_says_what_to_do(limit):
    """A lifetime that cannot be measured is not ignored."""
    with pytest.raises(TypeError, match="does not say when it began") as caught:
        limit(lambda request: ForeignSession()).multi(lambda m: m["a"])
    message = str(caught.value)
    assert "namespace 'a' (" in message
    assert "config.register_session_library" in message


@pytest.mark.parametrize("created", [None, "2026-01-01", b"1"])
def test_a_created_that_is_not_a_number_is_an_error_that_hides_it(limit, created):
    """The message names only its type."""

    def factory(request):
        session = ForeignSession()
        session.created = created
        return session

    with pytest.raises(TypeError) as caught:
        limit(factory).multi(lambda m: m["a"])
    assert type(created).__name__ in str(caught.value)
    assert "2026" not in str(caught.value)


def test_a_library_whose_session_does_not_begin_anew_is_logged(limit, clock, caplog):
    """Each request empties it; the log names the namespace and the fix."""

    def factory(request):
        session = ForeignSession(user="anna")
        session.created = clock.now - LIFETIME
        return session

    browser = limit(factory)
    with caplog.at_level(logging.WARNING, "pyramid_session_multi"):
        assert browser.multi(user) is None
    (record,) = caplog.records
    assert "namespace 'a' (" in record.getMessage()
    assert "SessionLibrary.created" in record.getMessage()


def test_a_description_says_when_a_session_began(browse, clock):
    """``SessionLibrary.created``, if the session's own is missing or wrong."""
    store = {"user": "anna", "began": clock.now}

    class Factory:
        def __call__(self, request):
            return ForeignSession(store)

    class Described(SessionLibrary):
        def recognizes_factory(self, candidate):
            return isinstance(candidate, Factory)

        def created(self, session):
            return session["began"]

    def setup(config):
        config.register_session_library(Described())
        config.register_session_factory("a", Factory(), cookie_name="sid", lifetime=LIFETIME)

    browser = browse(setup=setup)
    browser.client.set_cookie("sid", "x")
    assert browser.multi(user) == "anna"
    clock.forward(LIFETIME)
    assert browser.multi(lambda m: m.peek("a")) is None
    assert browser.multi(user) is None
