"""Warnings about cookies, if the cause is known."""

from __future__ import annotations

import time

import pytest
from pyramid_session_multi_debugtoolbar.cookies import (
    Origin,
    SentCookie,
    browser_cookies_after,
    origin_of,
    parse_cookie_header,
    parse_set_cookie,
    rejection_reason,
)


def test_a_received_cookie_that_was_rejected(site, signed):
    """Opened or not."""
    here = site(a=signed("a"), b=signed("b"))
    here.client.set_cookie("a", "garbage")
    here.client.set_cookie("b", "garbage")
    here.multi(lambda m: m["a"])
    for name in ("a", "b"):
        assert "The cookie was received and rejected" in here.section(name)
    here.multi(lambda m: (m["a"].update(x=1), m["b"].update(x=1)))
    here.multi(lambda m: m["a"])
    assert "came and was rejected" not in str(here.content)


def test_a_cookie_that_timed_out(site, signed, clock):
    """The ``new`` of Pyramid's session is false then."""
    here = site(a=signed("a", timeout=60))
    here.multi(lambda m: m["a"].update(x=1))
    clock.now += 100
    here.multi(lambda m: m["a"])
    assert "it timed out" in here.section("a")


def test_a_cookie_that_is_set_twice(site, signed):
    """By the session and by the application."""
    here = site(a=signed("a"))

    def view(request):
        request.session_multi["a"]["x"] = 1
        request.add_response_callback(lambda request, response: response.set_cookie("a", "other"))

    here.visit(view)
    assert "set 2 times" in here.section("a")


@pytest.mark.parametrize(
    "attribute",
    ["Max-Age=\N{SUPERSCRIPT TWO}", "Max-Age=--5", "Expires=Thu, 01 Jan 99999 00:00:00 GMT"],
)
def test_another_cookie_can_be_malformed(site, signed, attribute):
    """The sessions are still shown."""
    here = site(a=signed("a"))

    def view(request):
        request.session_multi["a"]["x"] = 1
        request.add_response_callback(
            lambda request, response: response.headers.add("Set-Cookie", f"other=1; {attribute}")
        )

    here.visit(view)
    assert here.states == {"a": "opened"}
    assert "failed in part" not in here.content.get_text()


def test_a_cookie_that_was_received_twice(site, signed):
    """For two paths, for example."""
    here = site(a=signed("a"))
    here.client.get(
        "/", extra_environ={"tests.view": lambda r: r.response, "HTTP_COOKIE": "a=1; a=2"}
    )
    assert "The cookie was received 2 times" in here.section("a")


def test_a_cookie_close_to_the_limit(site, signed):
    """A warning before it is too large."""
    here = site(a=signed("a"))
    here.multi(lambda m: m["a"].update(x="x" * 2500))
    assert "close to the 4,096" not in here.section("a")
    here.multi(lambda m: m["a"].update(x="x" * 2880))
    assert "close to the 4,096" in here.section("a")


def test_an_exception_page_of_the_toolbar(site, signed):
    """Without the toolbar, the server would respond and set no cookie."""
    here = site(a=signed("a"))

    def view(m):
        m["a"]["x"] = 1
        raise RuntimeError("in the view")

    here.multi(view)
    assert here.response.status_int == 500
    assert "The toolbar answered RuntimeError with its own page" in here.content.get_text()
    here.multi(lambda m: None)
    assert "page of its own" not in here.content.get_text()


def test_an_exception_around_the_request_is_not_its_own(site, signed):
    """For example, if a test or another application sends it inside ``except``."""
    here = site(a=signed("a"))
    try:
        raise KeyError("around")  # noqa: TRY301
    except KeyError:
        here.multi(lambda m: m["a"].update(x=1))
    assert here.panel.report.notes == []
    assert not here.has_lost_writes
    assert not here.panel.report.failed


HTTP, HTTPS = Origin("http", "shop.example"), Origin("https", "shop.example")


