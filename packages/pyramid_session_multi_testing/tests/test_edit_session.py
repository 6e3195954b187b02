"""``edit_session``: the real session of a TestApp's cookie jar, on its real backend."""

import contextlib

import pytest
from pyramid_session_multi import RefusedSession, UnregisteredSession, https_only
from pyramid_session_multi_testing import edit_session, read_session
from webtest import TestApp

HTTPS = "https://localhost/"


@pytest.fixture
def browser(browse, any_library, signed):
    """An application with a cart of each kind, and a signed cookie beside it."""
    return browse(cart=any_library("cart"), other=signed("other"))


def carts(multi):
    """A view: what the application sees in the cart."""
    return {key: multi["cart"].get(key) for key in ("items", "user") if key in multi["cart"]}


def test_the_application_finds_what_was_put_in(browser):
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
        cart["user"] = "anna"
    assert browser.multi(carts) == {"items": ["tea"], "user": "anna"}


def test_it_holds_what_the_application_put_in(browser):
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"], "user": "anna"}))
    with edit_session(browser.client, "cart") as cart:
        assert cart["items"] == ["tea"]
        del cart["user"]
        cart["items"] = ["milk"]
    assert browser.multi(carts) == {"items": ["milk"]}


def test_changes_in_place_are_saved(browser):
    """Without ``session.changed()``, which tests would forget as applications do."""
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    with edit_session(browser.client, "cart") as cart:
        cart["items"].append("milk")
    assert browser.multi(carts) == {"items": ["tea", "milk"]}


@pytest.mark.parametrize("empty", ["clear", "invalidate", "pop"])
def test_what_was_emptied_is_empty(browser, empty):
    """Some libraries would send the old data once more, or leave them on the server."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    with edit_session(browser.client, "cart") as cart:
        cart.pop("items") if empty == "pop" else getattr(cart, empty)()
    assert browser.multi(carts) == {}
    assert read_session(browser.client, "cart") == {}


def test_what_was_emptied_can_be_filled_again(browser):
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    with edit_session(browser.client, "cart") as cart:
        cart.invalidate()
        cart["user"] = "anna"
    assert browser.multi(carts) == {"user": "anna"}


def test_flash_messages_and_csrf_tokens_are_real(browser):
    with edit_session(browser.client, "cart") as cart:
        cart.flash("Welcome")
        token = cart.get_csrf_token()
    assert browser.multi(lambda m: m["cart"].pop_flash()) == ["Welcome"]
    assert browser.multi(lambda m: m["cart"].get_csrf_token()) == token


def test_the_session_keeps_its_id(browser, jar, kind):
    """Server-side sessions are edited on the server."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    before = jar(browser.client)
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["milk"]
    in_the_cookie = kind in ("signed", "nacl", "beaker_cookie", "namespace_bound", "undescribed")
    assert (jar(browser.client) == before) is not in_the_cookie


def test_nothing_put_in_is_no_cookie(browser, jar):
    """A visitor stays one without a session."""
    with edit_session(browser.client, "cart") as cart:
        assert "items" not in cart
    assert jar(browser.client) == []


def test_a_block_that_raises_changes_nothing(browser, jar):
    """Neither the jar nor the backend."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    before = jar(browser.client)
    with pytest.raises(ZeroDivisionError), edit_session(browser.client, "cart") as cart:
        cart.update({"items": ["milk"], "user": cart.clear() or 1 / 0})
    assert jar(browser.client) == before
    assert browser.multi(carts) == {"items": ["tea"]}


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, pytest.skip.Exception])
def test_a_block_that_is_left_otherwise_changes_nothing(browser, jar, error):
    """``pytest.skip`` is no ``Exception``."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    before = jar(browser.client)
    with contextlib.suppress(error), edit_session(browser.client, "cart") as cart:
        cart["items"] = ["milk"]
        raise error
    assert jar(browser.client) == before
    assert browser.multi(carts) == {"items": ["tea"]}


def test_what_cannot_be_stored_changes_nothing(browse, signed, jar):
    """As when the application stores it, the library's own error is raised."""
    browser = browse(cart=signed("cart"))
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    before = jar(browser.client)
    with pytest.raises(ValueError, match="too long"), edit_session(browser.client, "cart") as cart:
        cart["items"] = ["x" * 5000]
    assert jar(browser.client) == before


