"""Beaker's sessions, with any other cookies in the request."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from pyramid_beaker import BeakerSessionFactoryConfig, session_factory_from_settings

# http.cookies, which Beaker uses to parse the header, stops at each of these; WebOb does not.
FOREIGN = ["foo[bar]=1", "flag", "name=Ann Lee", 'cart={"tea": 1}', 'quote="', "é=1"]

SECRET = "s" * 64


def configured(tmp_path):
    """A factory from pyramid_beaker's function for code."""
    return {"a": BeakerSessionFactoryConfig(key="sid", secret=SECRET, type="memory")}


def from_settings(tmp_path):
    """A factory from pyramid_beaker's function for settings."""
    options = {"key": "sid", "secret": SECRET, "type": "file", "data_dir": f"{tmp_path}/beaker"}
    settings = {f"session.{name}": value for name, value in options.items()}
    return {"a": session_factory_from_settings(settings)}


def in_cookie(tmp_path):
    """A factory whose sessions are completely in the cookie."""
    return {"a": BeakerSessionFactoryConfig(key="sid", validate_key=SECRET, type="cookie")}


def used(tmp_path):
    """A factory from ``use = beaker``."""
    options = {"use": "beaker", "secret": SECRET, "type": "memory", "cookie_name": "sid"}
    settings = {f"session_multi.a.{name}": value for name, value in options.items()}
    return {"settings": {"session_multi.namespaces": "a", **settings}}


def hidden(tmp_path):
    """A factory of which nothing is known before it is called."""
    factories = [BeakerSessionFactoryConfig(key="sid", secret=SECRET, type="memory")]
    return {"a": (lambda request: factories[0](request), None, "sid")}


DESCRIBED = [configured, from_settings, in_cookie, used]
MAKERS = [*DESCRIBED, hidden]


@pytest.fixture(params=MAKERS)
def browser(request, browse, tmp_path):
    """A browser in which somebody is logged in."""
    browser = browse(**request.param(tmp_path))
    browser.is_stateless = request.param is in_cookie
    browser.is_described = request.param in DESCRIBED
    browser.multi(lambda m: m["a"].update({"user": "ann"}))
    return browser


@pytest.fixture(params=FOREIGN)
def with_foreign(request, browser):
    """The header with a foreign cookie in front of the session's."""
    return {"HTTP_COOKIE": f"{request.param}; sid={browser.client.cookies['sid']}"}


def user(m):
    return m["a"].get("user")


def test_these_cookies_hide_all_others_from_pythons_parser():
    """Otherwise the tests below would prove nothing."""
    assert [text for text in FOREIGN if "sid" in SimpleCookie(f"{text}; sid=1")] == []


def test_a_foreign_cookie_does_not_hide_the_session(browser, with_foreign):
    """Written data are read, whether the session was opened or not."""
    stranger = browser.stranger()
    assert stranger.multi(user, **with_foreign) == "ann"
    assert stranger.multi(lambda m: m.has_cookie("a"), **with_foreign)
    expected = {"user": "ann"} if browser.is_described else None
    assert stranger.multi(lambda m: m.peek("a"), **with_foreign) == expected


def test_invalidate_ends_the_session_despite_a_foreign_cookie(browser, with_foreign):
    """On a server the old cookie is invalid; in cookie mode an empty session replaces it."""
    stranger = browser.stranger()
    stranger.multi(lambda m: m.invalidate(), **with_foreign)
    assert stranger.client.cookies["sid"] != browser.client.cookies["sid"]
    assert stranger.multi(user) is None
    assert browser.is_stateless or browser.multi(user) is None


def test_renew_ends_the_old_id_despite_a_foreign_cookie(browser, with_foreign):
    """The new id has the data."""
    stranger = browser.stranger()
    stranger.multi(lambda m: m.renew("a"), **with_foreign)
    assert stranger.client.cookies["sid"] != browser.client.cookies["sid"]
    assert stranger.multi(user) == "ann"
    assert browser.is_stateless or browser.multi(user) is None


@pytest.mark.parametrize(
    "act",
    [user, lambda m: m.peek("a"), lambda m: m.has_cookie("a"), lambda m: m.renew("a")],
    ids=["open", "peek", "has_cookie", "renew"],
)
def test_a_header_that_webob_refuses_is_a_400_for_beaker_too(browser, act):
    """As with all libraries, so that a page and its logout agree; nothing is lost."""
    header = {"HTTP_COOKIE": rf'x="\351"; sid={browser.client.cookies["sid"]}'}
    browser.stranger().multi(act, status=400, **header)
    browser.stranger().multi(lambda m: m.invalidate(), status=400, **header)
    assert browser.multi(user) == "ann"


@pytest.mark.parametrize("garbage", ["x", '"a b"', r'"\001"', r'"\073"', "a,b", "é", '""', ""])
def test_an_unreadable_own_cookie_reads_nothing_and_is_deleted(browse, tmp_path, garbage):
    """Beaker in cookie mode raises by default; ``invalidate`` deletes the cookie nevertheless."""
    for make in (configured, from_settings):
        assert browse(**make(tmp_path)).multi(user, HTTP_COOKIE=f"sid={garbage}") is None
    browser = browse(**in_cookie(tmp_path))
    browser.multi(lambda m: m.invalidate(), HTTP_COOKIE=f"sid={garbage}")
    assert browser.multi(user) is None


def test_unsigned_ids_in_another_form_are_not_shared(browse):
    """Two visitors with the same invalid id must not share a session."""
    browser = browse(a=BeakerSessionFactoryConfig(key="sid", type="memory"))
    browser.multi(lambda m: m["a"].update({"user": "ann"}), HTTP_COOKIE='sid="a b"')
    assert browser.stranger().multi(user, HTTP_COOKIE='sid="a b"') is None


def test_a_factory_that_uses_the_session_itself_does_not_hide_it_either(browse):
    """Data written before the cookie was known stay, unless the session has the key already."""
    inner = BeakerSessionFactoryConfig(key="sid", secret=SECRET, type="memory")

    def factory(request):
        session = inner(request)
        session.setdefault("visits", 0)
        return session

    def visit(m):
        m["a"]["visits"] += 1
        return m["a"]["visits"]

    browser = browse(a=factory)
    assert browser.multi(visit) == 1
    header = {"HTTP_COOKIE": f"flag; sid={browser.client.cookies['sid']}"}
    assert browser.stranger().multi(visit, **header) == 2
    assert browser.multi(visit) == 3


def test_other_cookies_alone_are_not_a_session(browse, tmp_path):
    """A new session begins, and only when something is written to it."""
    browser = browse(**configured(tmp_path))
    assert browser.multi(user, HTTP_COOKIE="other=1; flag") is None
    assert browser.set_cookies == []
