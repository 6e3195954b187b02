"""``peek``: what the request's cookie holds for a namespace, or ``None``."""

from __future__ import annotations

import pytest
from pyramid_session_multi import SessionLibrary


def fill(m):
    m["a"]["x"] = {"nested": [1]}
    m["a"].flash("hello")
    return m["a"].get_csrf_token()


def test_peek_holds_the_applications_and_pyramids_keys_only(browse, any_library):
    """A plain ``dict`` with CSRF token and flash messages, without the library's own keys."""
    browser = browse(a=any_library("sid"))
    token = browser.multi(fill)
    peeked = browser.multi(lambda m: m.peek("a"))
    assert type(peeked) is dict
    assert peeked == {"x": {"nested": [1]}, "_f_": ["hello"], "_csrft_": token}


def test_peek_copies_nested_values(browse, any_library):
    """Changing the result changes nothing else."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)

    def change(m):
        m.peek("a")["x"]["nested"].append(2)
        return [m.peek("a")["x"], m["a"]["x"]]

    assert browser.multi(change) == [{"nested": [1]}] * 2
    assert browser.multi(lambda m: m["a"]["x"]) == {"nested": [1]}


def test_peek_copies_values_that_a_library_keeps_in_memory(browse):
    """Not every library creates new values for each request."""

    class Session(dict):
        new = False

    class Store:
        def __init__(self):
            self.data = {"x": [1]}

        def __call__(self, request):
            return Session(self.data)

    class StoreLibrary(SessionLibrary):
        def recognizes_factory(self, candidate):
            return isinstance(candidate, Store)

        def cookie_name(self, factory):
            return "sid"

    store = Store()
    browser = browse(a=store, setup=lambda config: config.register_session_library(StoreLibrary()))
    browser.client.set_cookie("sid", "whatever")
    browser.multi(lambda m: m.peek("a")["x"].append(2))
    assert store.data == {"x": [1]}


def test_peek_is_none_without_a_cookie(browse, any_library, watched):
    """The factory is not called."""
    factory = watched(any_library("sid"))
    assert browse(a=factory).multi(lambda m: m.peek("a")) is None
    assert factory.requests == []


def test_peek_is_none_when_refused(browse, signed, aged, watched):
    """The factory is not called, and the namespace is not in the manager."""
    factory = watched(signed("a"))
    browser = browse(a=(factory, lambda request: False))
    browser.client.set_cookie("a", aged("a", {"x": 1}))
    assert browser.multi(lambda m: (m.peek("a"), len(m))) == (None, 0)
    assert factory.requests == []


KINDS = ["signed", "nacl", "redis", "beaker_memory", "beaker_file", "beaker_database"]


@pytest.mark.parametrize("kind", [*KINDS, "beaker_cookie"])
@pytest.mark.parametrize("forge", ["garbage", "another value", "cut off"])
def test_peek_is_none_when_the_cookie_is_rejected(browse, library, kind, forge):
    """A cookie that the library did not create has no data."""
    browser = browse(a=library(kind)("sid"))
    browser.multi(fill)
    value = browser.client.cookies["sid"].strip('"')
    flipped = value[:-9] + ("A" if value[-9] != "A" else "B") + value[-8:]
    forged = {"garbage": "x", "another value": flipped, "cut off": value[:-4]}
    browser.client.reset()
    browser.client.set_cookie("sid", forged[forge])
    assert browser.multi(lambda m: (m.has_cookie("a"), m.peek("a"))) == (True, None)


def test_peek_is_none_when_the_cookie_timed_out(browse, signed, aged):
    """Pyramid's own sessions are then empty, but their ``new`` is false."""
    browser = browse(a=signed("a", timeout=60))
    browser.client.set_cookie("a", aged("a", {"x": 1}, seconds=30))
    assert browser.multi(lambda m: m.peek("a")) == {"x": 1}
    browser.client.set_cookie("a", aged("a", {"x": 1}, seconds=90))
    assert browser.multi(lambda m: m.peek("a")) is None


def test_peek_is_none_when_a_cookie_of_beakers_timed_out(browse, library):
    """In cookie mode, the time of the last access is in the cookie."""
    from beaker.session import CookieSession, SignedCookie

    browser = browse(a=library("beaker_cookie")("sid", timeout=60))
    key = "the secret of sid"
    session = CookieSession({}, key="sid", validate_key=key)
    session.update({"x": 1, "_creation_time": 1.0, "_accessed_time": 1.0})
    _, value = SignedCookie(key).value_encode(session._encrypt_data())
    browser.client.set_cookie("sid", value)
    assert browser.multi(lambda m: m["a"].get("x")) is None
    browser = browser.stranger()  # that response set another cookie
    browser.client.set_cookie("sid", value)
    assert browser.multi(lambda m: m.peek("a")) is None


def test_peek_is_none_for_an_undescribed_library(browse, signed, undescribed, watched):
    """Reading its sessions may have side effects, so the factory is not called."""
    factory = watched(undescribed(signed("a")))
    browser = browse(a=(factory, None, "a"))
    browser.multi(fill)
    factory.requests.clear()
    assert browser.multi(lambda m: m.peek("a")) is None
    assert factory.requests == []


def test_peek_is_none_if_a_wrapper_returns_another_object(browse, signed):
    """The description fits only the library's own sessions."""
    inner = signed("a")

    class Foreign(dict):
        new = False

    browser = browse(a=lambda request: Foreign(inner(request)))
    browser.client.set_cookie("a", "x")
    assert browser.multi(lambda m: m.peek("a")) is None
