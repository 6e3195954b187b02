"""``edit_session`` edits the real session of a TestApp's cookie jar, in its real backend."""

import contextlib
import time

import pytest
from pyramid_session_multi import RefusedSession, UnregisteredSession, https_only
from pyramid_session_multi_testing import edit_session, read_session
from webtest import TestApp

HTTPS = "https://localhost/"


@pytest.fixture
def browser(browse, any_library, signed):
    """An application with a cart of each kind, and another session in a signed cookie."""
    return browse(cart=any_library("cart"), other=signed("other"))


def carts(multi):
    """A view that returns the cart as the application sees it."""
    return {key: multi["cart"].get(key) for key in ("items", "user") if key in multi["cart"]}


def test_the_application_sees_the_edited_data(browser):
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
        cart["user"] = "anna"
    assert browser.multi(carts) == {"items": ["tea"], "user": "anna"}


def test_it_holds_the_data_of_the_application(browser):
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"], "user": "anna"}))
    with edit_session(browser.client, "cart") as cart:
        assert cart["items"] == ["tea"]
        del cart["user"]
        cart["items"] = ["milk"]
    assert browser.multi(carts) == {"items": ["milk"]}


def test_changes_in_place_are_saved(browser):
    """``session.changed()`` is not necessary: a test would forget it, as applications do."""
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    with edit_session(browser.client, "cart") as cart:
        cart["items"].append("milk")
    assert browser.multi(carts) == {"items": ["tea", "milk"]}


@pytest.mark.parametrize("empty", ["clear", "invalidate", "pop"])
def test_an_emptied_session_is_empty(browser, empty):
    """Some libraries would otherwise send the old data again, or leave them on the server."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    with edit_session(browser.client, "cart") as cart:
        cart.pop("items") if empty == "pop" else getattr(cart, empty)()
    assert browser.multi(carts) == {}
    assert read_session(browser.client, "cart") == {}


def test_an_emptied_session_can_be_filled_again(browser):
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
    """Sessions on a server are edited there; their cookie stays the same."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    cookies_before = jar(browser.client)
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["milk"]
    in_the_cookie = kind in ("signed", "nacl", "beaker_cookie", "namespace_bound", "undescribed")
    assert (jar(browser.client) == cookies_before) is not in_the_cookie


def test_an_untouched_session_sets_no_cookie(browser, jar):
    """The visitor still has no session."""
    with edit_session(browser.client, "cart") as cart:
        assert "items" not in cart
    assert jar(browser.client) == []


def test_a_block_that_raises_changes_nothing(browser, jar):
    """Neither in the jar nor in the backend."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    cookies_before = jar(browser.client)
    with pytest.raises(ZeroDivisionError), edit_session(browser.client, "cart") as cart:
        cart.update({"items": ["milk"], "user": cart.clear() or 1 / 0})
    assert jar(browser.client) == cookies_before
    assert browser.multi(carts) == {"items": ["tea"]}


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, pytest.skip.Exception])
def test_a_block_left_by_a_base_exception_changes_nothing(browser, jar, error):
    """``pytest.skip`` raises a ``BaseException``, for example."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    cookies_before = jar(browser.client)
    with contextlib.suppress(error), edit_session(browser.client, "cart") as cart:
        cart["items"] = ["milk"]
        raise error
    assert jar(browser.client) == cookies_before
    assert browser.multi(carts) == {"items": ["tea"]}


def test_data_that_cannot_be_stored_change_nothing(browse, signed, jar):
    """The library's own error is raised, as in the application."""
    browser = browse(cart=signed("cart"))
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    cookies_before = jar(browser.client)
    with pytest.raises(ValueError, match="too long"), edit_session(browser.client, "cart") as cart:
        cart["items"] = ["x" * 5000]
    assert jar(browser.client) == cookies_before


def test_other_cookies_do_not_change(browser, jar):
    browser.multi(lambda multi: multi["other"].update({"x": 1}))
    browser.client.set_cookie("theme", "dark")
    cookies_before = jar(browser.client)
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    assert [c for c in jar(browser.client) if c[2] != "cart"] == cookies_before
    assert browser.multi(lambda multi: multi["other"]["x"]) == 1


