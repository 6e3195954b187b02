"""``DummySessionMulti(..., lifetimes=...)``: a session ends a fixed time after it began."""

from __future__ import annotations

import logging
import time

import pytest
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi import UnregisteredSession
from pyramid_session_multi_testing import DummySessionMulti

DATA = {"account": {"user": "anna"}, "cart": {"items": ["tea"]}}


@pytest.fixture
def forward(monkeypatch):
    """Move the time, which is otherwise the real one."""

    def forward(seconds):
        now = time.time() + seconds
        monkeypatch.setattr(time, "time", lambda: now)

    return forward


@pytest.fixture(params=[True, False], ids=["strict", "not strict"])
def session_multi(request):
    return DummySessionMulti(DATA, strict=request.param, lifetimes={"account": 3600})


def test_a_session_whose_lifetime_is_over_is_empty_and_new(session_multi, forward, caplog):
    """In the namespaces with a lifetime, and without a warning."""
    caplog.set_level(logging.WARNING, "pyramid_session_multi")
    forward(3600)
    assert session_multi["account"] == {}
    assert session_multi["account"].new
    assert session_multi["account"].created == int(time.time())
    assert session_multi["cart"] == DATA["cart"]
    assert not session_multi["cart"].new
    assert not caplog.records


def test_until_then_it_has_its_data(session_multi, forward):
    """It began when the double was created."""
    forward(3590)
    assert session_multi["account"] == session_multi.peek("account") == DATA["account"]
    assert not session_multi["account"].new
    assert session_multi["account"].created <= int(time.time()) - 3590


def test_peek_is_none_when_the_lifetime_is_over(session_multi, forward):
    """``has_cookie`` is still true, as in the application: the browser sends the cookie."""
    forward(3600)
    assert session_multi.peek("account") is None
    assert session_multi.has_cookie("account")
    assert session_multi.peek("cart") == DATA["cart"]


def test_a_session_without_initial_data_begins_when_it_is_opened(forward):
    """So it has its whole lifetime before it."""
    multi = DummySessionMulti(["account"], lifetimes={"account": 3600})
    forward(100)
    assert multi["account"].created == int(time.time())


def test_an_open_session_stays_until_the_end_of_the_request(session_multi, forward):
    """As in the application."""
    session = session_multi["account"]
    forward(3600)
    assert session_multi["account"] is session
    assert session == DATA["account"]


@pytest.mark.parametrize("method", ["invalidate", "renew"])
def test_a_new_lifetime_begins(session_multi, forward, method):
    """``created`` is its beginning."""
    forward(100)
    getattr(session_multi, method)("account")
    assert session_multi["account"].created == int(time.time())


def test_a_lifetime_of_none_is_no_limit(forward):
    """As in the application."""
    multi = DummySessionMulti(DATA, lifetimes={"account": 3600, "cart": None})
    forward(10**9)
    assert [multi.peek("account"), multi["cart"]] == [None, DATA["cart"]]


@pytest.mark.parametrize(
    ("lifetimes", "error", "message"),
    [
        (["account"], TypeError, r"lifetimes takes a mapping .* not \['account'\]"),
        (3600, TypeError, "lifetimes takes a mapping of names to seconds, like .* not 3600"),
        ({1: 3600}, TypeError, "lifetimes takes names"),
        ({"acount": 3600}, UnregisteredSession, "Did you mean 'account'?"),
        ({"account": 0}, ConfigurationError, "lifetime of the namespace 'account' .* above 0"),
        ({"account": "3600"}, ConfigurationError, "must be a whole number of seconds"),
    ],
)
def test_an_invalid_lifetime_is_explained(lifetimes, error, message):
    """A name that is not in the double names the argument as well."""
    with pytest.raises(error, match=message) as caught:
        DummySessionMulti(DATA, lifetimes=lifetimes)
    assert error is not UnregisteredSession or "lifetimes=" in caught.value.__notes__[0]
