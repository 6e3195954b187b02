"""A session in Redis that was ended stays ended, whatever a slower request writes."""

from __future__ import annotations

import logging

import pytest
from pyramid_session_multi import SessionMultiAuthenticationHelper, end_session, session_id
from pyramid_session_redis import RedisSessionFactory
from pyramid_session_redis.session import RedisSession

SECRET = "a secret of more than thirty-two bytes"

# Options of pyramid_session_redis: each stores a session in another way, or at another time.
OPTIONS = [
    {},
    {"python_expires": True},
    {"timeout_trigger": 600},
    {"timeout": None},
    {"set_redis_ttl": False},
    {"detect_changes": False},
]


@pytest.fixture(params=["settings", "code", "wrapper", "unknown"])
def registered(request, minimal, words, redis):
    """``registered(options)``: arguments of ``browse`` for a namespace on Redis, in each form."""

    def registered(options):
        if request.param == "settings":
            texts = {name: str(value).lower() for name, value in options.items()}
            return {"settings": words(a=minimal("redis") | {"cookie_name": "sid"} | texts)}
        factory = RedisSessionFactory(SECRET, cookie_name="sid", redis_url=redis.url, **options)
        if request.param == "code":
            return {"a": factory}
        if request.param == "wrapper":
            return {"a": lambda request: factory(request)}
        factories = [factory]
        return {"a": (lambda request: factories[0](request), None, "sid")}

    return registered


def login(m):
    m["a"].update({"user": "ann", "cart": ["tea"]})


def user(m):
    return m["a"].get("user")


def logout(browser):
    """Log out while a slower request of the browser is running."""
    browser.thief().multi(lambda m: m.invalidate())


SLOW = {
    "sets a value": lambda m: m["a"].update({"seen": 1}),
    "changes a value in place": lambda m: m["a"]["cart"].append("milk"),
    "flashes a message": lambda m: m["a"].flash("saved"),
    "changes nothing, and says so": lambda m: m["a"].changed(),
    "stores at once": lambda m: (m["a"].update({"seen": 1}), m["a"].do_persist()),
    "adjusts the timeout": lambda m: m["a"].adjust_session_timeout(60),
    "reads": user,
}


@pytest.mark.parametrize("write", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_an_ended_id_stays_ended(browse, redis, registered, options, write):
    """The old cookie opens nothing, and Redis has no key."""
    browser = browse(**registered(options))
    browser.multi(login)

    def slow(m):
        user(m)
        logout(browser)
        write(m)

    browser.multi(slow)
    assert redis.client.keys() == []
    assert browser.multi(user) is None


def test_a_dropped_write_is_logged(browse, registered, caplog):
    """As a warning that names the namespace, and shows no data."""
    browser = browse(**registered({}))
    browser.multi(login)

    def slow(m):
        login(m)
        logout(browser)

    with caplog.at_level(logging.WARNING, "pyramid_session_multi"):
        browser.multi(slow)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("pyramid_session_multi", "WARNING")
    assert "'a' was ended by another request" in record.getMessage()
    assert "ann" not in record.getMessage()


def test_nothing_is_logged_when_nothing_is_dropped(browse, registered, caplog):
    """An existing session is stored, also if it is new or was renewed."""
    browser = browse(**registered({}))
    with caplog.at_level(logging.WARNING, "pyramid_session_multi"):
        browser.multi(login)
        browser.multi(lambda m: m["a"].update({"seen": 1}))
        browser.multi(lambda m: m.renew("a"))
        browser.multi(lambda m: (m.invalidate("a"), login(m)))
        browser.multi(lambda m: (login(m), m.renew("a"), m.renew("a")))
    assert browser.multi(user) == "ann"
    assert caplog.records == []


def test_end_session_wins_against_a_slower_request_as_well(browse, registered, redis):
    """Ending a login from elsewhere is final."""
    browser = browse(**registered({}))
    browser.multi(login)
    key = browser.visit(lambda request: session_id(request, "a"))

    def slow(m):
        login(m)
        if not end(m.request.registry):
            redis.client.delete(key)  # its library is not known before it is opened

    def end(registry):
        try:
            return end_session(registry, "a", key)
        except TypeError:
            return False

    browser.multi(slow)
    assert redis.client.keys() == []


def test_two_logins_at_a_time_lose_no_data(browse, registered, caplog):
    """For a form that is sent twice; the log says that the session was ended meanwhile."""
    browser = browse(**registered({}))
    browser.multi(lambda m: m["a"].update({"cart": ["tea"]}))
    helper, other = SessionMultiAuthenticationHelper("a"), browser.thief()

    def slow(request):
        request.session_multi["a"].get("cart")
        other.visit(lambda request: helper.remember(request, "ann"))
        helper.remember(request, "ann")

    browser.visit(slow)
    for each in (browser, other):
        assert each.visit(helper.authenticated_userid) == "ann"
        assert each.multi(lambda m: m["a"].get("cart")) == ["tea"]
    assert "'a' was ended or renewed by another request" in caplog.text


def test_it_takes_no_additional_command(browse, registered, redis):
    """A SETEX is now a SET."""
    browser = browse(**registered({"python_expires": False}))
    with redis.commands() as first:
        browser.multi(login)
    with redis.commands() as second:
        browser.multi(login)
    with redis.commands() as reading:
        browser.multi(user)
    assert first == ["WATCH", "GET", "MULTI", "SETEX", "EXEC", "SET"]
    assert second == ["GET", "SET"]
    assert reading == ["GET", "EXPIRE"]


def test_the_sessions_own_client_is_not_restricted(browse, registered, redis):
    """The application can use ``session.redis`` before and after a session is stored."""
    browser = browse(**registered({}))

    def use(m):
        login(m)
        m["a"].do_persist()
        m["a"].redis.set("own", 1)

    browser.multi(use)
    assert redis.client.get("own") == b"1"


def test_the_timeout_of_a_session_is_that_of_its_key(browse, registered, redis):
    """As with SETEX."""
    browser = browse(**registered({"timeout": 300}))
    browser.multi(login)
    browser.multi(login)
    (key,) = redis.client.keys()
    assert 290 < redis.client.ttl(key) <= 300


def test_a_session_class_of_the_applications_own_is_kept(browse, redis):
    """With what it does when it is stored."""

    class OwnSession(RedisSession):
        def do_persist(self, *arguments):
            self.redis.incr("stored")
            super().do_persist(*arguments)

    inner = RedisSessionFactory(SECRET, cookie_name="sid", redis_url=redis.url)

    def factory(request):
        session = inner(request)
        session.__class__ = OwnSession
        return session

    browser = browse(a=factory)
    browser.multi(login)
    browser.multi(lambda m: (login(m), logout(browser)))
    assert redis.client.get("stored") == b"2"
    assert browser.multi(lambda m: (user(m), isinstance(m["a"], OwnSession))) == (None, True)