@pytest.mark.parametrize(
    ("header", "origin", "why"),
    [
        ("a=b; Path=/", HTTP, ""),
        ("a=b; Secure", HTTPS, ""),
        ("a=b; secure", HTTP, "it is Secure"),
        ("a=b; Secure", Origin("http", "127.0.0.1"), ""),
        ("a=b; Secure", Origin("http", "[::1]"), ""),
        ("a=b; Secure", Origin("http", "app.localhost"), ""),
        ("a=b; Domain=example", HTTP, ""),
        ("a=b; Domain=.shop.example", HTTP, ""),
        ("a=b; Domain=other.example", HTTP, "Domain other.example"),
        ("a=b; Domain=op.example", HTTP, "Domain op.example"),
        ("a=b; SameSite=None", HTTPS, "SameSite=None without Secure"),
        ("a=b; SameSite=None; Secure", HTTPS, ""),
        ("__Secure-a=b", HTTPS, "__Secure-"),
        ("__Host-a=b; Secure; Path=/; Domain=shop.example", HTTPS, "__Host-"),
        ("__Host-a=b; Secure; Path=/", HTTPS, ""),
        ("a=" + "x" * 4095, HTTP, ""),
        ("a=" + "x" * 4096, HTTP, "4,097 bytes"),
    ],
)
def test_cookies_that_browsers_reject(header, origin, why):
    """RFC 6265bis, and Chromium's behavior."""
    reason = rejection_reason(parse_set_cookie(header, 0), origin)
    assert why in reason if why else reason == ""


@pytest.mark.parametrize(
    ("before", "sent", "after"),
    [
        ("", [], ""),
        ("a=1; b=2", [], "a=1; b=2"),
        ("a=1; a=2", [], "a=2"),
        ("a=1", ["a=2; Path=/", "c=3"], "a=2; c=3"),
        ("a=1; b=2", ["a=; Max-Age=0; Path=/"], "b=2"),
        ("a=1", ["a=; expires=Thu, 01-Jan-1970 00:00:00 GMT"], ""),
        ("a=1", ["a=2; Max-Age=60; expires=Thu, 01-Jan-1970 00:00:00 GMT"], "a=2"),
        ("a=1", ["a=2; Secure"], "a=1"),
        ("a=1", ["a=" + "x" * 5000], "a=1"),
        ("a=1", ["a=2; Max-Age=nonsense; Expires=nonsense"], "a=2"),
        ("a=1", ["a=2; Max-Age=-5"], ""),
        ("a=1", ["a=2; Max-Age=00000000001"], "a=2"),
        ("a=1", ["a=2; Max-Age=-"], "a=2"),
        ("a=1", ["a=2; Max-Age=--5"], "a=2"),
        ("a=1", ["a=2; Max-Age=\N{SUPERSCRIPT TWO}"], "a=2"),
        ("a=1", ["a=2; Max-Age=--5; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ""),
        ("a=1", ["a=2; Expires=Thu, 01 Jan 99999 00:00:00 GMT"], "a=2"),
        ("a=1", ["a=2; Expires=Thu, 01 Jan 99999999999999999999 00:00:00 GMT"], "a=2"),
    ],
)
def test_the_cookies_that_a_browser_holds_afterwards(before, sent, after):
    """A rejected cookie does not replace the old one; unknown attributes are ignored."""
    cookies = [parse_set_cookie(header, time.time()) for header in sent]
    assert browser_cookies_after(parse_cookie_header(before), cookies, HTTP) == {
        name: value for name, (value,) in parse_cookie_header(after).items()
    }


@pytest.mark.parametrize(
    ("environ", "origin"),
    [
        ({"HTTP_HOST": "a.example:80", "wsgi.url_scheme": "https"}, ("https", "a.example")),
        ({"HTTP_HOST": "a.example", "SERVER_NAME": "b"}, ("http", "a.example")),
        ({"SERVER_NAME": "b"}, ("http", "b")),
        ({"HTTP_HOST": "[::1]:6543"}, ("http", "[::1]")),
        ({"HTTP_HOST": "[::1]"}, ("http", "[::1]")),
        ({}, ("http", "")),
    ],
)
def test_the_origin_of_a_request(environ, origin):
    """Without the port, which cookies ignore."""
    assert origin_of(environ) == origin


def test_odd_headers():
    """Malformed headers are parsed without errors."""
    assert parse_cookie_header(";;=x; a ; b=c=d; a=e") == {"a": ["", "e"], "b": ["c=d"]}
    cookie = parse_set_cookie("a=b;;; =; Path; X=<i>", 0)
    assert cookie == SentCookie("a", "b", {"": "", "path": "", "x": "<i>"})
    assert "x=<i>" in cookie.attribute_text
