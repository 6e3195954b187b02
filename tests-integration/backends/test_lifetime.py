"""The end of a lifetime on real backends, with several requests at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pyramid_session_redis.util
import pytest
from pyramid.config import Configurator

LIFETIME = 3600
REQUESTS = 4
ON_A_SERVER = ["redis", "beaker_memory", "beaker_file", "beaker_sqlite", "kvs2"]
IN_THE_COOKIE = ["signed", "signed_cookie", "nacl", "beaker_cookie"]
LONG = {"timeout": 2 * LIFETIME}
TIMEOUTS = dict.fromkeys(("redis", "signed", "signed_cookie", "nacl"), LONG)


class Clock:
    """The time in every session library; it only moves when a test moves it."""

    def __init__(self):
        self.now = time.time() // 1

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    monkeypatch.setattr(pyramid_session_redis.util, "time_time", clock)
    return clock


@pytest.fixture
def client(stage, connect, kvs2_library):
    """``client(factory)``: a client of waitress whose namespace ``a`` has a lifetime."""

    def client(factory):
        config = Configurator()
        config.include("pyramid_session_multi")
        config.register_session_library(kvs2_library)
        config.register_session_factory("a", factory, lifetime=LIFETIME)
        return connect(stage(config), threads=REQUESTS, channel_timeout=100 * LIFETIME)

    return client


def login(multi):
    multi["a"]["user"] = "ann"


def user(multi):
    return multi["a"].get("user")


@pytest.mark.parametrize("kind", ON_A_SERVER + IN_THE_COOKIE)
def test_no_request_gets_the_old_data_after_a_lifetime(client, make, clock, kind):
    """Several requests with the old cookie open the session at the same moment, and write."""
    browser = client(make(kind, "a", **TIMEOUTS.get(kind, {})))
    browser.multi(login)
    assert browser.multi(user) == "ann"
    clock.now += LIFETIME
    together = Barrier(REQUESTS)

    def view(multi):
        together.wait(timeout=30)
        session = multi["a"]
        users = session.get("user"), session.get("visitor")
        session["visitor"] = "new"
        together.wait(timeout=30)
        return users

    visitors = [browser.stranger(**browser.cookies) for _ in range(REQUESTS)]
    with ThreadPoolExecutor(REQUESTS) as pool:
        users = list(pool.map(lambda visitor: visitor.multi(view), visitors))
    assert users == [(None, None)] * REQUESTS
    for visitor in visitors:
        assert visitor.multi(lambda m: (m["a"].get("user"), m["a"]["visitor"])) == (None, "new")
    assert browser.multi(user) is None


@pytest.mark.parametrize("kind", ON_A_SERVER)
def test_a_slower_request_does_not_restore_the_old_session(client, make, clock, kind):
    """It began before the end and writes after it; the stored data are as old as before."""
    browser = client(make(kind, "a", **TIMEOUTS.get(kind, {})))
    browser.multi(login)
    clock.now += LIFETIME - 1

    def slow(multi):
        multi["a"]["written"] = "late"
        clock.now += 1
        other = browser.stranger(**browser.cookies)
        with ThreadPoolExecutor(1) as pool:
            ended = pool.submit(other.multi, user).result()
        return ended, multi["a"].get("user")

    late = browser.stranger(**browser.cookies)
    assert late.multi(slow) == (None, "ann")
    assert browser.multi(user) is None
    assert late.multi(user) is None


@pytest.mark.parametrize("kind", ON_A_SERVER + IN_THE_COOKIE)
def test_renew_begins_a_new_lifetime_on_every_backend(client, make, clock, kind):
    """The old one would have ended."""
    browser = client(make(kind, "a", **TIMEOUTS.get(kind, {})))
    browser.multi(login)
    clock.now += LIFETIME - 1
    browser.multi(lambda m: m.renew("a"))
    clock.now += LIFETIME - 1
    assert browser.multi(user) == "ann"
    clock.now += 1
    assert browser.multi(lambda m: m.peek("a")) is None
    assert browser.multi(user) is None