@pytest.mark.parametrize("wrap", [lambda x: x, "hide"])
def test_cookies_of_namespaces_that_a_discriminator_opens_do_not_change(
    browse, signed, undescribed, wrap, jar
):
    """It can write to another session, which then sends its cookie."""
    wrap = undescribed if wrap == "hide" else wrap

    def logged_in(request):
        request.session_multi["other"]["seen"] = True
        return True

    browser = browse(cart=(wrap(signed("cart")), logged_in, "cart"), other=signed("other"))
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    assert [name for _, _, name, _, _ in jar(browser.client)] == ["cart"]


def test_each_testapp_has_its_own_session(browser):
    anna, bert = browser.client, TestApp(browser.app)
    for client, user in ((anna, "anna"), (bert, "bert")):
        with edit_session(client, "cart") as cart:
            cart["user"] = user
    assert read_session(anna, "cart")["user"] == "anna"
    assert read_session(bert, "cart")["user"] == "bert"


def test_two_namespaces_can_be_edited_at_once(browser):
    client = browser.client
    with edit_session(client, "cart") as cart, edit_session(client, "other") as other:
        cart["items"], other["x"] = ["tea"], 1
    assert browser.multi(carts) == {"items": ["tea"]}
    assert browser.multi(lambda multi: multi["other"]["x"]) == 1


def test_a_secure_session_is_edited_over_https(browse, any_library):
    """The url decides what ``https_only`` sees and whether the jar sends a Secure cookie."""
    browser = browse(account=(any_library("account", secure=True), https_only))
    with edit_session(browser.client, "account", url=HTTPS) as account:
        account["user"] = "anna"
    assert browser.multi(lambda multi: multi["account"]["user"], url=HTTPS) == "anna"
    assert browser.multi(lambda multi: multi["account"]) is None
    assert read_session(browser.client, "account", url=HTTPS)["user"] == "anna"


def test_sessions_in_redis_are_edited_in_redis(browse, library, redis):
    """A block that raises or stores nothing leaves no key there."""
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


@pytest.mark.parametrize("kind", ["signed", "nacl", "redis", "beaker_file", "beaker_cookie"])
def test_a_session_whose_lifetime_is_over_begins_anew(browse, make, kind, monkeypatch):
    """For reading and editing, as for the application."""

    def setup(config):
        config.register_session_factory("cart", make(kind)("cart"), lifetime=3600)

    browser = browse(setup=setup)
    with edit_session(browser.client, "cart") as cart:
        cart["items"] = ["tea"]
    assert browser.multi(carts) == {"items": ["tea"]}
    later = time.time() + 4000
    # In this order: importing the module binds time.time to that name.
    monkeypatch.setattr("pyramid_session_redis.util.time_time", lambda: later)
    monkeypatch.setattr(time, "time", lambda: later)
    assert read_session(browser.client, "cart") == {}
    with edit_session(browser.client, "cart") as cart:
        assert "items" not in cart
        cart["user"] = "anna"
    assert browser.multi(carts) == {"user": "anna"}


def test_an_unknown_namespace_is_a_key_error(browser):
    with pytest.raises(KeyError, match="Did you mean 'cart'") as caught:
        edit_session(browser.client, "carts").__enter__()
    assert isinstance(caught.value, UnregisteredSession)


def test_a_refused_namespace_is_a_refused_session(browse, any_library):
    browser = browse(account=(any_library("account"), https_only))
    with pytest.raises(RefusedSession, match="https_only") as caught:
        edit_session(browser.client, "account").__enter__()
    assert caught.value.namespace == "account"
    assert caught.value.discriminator is https_only
    [note] = caught.value.__notes__
    assert "http://localhost/" in note
    assert "url='https://localhost/'" in note


@pytest.mark.parametrize("wrong", [None, "http://localhost", 1])
def test_an_argument_that_is_not_a_testapp_is_a_type_error(wrong):
    with pytest.raises(TypeError, match=r"first argument must be a webtest\.TestApp, not "):
        edit_session(wrong, "cart").__enter__()


def test_an_application_is_not_a_testapp(browser):
    with pytest.raises(TypeError, match=r"not pyramid\.router\.Router: .* Pass the TestApp"):
        read_session(browser.app, "cart")
