"""``renew`` loses nothing: neither one session's timeout, nor data if the library fails."""

from __future__ import annotations

from pickle import PicklingError

import pytest
from pyramid_session_multi import RefusedSession, SessionLibrary, UnregisteredSession
from pyramid_session_redis import RedisSessionFactory
from redis.exceptions import ConnectionError as RedisUnreachable


def login(m):
    m["a"].update({"user": "anna", "cart": [1]})


def data(m):
    return {key: value for key, value in m["a"].items() if not key.startswith("_")}


def test_a_failure_of_redis_during_renew_loses_no_data(browse, start_redis):
    """The session is as before the call, and is stored with the response."""
    with start_redis("--appendonly", "yes", "--appendfsync", "always") as redis:
        browser = browse(a=RedisSessionFactory("s" * 64, redis_url=redis.url))
        browser.multi(login)

        def renew(m):
            m["a"].get("user")
            redis.kill()
            with pytest.raises(RedisUnreachable):
                m.renew("a", keep=["user"])
            redis.start()
            return data(m)

        assert browser.multi(renew) == {"user": "anna", "cart": [1]}
        assert browser.multi(data) == {"user": "anna", "cart": [1]}


def test_a_library_that_fails_after_it_emptied_the_session_loses_no_data(browse, signed):
    """Its error is raised, and all data are there, also those that ``keep`` does not name."""

    class Failing(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is factory

        def invalidate(self, session):
            session.invalidate()
            raise OSError("the disk is full")

    def renew(m):
        with pytest.raises(OSError, match="the disk is full"):
            m.renew("a", keep=["user"])

    factory = signed("a")
    browser = browse(a=factory, setup=lambda config: config.register_session_library(Failing()))
    browser.multi(login)
    browser.multi(renew)
    assert browser.multi(data) == {"user": "anna", "cart": [1]}


class FragileSession(dict):
    """A session of a library that is not described; one of its methods fails."""

    def __init__(self, method, values):
        super().__init__(values)
        self.method = method

    def fail(self, method):
        if method == self.method:
            raise OSError("the disk is full")

    def invalidate(self):
        self.clear()
        self.fail("invalidate")

    def update(self, values):
        for key, value in values.items():
            self[key] = value
            self.fail("update")

    def new_csrf_token(self):
        self.fail("new_csrf_token")


@pytest.mark.parametrize("method", ["invalidate", "new_csrf_token"])
def test_an_undescribed_library_that_fails_half_way_loses_no_data(browse, method):
    """Wherever it fails, and whatever was to be kept."""
    values = {"user": "anna", "cart": [1]}

    def renew(m):
        with pytest.raises(OSError, match="the disk is full") as caught:
            m.renew("a", keep=["user"])
        assert caught.value.__notes__ == ["while renewing the session 'a'"]
        return dict(m["a"])

    browser = browse(a=lambda request: FragileSession(method, values))
    assert browser.multi(renew) == values


def test_data_that_cannot_be_restored_are_not_lost_silently(browse):
    """The error says so."""

    def renew(m):
        with pytest.raises(OSError, match="the disk is full") as caught:
            m.renew("a")
        assert caught.value.__notes__[0] == "the data of the session could not be restored"

    browse(a=lambda request: FragileSession("update", {"user": "anna", "x": 1})).multi(renew)


@pytest.mark.parametrize("kind", ["redis", "beaker_memory", "beaker_file", "beaker_database"])
def test_the_old_session_is_there_until_the_new_one_is_stored(browse, library, kind):
    """A value that cannot be stored is an error of ``renew``, and the next request has the rest."""
    browser = browse(a=library(kind)("sid"))
    browser.multi(login)

    def renew(m):
        m["a"]["unstorable"] = lambda: None
        with pytest.raises((TypeError, AttributeError, PicklingError)):
            m.renew("a")
        raise LookupError

    with pytest.raises((LookupError, TypeError, AttributeError, PicklingError)):
        browser.multi(renew)
    assert browser.multi(data) == {"user": "anna", "cart": [1]}


def test_redis_stores_the_new_session_before_it_deletes_the_old_one(browse, library, redis):
    """In the call itself, not at the end of the request."""
    browser = browse(a=library("redis")("sid"))
    browser.multi(login)
    (old,) = redis.client.keys()

    def renew(m):
        m["a"].get("user")
        with redis.commands() as commands:
            m.renew("a")
        return commands, redis.client.keys()

    commands, (new,) = browser.multi(renew)
    assert new != old
    assert commands[-2:] == ["SET", "DEL"]


@pytest.mark.parametrize("options", [{}, {"python_expires": False}, {"timeout": None}])
@pytest.mark.parametrize("timeout", [60, 7200, None])
def test_a_timeout_adjusted_for_one_session_survives_renew(
    browse, library, redis, options, timeout
):
    """``adjust_session_timeout`` of pyramid_session_redis, in this request and later ones."""
    browser = browse(a=library("redis")("sid", **options))
    browser.multi(lambda m: [login(m), m["a"].adjust_session_timeout(timeout)])
    browser.multi(lambda m: m.renew("a"))
    assert browser.multi(lambda m: (m["a"].timeout, data(m)["user"])) == (timeout, "anna")
    (key,) = redis.client.keys()
    assert redis.client.ttl(key) == (-1 if timeout is None else timeout)


def test_a_timeout_that_was_not_adjusted_is_the_factorys(browse, library, redis):
    """Renewing does not change it."""
    browser = browse(a=library("redis")("sid", timeout=300))
    browser.multi(login)
    browser.multi(lambda m: m.renew("a"))
    (key,) = redis.client.keys()
    assert redis.client.ttl(key) == 300


def test_its_errors_name_the_namespace(browse, watched, signed):
    """With the same note as those of ``invalidate``."""
    factory = watched(signed("a"))
    factory.error = OSError("backend")
    with pytest.raises(OSError, match="backend") as caught:
        browse(a=factory).multi(lambda m: m.renew("a"))
    assert caught.value.__notes__ == ["while renewing the session 'a'"]


def test_errors_that_name_the_namespace_themselves_get_no_note(browse, signed):
    """It would only repeat the name."""
    browser = browse(a=(signed("a"), lambda request: False))
    for name in ("a", "unknown"):
        with pytest.raises((RefusedSession, UnregisteredSession)) as caught:
            browser.multi(lambda m, name=name: m.renew(name))
        assert not hasattr(caught.value, "__notes__")
