"""Cookies that were rejected, are too large together, or were received unexpectedly."""

from __future__ import annotations

import pytest
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import SessionLibrary, https_only


def badges(here, namespace):
    for section in here.content.find_all(class_="panel"):
        if section.strong.get_text(strip=True) == namespace:
            heading = section.find(class_="panel-heading")
            return section["class"], [label.get_text() for label in heading.find_all("span")]
    return None


@pytest.mark.parametrize("opened", [True, False])
def test_a_rejected_cookie_is_amber(site, signed, opened):
    """With its badge, in the tab and in its section, whether or not it was opened."""
    here = site(a=signed("a"), b=signed("b"))
    here.client.set_cookie("a", "garbage")
    here.multi(lambda m: m["a"] if opened else None)
    state = "opened" if opened else "received, not opened"
    assert badges(here, "a") == (["panel", "panel-warning"], [state, "cookie rejected"])
    assert here.panel.nav_subtitle_style == "progress-bar-warning"
    here.multi(lambda m: m["a"].update(x=1))
    here.multi(lambda m: m["a"])
    assert badges(here, "a")[0] == ["panel", "panel-default"]
    assert here.panel.nav_subtitle_style == ""


def test_a_signature_that_is_invalid(site, signed):
    """For example, after a change of the secret."""
    here = site(a=signed("a"))
    other = site(a=signed("a", salt="another"))
    other.multi(lambda m: m["a"].update(x=1))
    here.client.set_cookie("a", other.client.cookies["a"])
    here.multi(lambda m: m["a"])
    assert "rejected: its signature is invalid" in here.section("a")


def test_a_session_that_timed_out(site, signed, clock):
    """Its signature is still valid."""
    here = site(a=signed("a", timeout=60))
    here.multi(lambda m: m["a"].update(x=1))
    clock.now += 100
    here.multi(lambda m: m["a"])
    assert "rejected: its signature is valid, but it timed out" in here.section("a")


LIBRARIES = ["signed", "signed_cookie", "nacl", "redis", "beaker_memory", "beaker_cookie"]


@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("kind", LIBRARIES)
def test_a_session_whose_lifetime_is_over(site, library, clock, kind, opened):
    """Its cookie no longer holds data, like one that timed out, whether or not it was opened."""

    def setup(config):
        config.register_session_factory("a", library(kind)("a"), lifetime=60)

    def visit(here):
        here.multi(lambda m: m["a"].update({"x": 1}))
        clock.now += 100
        here.multi(lambda m: m["a"] if opened else None)
        cookies = here.response.headers.getall("Set-Cookie")
        return [cookie.startswith("a=;") for cookie in cookies if cookie.startswith("a=")]

    here = site(setup=setup, toolbar="activated")
    deletions = visit(here)
    assert "timed out, or its lifetime is over" in here.section("a")
    assert badges(here, "a")[0] == ["panel", "panel-warning"]
    assert deletions == visit(site(setup=setup, toolbar=False))


def test_an_id_that_the_server_does_not_know(site):
    """For example, after a logout in another tab."""
    here = site(
        toolbar="activated",
        a=BeakerSessionFactoryConfig(key="a", type="memory", secret="the secret of a"),
    )
    here.multi(lambda m: m["a"].update({"x": 1}))
    cookie = here.client.cookies["a"]
    here.multi(lambda m: m.invalidate("a"))
    here.client.set_cookie("a", cookie)
    here.multi(lambda m: m["a"])
    assert "but the server has no session with its id" in here.section("a")


class Library(SessionLibrary):
    """A library that rejects every cookie, without a reason."""

    def recognizes_factory(self, candidate):
        return getattr(candidate, "mine", False)

    def cookie_name(self, factory):
        return "a"

    def came_from_cookie(self, session):
        return False

    def read_passively(self, session):
        return {}


def test_a_reason_that_is_not_known(site):
    """The panel lists the possible ones."""

    def factory(request):
        return {}

    factory.mine = True
    here = site(setup=lambda config: config.register_session_library(Library()), a=(factory,))
    here.client.set_cookie("a", "x")
    here.multi(lambda m: m["a"])
    assert "its signature is invalid, it timed out, or the server does not" in here.section("a")


def test_cookies_that_are_too_large_together(site, signed):
    """Each is within the browsers' limit, but no server accepts the next request."""
    here = site(**{name: signed(name) for name in "abc"})
    here.multi(lambda m: [m[name].update(x="x" * 2060) for name in "ab"])
    assert here.panel.nav_subtitle_style == ""
    here.multi(lambda m: m["c"].update(x="x" * 2060))
    total = sum(len(name) + len(here.client.cookies[name]) for name in "abc")
    assert total > 8_000
    note = here.content.find(class_="alert-warning").get_text()
    assert f"The session cookies have {total:,} bytes together" in note
    assert "(gunicorn answers 431, nginx 400)" in note
    assert here.panel.nav_subtitle_style == "progress-bar-warning"
    here.multi(lambda m: None)  # they arrive again, and nothing is sent
    assert here.panel.nav_subtitle_style == "progress-bar-warning"
    here.multi(lambda m: m.invalidate())
    here.multi(lambda m: None)
    assert here.panel.nav_subtitle_style == ""


@pytest.mark.parametrize(
    ("host", "reason"),
    [("localhost", "on the local machine"), ("shop.example", "X-Forwarded-Proto")],
)
def test_a_secure_cookie_that_arrives_by_http(site, signed, host, reason):
    """Browsers send it to the local machine; elsewhere a proxy is the likely reason."""
    here = site(a=(signed("a", secure=True), https_only), b=signed("b"))
    here.multi(lambda m: (m["a"].update(x=1), m["b"].update(x=1)), **{"wsgi.url_scheme": "https"})
    cookies = "; ".join(f"{name}={here.client.cookies[name]}" for name in "ab")
    here.multi(lambda m: m["a"], HTTP_COOKIE=cookies, HTTP_HOST=f"{host}:80")
    assert here.states["a"] == "refused"
    assert "The cookie is Secure but was received over http" in here.section("a")
    assert reason in here.section("a")
    assert "Secure" not in here.section("b")
    here.multi(lambda m: m["a"], HTTP_COOKIE=cookies, **{"wsgi.url_scheme": "https"})
    assert "received over http" not in here.section("a")


def test_a_path_that_browsers_ignore(site, signed):
    """They store the cookie for other urls than intended."""
    here = site(a=signed("a", path="shop"), b=signed("b", domain="http://localhost"))
    here.multi(lambda m: (m["a"].update(x=1), m["b"].update(x=1)))
    assert "Its Path is 'shop', but Path takes the path of a url" in here.section("a")
    assert "its Domain http://localhost does not match" in here.section("b")
