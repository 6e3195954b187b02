"""A library that keeps the id of a session that is renewed does not do so silently."""

from __future__ import annotations

import logging

import pytest
from pyramid_kvs2.session import SessionFactory
from pyramid_session_multi import (
    SessionLibrary,
    SessionMultiAuthenticationHelper,
)


class Store:
    """A session library of a kind that is common: ``invalidate`` empties the session only.

    :param changes: true if the id is new after ``invalidate``, as it should be.
    :param at_once: true if the cookie is set by ``invalidate``, and by no callback.
    """

    def __init__(self, name="sid", *, changes=False, sends=True, reads=True, at_once=False):
        self.name, self.changes, self.sends, self.reads = name, changes, sends, reads
        self.at_once = at_once
        self.sessions = {}
        self.ids = 0

    def __call__(self, request):
        store = self

        class Session(dict):
            new = False
            sid = request.cookies.get(store.name) if store.reads else None

            def invalidate(self):
                self.clear()
                if store.changes:
                    self.sid = None
                if store.at_once:
                    save(request, request.response)

            def new_csrf_token(self):
                self["_csrft_"] = "token"

        session = Session(self.sessions.get(Session.sid, {}))

        def save(request, response):
            if session.sid is None:
                self.ids += 1
                session.sid = f"id-{self.ids}"
            self.sessions[session.sid] = dict(session)
            if self.sends:
                response.set_cookie(self.name, session.sid)

        if not self.at_once:
            request.add_response_callback(save)
        elif session.sid is None:
            save(request, request.response)
        return session


@pytest.fixture
def warnings(caplog):
    """The warnings that were logged."""
    caplog.set_level(logging.WARNING, "pyramid_session_multi")
    return lambda: [record.getMessage() for record in caplog.records]


def login(m):
    m["a"]["user"] = "ann"


def renewed(browser):
    """A browser whose session was renewed in its second request."""
    browser.multi(login)
    browser.multi(lambda m: m.renew("a"))
    return browser


def test_an_id_that_stays_is_logged(browse, warnings):
    """The warning has the namespace, the factory and the fix; the attacker shares the session."""
    browser = browse(a=Store())
    browser.multi(login)
    attacker = browser.thief()
    browser.multi(lambda m: m.renew("a"))
    assert attacker.multi(lambda m: m["a"]["user"]) == "ann"
    (text,) = warnings()
    assert text.startswith("the cookie of the session 'a' is the same as before renew")
    assert "test_renewal_check.Store" in text
    assert "config.register_session_library" in text
    assert "id-1" not in text


@pytest.mark.parametrize("declared", [None, "sid", "wrong"])
@pytest.mark.parametrize("sends", [True, False])
def test_the_name_of_the_cookie_need_not_be_known(browse, warnings, declared, sends):
    """Nor right, if it was declared; nor need the cookie be sent again."""
    store = Store()
    browser = browse(a=(store, None, declared))
    browser.multi(login)
    store.sends = sends
    browser.multi(lambda m: m.renew("a"))
    assert len(warnings()) == 1


@pytest.mark.parametrize("declared", [None, "sid"])
def test_an_id_that_changes_is_not_logged(browse, warnings, declared):
    """The library does what it should."""
    renewed(browse(a=(Store(changes=True), None, declared)))
    assert warnings() == []


def test_a_session_that_nobody_knew_is_not_logged(browse, warnings):
    """Without a cookie there is no id to keep."""
    browser = browse(a=Store())
    browser.multi(lambda m: m.renew("a"))
    assert warnings() == []


def test_cookies_of_other_namespaces_do_not_count(browse, warnings, signed):
    """Neither as the session's own, nor as a change of it."""
    browser = browse(a=Store(), b=signed("b"))
    browser.multi(lambda m: m["b"].update({"x": 1}))
    browser.multi(lambda m: m.renew("a"))
    assert warnings() == []
    browser.multi(lambda m: (m["b"].update({"x": 2}), m.renew("a")))
    assert len(warnings()) == 1


@pytest.mark.parametrize("sends", [True, False])
def test_another_cookie_of_the_application_does_not_hide_it(browse, warnings, sends):
    """If the name of the session's is known."""
    store = Store()

    def view(request):
        request.session_multi.renew("a")
        request.response.set_cookie("theme", "dark")

    browser = browse(a=(store, None, "sid"))
    browser.multi(login)
    browser.client.set_cookie("theme", "light")
    store.sends = sends
    browser.visit(view)
    assert len(warnings()) == 1


def other_cookies(request):
    """Change a cookie of the application, of another namespace and of ``request.session``."""
    theme = request.cookies.get("theme", "")
    request.response.set_cookie("theme", f"{theme}x")
    for session in (request.session, request.session_multi["b"], request.session_multi["c"]):
        session["visits"] = session.get("visits", 0) + 1


