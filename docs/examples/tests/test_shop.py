"""The shop's own tests, with pyramid_session_multi_testing."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from pyramid.interfaces import IBeforeRender
from pyramid.paster import get_app
from pyramid_session_multi import UndeclaredSession
from pyramid_session_multi_testing import edit_session, read_session
from webtest import TestApp

SHOP = Path(__file__).parents[1] / "shop.ini"
HTTPS = "https://localhost/"


@pytest.fixture
def testapp(tmp_path):
    return TestApp(get_app(str(SHOP), options={"secret": "tests-only" * 8, "data": str(tmp_path)}))


def test_the_cart_outlives_a_logout(testapp):
    """Log in, fill the cart, switch to https, look at both: four lines, whatever the library."""
    with (
        edit_session(testapp, "account", url=HTTPS) as account,
        edit_session(testapp, "cart") as cart,
    ):
        account["userid"], cart["basket"] = "anna", {"tea": 2}
    testapp.post(HTTPS + "logout")
    assert (read_session(testapp, "account", url=HTTPS), read_session(testapp, "cart")) == (
        {},
        {"basket": {"tea": 2}},
    )


def test_a_login_renews_the_account(testapp):
    """The token from before is worth nothing afterwards; what else was there stays."""
    with edit_session(testapp, "account", url=HTTPS) as account:
        account["note"], token = "ring twice", account.get_csrf_token()
    testapp.post(HTTPS + "login", {"user": "anna"})
    account = read_session(testapp, "account", url=HTTPS)
    assert (account["userid"], account["note"]) == ("anna", "ring twice")
    assert account["_csrft_"] != token


def test_looking_at_the_page_opens_nothing(testapp):
    """The page shows the data of the cookies, and sends none."""
    with edit_session(testapp, "cart") as cart:
        cart["basket"] = {"tea": 1}
    state = testapp.get("/state").json
    assert state["opened"] == []
    assert state["namespaces"]["cart"]["values"] == {"basket": {"tea": 1}}


def test_any_cache_may_keep_the_price_list(testapp):
    """It depends on no cookie and sets none, whatever the visitor has."""
    with edit_session(testapp, "cart") as cart, edit_session(testapp, "public") as public:
        cart["basket"], public["note"] = {"tea": 1}, "mine"
    response = testapp.get("/prices")
    assert (response.cache_control.public, response.cache_control.max_age) == (True, 3600)
    assert not {"Vary", "Set-Cookie"} & set(response.headers)


def test_the_price_list_cannot_show_a_session(testapp):
    """A template that tries fails, rather than show one visitor's data to all."""

    def show_the_cart(event):
        event["basket"] = event["request"].session_multi["cart"].get("basket")

    testapp.app.registry.registerHandler(show_the_cart, (IBeforeRender,))
    testapp.app.registry.has_listeners = True
    with pytest.raises(UndeclaredSession, match=r"pages\.prices declares no session"):
        testapp.get("/prices")
    testapp.get("/")


def stranger(testapp):
    """Another device, with a cookie jar of its own."""
    return TestApp(testapp.app)


def greeting(testapp):
    """The name of the visitor on the page."""
    page = testapp.get(HTTPS, headers={"Accept": "text/html"}).text
    match = re.search(r"You are <b>(.*?)</b>", page)
    return match and match[1]


def test_who_logs_out_everywhere_is_a_stranger_on_each_device(testapp):
    """At the next click, although both sessions are in their cookies; others stay logged in."""
    here, there, other = testapp, stranger(testapp), stranger(testapp)
    for device, user in [(here, "anna"), (there, "anna"), (other, "bert")]:
        device.post(HTTPS + "login", {"user": user})
    assert [greeting(device) for device in (here, there, other)] == ["anna", "anna", "bert"]
    here.post(HTTPS + "logout/everywhere")
    assert [greeting(device) for device in (here, there, other)] == [None, None, "bert"]
    there.post(HTTPS + "login", {"user": "anna"})
    assert greeting(there) == "anna"


def test_a_login_ends_after_ten_minutes_however_much_it_is_used(testapp, monkeypatch):
    """The lifetime of shop.ini."""
    now = time.time()
    testapp.post(HTTPS + "login", {"user": "anna"})
    for minute in range(1, 10):
        monkeypatch.setattr(time, "time", lambda minute=minute: now + 60 * minute)
        assert greeting(testapp) == "anna"
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert greeting(testapp) is None
    assert read_session(testapp, "account", url=HTTPS) == {}