def test_other_cookies_are_not_touched(browser, jar):
    browser.multi(lambda multi: multi["other"].update({"x": 1}))
    browser.client.set_cookie("theme", "dark")
    before = jar(browser.client)
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    assert [c for c in jar(browser.client) if c[2] != "cart"] == before
    assert browser.multi(lambda multi: multi["other"]["x"]) == 1


@pytest.mark.parametrize("wrap", [lambda x: x, "hide"])
def test_cookies_of_namespaces_opened_on_the_way_are_not_touched(
    browse, signed, undescribed, wrap, jar
):
    """A discriminator may look at another session, which sends its cookie anew for it."""
    wrap = undescribed if wrap == "hide" else wrap

    def logged_in(request):
        request.session_multi["other"]["seen"] = True
        return True

    browser = browse(cart=(wrap(signed("cart")), logged_in, "cart"), other=signed("other"))
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    assert [name for _, _, name, _, _ in jar(browser.client)] == ["cart"]


def test_each_testapp_has_its_own(browser):
    anna, bert = browser.client, TestApp(browser.app)
    for client, user in ((anna, "anna"), (bert, "bert")):
        with edit_session(client, "cart") as cart:
            cart["user"] = user
    assert read_session(anna, "cart")["user"] == "anna"
    assert read_session(bert, "cart")["user"] == "bert"


def test_two_namespaces_at_once(browser):
    client = browser.client
    with edit_session(client, "cart") as cart, edit_session(client, "other") as other:
        cart["items"], other["x"] = ["tea"], 1
    assert browser.multi(carts) == {"items": ["tea"]}
    assert browser.multi(lambda multi: multi["other"]["x"]) == 1


def test_a_login_over_https(browse, any_library):
    """A Secure cookie behind ``https_only``."""
    browser = browse(account=(any_library("account", secure=True), https_only))
    with edit_session(browser.client, "account", url=HTTPS) as account:
        account["user"] = "anna"
    assert browser.multi(lambda multi: multi["account"]["user"], url=HTTPS) == "anna"
    assert browser.multi(lambda multi: multi["account"]) is None
    assert read_session(browser.client, "account", url=HTTPS)["user"] == "anna"


def test_sessions_in_redis_are_edited_in_redis(browse, library, redis):
    """And nothing is left of a block that raised, nor of one that put nothing in."""
    browser = browse(cart=library("redis")("cart"))
    with pytest.raises(ZeroDivisionError), edit_session(browser.client, "cart") as cart:
        cart["x"] = 1 / 0
    with edit_session(browser.client, "cart"):
        pass
    assert redis.client.dbsize() == 0
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    [key] = redis.client.keys()
    with edit_session(browser.client, "cart") as cart:
        cart["items"].append("milk")
    assert redis.client.keys() == [key]
    with (
        redis.commands() as commands,
        pytest.raises(ZeroDivisionError),
        edit_session(browser.client, "cart") as cart,
    ):
        cart["x"] = cart.clear() or 1 / 0
    assert set(commands) == {"GET"}
    with edit_session(browser.client, "cart") as cart:
        cart.clear()
    assert redis.client.dbsize() == 0
    assert not browser.client.cookies


def test_an_unknown_namespace_is_a_key_error(browser):
    with pytest.raises(KeyError, match="Did you mean 'cart'") as caught:
        edit_session(browser.client, "carts").__enter__()
    assert isinstance(caught.value, UnregisteredSession)


def test_a_refused_namespace_is_refused(browse, any_library):
    browser = browse(account=(any_library("account"), https_only))
    with pytest.raises(RefusedSession, match="https_only") as caught:
        edit_session(browser.client, "account").__enter__()
    assert caught.value.namespace == "account"
    assert caught.value.discriminator is https_only
    [note] = caught.value.__notes__
    assert "http://localhost/" in note
    assert "url='https://localhost/'" in note


@pytest.mark.parametrize("wrong", [None, "http://localhost", 1])
def test_what_is_no_testapp_is_a_type_error(wrong):
    with pytest.raises(TypeError, match=r"sessions of a webtest\.TestApp can be read"):
        edit_session(wrong, "cart").__enter__()


def test_an_application_is_no_testapp(browser):
    with pytest.raises(TypeError, match=r"not those of pyramid\.router\.Router.*give the TestApp"):
        read_session(browser.app, "cart")