@pytest.fixture
def surrounded(browse, signed):
    """A browser with a session ``a`` of this store, and with other cookies that change."""

    def setup(config):
        config.set_session_factory(signed("session"))

    def surrounded(store, visits=1):
        browser = browse(a=store, b=signed("b"), c=Store("c", changes=True), setup=setup)
        browser.multi(login)
        for _ in range(visits):
            browser.visit(other_cookies)
        return browser

    return surrounded


def renew_among_others(request):
    request.session_multi["c"].invalidate()
    request.session_multi.renew("a")
    other_cookies(request)


@pytest.mark.parametrize("visits", [0, 1])
def test_other_cookies_do_not_hide_it(surrounded, warnings, visits):
    """New or changed, they are not the ones that the callbacks of the library set."""
    surrounded(Store(), visits).visit(renew_among_others)
    assert [text.split("'")[1] for text in warnings()] == ["a"]


def test_other_cookies_do_not_hide_that_it_is_not_sent_again(surrounded, warnings):
    """New cookies are the application's."""
    store = Store()
    browser = surrounded(store, visits=1)
    browser.client.cookiejar.clear("localhost.local", "/", "theme")
    store.sends = False
    browser.visit(renew_among_others)
    assert len(warnings()) == 1


@pytest.mark.parametrize("sets", ["with a callback", "at once"])
def test_other_cookies_do_not_hide_that_it_changes(surrounded, warnings, sets):
    """Also where the others stay the same."""
    store = Store(changes=True, at_once=sets == "at once")
    browser = surrounded(store)
    browser.visit(renew_among_others)
    browser.multi(lambda m: m.renew("a"))
    assert warnings() == []


@pytest.mark.parametrize("sets", ["with a callback", "at once"])
def test_other_cookies_do_not_count_as_that_of_a_new_session(browse, warnings, sets):
    """The request brought the application's cookie only."""
    browser = browse(a=Store(at_once=sets == "at once"))
    browser.client.set_cookie("theme", "dark")
    browser.multi(lambda m: m.renew("a"))
    assert warnings() == []


def test_remember_warns_as_well(browse, warnings):
    """A login is what it is about."""
    helper = SessionMultiAuthenticationHelper("a")
    browser = browse(a=Store())
    browser.multi(lambda m: m["a"].update({"cart": 1}))
    browser.visit(lambda request: helper.remember(request, "ann"))
    assert len(warnings()) == 1


def test_two_sessions_are_checked_each(browse, warnings):
    """Whichever callback comes last."""
    browser = browse(a=Store("a"), b=(Store("b"), None, "b"))
    browser.multi(lambda m: (m["a"].update({"x": 1}), m["b"].update({"x": 1})))
    browser.multi(lambda m: (m.renew("b"), m.renew("a")))
    assert sorted(text.split("'")[1] for text in warnings()) == ["a", "b"]


def test_a_cookie_that_is_set_last_of_all_is_seen(browse, warnings):
    """By a callback that a callback of the library adds."""

    store = Store(changes=True)

    def factory(request):
        session = store(request)
        (save,) = [each for each in request.response_callbacks if each.__name__ == "save"]
        request.response_callbacks.remove(save)
        request.add_response_callback(lambda request, response: request.add_response_callback(save))
        return session

    renewed(browse(a=factory))
    assert warnings() == []


def test_a_callback_that_wants_to_be_last_as_well_does_not_hang(browse, warnings):
    """Each waits for the other, up to a limit."""

    def view(request):
        request.session_multi.renew("a")
        request.add_response_callback(last)

    def last(request, response):
        if request.response_callbacks:
            request.add_response_callback(last)

    browser = browse(a=Store())
    browser.multi(login)
    browser.visit(view)
    assert len(warnings()) == 1


def test_described_libraries_are_not_checked(browse, warnings, any_library):
    """Their descriptions know how to give a session a new id."""
    renewed(browse(a=any_library("sid")))
    assert warnings() == []


@pytest.mark.parametrize("method", ["renew", "invalidate", "read"])
def test_a_description_counts_if_it_says_how(browse, warnings, method):
    """With ``renew`` or ``invalidate``; all others say nothing about the id."""
    store = Store()

    class Described(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is store

    setattr(Described, method, lambda *args: getattr(SessionLibrary, method)(*args))
    renewed(browse(a=store, setup=lambda config: config.register_session_library(Described())))
    assert len(warnings()) == (method == "read")


def test_an_undecodable_header_is_nothing_to_compare_with(browse, warnings):
    """A library that reads no cookies opens a session all the same."""
    browser = browse(a=Store(reads=False))
    browser.multi(lambda m: m.renew("a"), HTTP_COOKIE=r'x="\377"')
    assert warnings() == []


def test_pyramid_kvs2_is_found_out(browse, warnings, redis):
    """A real one, as its settings make it."""
    options = {"kvs": "redis", "kvs_kwargs": {"unix_socket_path": redis.socket}, "key_name": "sid"}
    browser = renewed(browse(a=SessionFactory({"kvs.session": options})))
    assert browser.multi(lambda m: m["a"]["user"]) == "ann"
    assert len(warnings()) == 1
