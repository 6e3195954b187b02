"""Session cookies add up: servers and proxies refuse a request with too many bytes of them."""

from __future__ import annotations

import logging

import pytest

BUDGET = 8000


@pytest.fixture
def warnings(caplog):
    """The warnings of the package so far."""

    def warnings():
        return [
            record.getMessage()
            for record in caplog.records
            if record.name == "pyramid_session_multi" and record.levelno == logging.WARNING
        ]

    return warnings


def _fill(size, *names):
    def view(manager):
        for name in names:
            manager[name]["x"] = "x" * size

    return view


def test_a_response_that_makes_them_too_large_is_logged(browse, signed, warnings):
    """Each of three cookies of 2.8 kB is within its limit; the log shows sizes, no data."""
    browser = browse(a=signed("a"), b=signed("b"), c=signed("c"))
    browser.multi(_fill(1950, "a", "b", "c"))
    [message] = warnings()
    assert "a: 2" in message
    assert "b: 2" in message
    assert "8 kB" in message
    assert "xxx" not in message


def test_cookies_that_the_browser_holds_already_count(browse, signed, warnings):
    """It sends the old and the new ones together."""
    browser = browse(a=signed("a"), b=signed("b"), c=signed("c"))
    browser.multi(_fill(1950, "a"))
    browser.multi(_fill(1950, "b"))
    assert warnings() == []
    browser.multi(_fill(1950, "c"))
    assert len(warnings()) == 1


def test_a_cookie_that_is_replaced_or_deleted_does_not_count_twice(browse, library, warnings):
    """The cookies that the browser holds afterwards count."""
    browser = browse(a=library("signed")("a"), b=library("signed")("b"), c=library("redis")("c"))
    browser.multi(_fill(1950, "a", "b", "c"))
    browser.multi(_fill(1960, "a", "b"))
    browser.multi(lambda m: m.invalidate())
    assert warnings() == []


def test_a_deletion_makes_room(browse, warnings):
    """``Max-Age=0``: the browser drops the cookie."""

    def factory(name):
        def factory(request):
            request.add_response_callback(
                lambda request, response: response.set_cookie(name, "x" * 3000)
                if request.path == "/"
                else response.delete_cookie(name)
            )
            return {}

        factory._cookie_name = name
        return factory

    browser = browse(**{name: factory(name) for name in "abc"})
    browser.multi(lambda m: [m[name] for name in "abc"])
    assert len(warnings()) == 1
    browser.multi(lambda m: [m[name] for name in "abc"], url="/away")
    assert len(warnings()) == 1


def test_other_cookies_do_not_count(browse, signed, warnings):
    """Their size is the application's business; some may be sent for another path only."""
    browser = browse(a=signed("a"))
    browser.client.set_cookie("foreign", "x" * 3000)

    def view(request):
        request.session_multi["a"]["x"] = "x" * 1950
        request.response.set_cookie("own", "x" * 3800)

    browser.visit(view)
    assert warnings() == []


def test_a_response_that_sets_none_logs_nothing(browse, signed, warnings):
    """One warning for the cause, not one for each later page."""
    browser = browse(a=signed("a"), b=signed("b"), c=signed("c"))
    browser.multi(_fill(1950, "a", "b", "c"))
    assert len(warnings()) == 1
    browser.multi(lambda m: [m["a"], m["b"], m["c"]])
    assert len(warnings()) == 1
