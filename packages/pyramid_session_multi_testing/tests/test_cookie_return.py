"""The jar must send the cookie back to the url whose session is edited."""

from http.cookiejar import CookieJar, DefaultCookiePolicy

import pytest
from pyramid_session_multi_testing import CookieNotReturned, edit_session, read_session
from webtest import TestApp

COOKIES = {
    "secure": (
        {"secure": True},
        {"url": "https://localhost/x"},
        {"url": "/x"},
        r"it is Secure, and the url is not https\. Pass url='https://localhost/x'\.",
    ),
    "path": (
        {"path": "/shop"},
        {"url": "/shop/tea"},
        {"url": "/"},
        r"its Path is '/shop'\. Pass url='http://localhost/shop'\.",
    ),
    "domain": (
        {"domain": ".example.com"},
        {"url": "http://shop.example.com/"},
        {"url": "/"},
        r"its Domain is '\.example\.com', not 'localhost'\. "
        r"Pass extra_environ=\{'HTTP_HOST': 'example\.com'\}\.",
    ),
    "all": (
        {"secure": True, "path": "/shop", "domain": "example.com"},
        {"url": "https://localhost/shop", "extra_environ": {"HTTP_HOST": "example.com"}},
        {"url": "/"},
        r"Pass url='https://localhost/shop' and extra_environ=\{'HTTP_HOST': 'example\.com'\}\.",
    ),
}


@pytest.fixture(params=COOKIES.values(), ids=COOKIES)
def cookie(request):
    """The attributes of a cookie, a url that receives it, one that does not, and the reason."""
    return request.param


def test_the_cookie_is_stored_for_a_url_that_receives_it(browse, any_library, cookie):
    attributes, arguments, other_arguments, _ = cookie
    browser = browse(cart=any_library("cart", **attributes))
    with edit_session(browser.client, "cart", **arguments) as cart:
        cart["x"] = 1
    assert read_session(browser.client, "cart", **arguments) == {"x": 1}
    assert [c.name for c in browser.client.cookiejar] == ["cart"]
    got = browser.client.get(
        arguments["url"],
        extra_environ={"tests.stage": stage, **arguments.get("extra_environ", {})},
    )
    assert got.headers["X-Cart"] == "{'x': 1}"
    response = browser.client.get(other_arguments["url"], extra_environ={"tests.stage": stage})
    assert response.headers["X-Cart"] == "{}"


def stage(request):
    cart = request.session_multi["cart"]
    request.response.headers["X-Cart"] = str({key: cart[key] for key in ("x",) if key in cart})
    return request.response


@pytest.mark.parametrize("kind", ["signed", "nacl", "redis", "beaker_file", "beaker_cookie"])
def test_a_url_that_does_not_receive_it_is_an_error_with_a_fix(browse, make, kind, cookie, jar):
    """It is raised before the block is entered."""
    attributes, arguments, other_arguments, message = cookie
    browser = browse(cart=make(kind)("cart", **attributes))
    with edit_session(browser.client, "cart", **arguments) as cart:
        cart["x"] = 1
    cookies_before = jar(browser.client)
    with pytest.raises(CookieNotReturned, match=message) as caught:
        edit_session(browser.client, "cart", **other_arguments).__enter__()
    assert (caught.value.namespace, caught.value.cookie_name) == ("cart", "cart")
    assert caught.value.url == "http://localhost" + other_arguments["url"]
    with pytest.raises(CookieNotReturned, match=message):
        read_session(browser.client, "cart", **other_arguments)
    assert jar(browser.client) == cookies_before
    assert read_session(browser.client, "cart", **arguments) == {"x": 1}


def test_the_fix_in_the_error_works(browse, signed):
    browser = browse(cart=signed("cart", secure=True, path="/shop", domain=".example.com"))
    with pytest.raises(CookieNotReturned) as caught:
        read_session(browser.client, "cart")
    arguments = caught.value.fix.removeprefix("Pass ").removesuffix(".").replace(" and ", ", ")
    assert read_session(browser.client, "cart", **eval(f"dict({arguments})")) == {}


@pytest.mark.parametrize("kind", ["signed", "beaker_memory"])  # Beaker's header begins with a space
@pytest.mark.parametrize("name", ["secure", "path", "domain"])
def test_the_cookie_of_an_undescribed_library_is_checked_when_it_is_set(
    browse, make, undescribed, kind, name, jar
):
    """At the end of the block; the jar does not store it."""
    attributes, arguments, other_arguments, _ = COOKIES[name]
    browser = browse(cart=(undescribed(make(kind)("cart", **attributes)), None, "cart"))
    with (
        pytest.raises(CookieNotReturned, match=r"it was set with .*Pass the url of a page"),
        edit_session(browser.client, "cart", **other_arguments) as cart,
    ):
        cart["x"] = 1
    assert jar(browser.client) == []
    with edit_session(browser.client, "cart", **arguments) as cart:
        cart["x"] = 1
    assert read_session(browser.client, "cart", **arguments)["x"] == 1


def test_a_library_that_sets_no_cookie_is_an_error(browse, undescribed):
    browser = browse(cart=(undescribed(lambda request: Mute()), None, "cart"))
    with (
        pytest.raises(CookieNotReturned, match="the session library did not set it"),
        edit_session(browser.client, "cart") as cart,
    ):
        cart["x"] = 1


class Mute(dict):
    def changed(self):
        """A change that nothing is notified of."""


@pytest.mark.parametrize(
    ("kind", "message"),
    [("signed", "the jar has another cookie of that name"), ("undescribed", "it was set with")],
)
def test_a_shadowed_cookie_is_an_error(browse, make, jar, kind, message):
    """A test can set one of the same name by hand, for another domain or path."""
    browser = browse(cart=(make(kind)("cart"), None, "cart"))
    with edit_session(browser.client, "cart", url="/x") as cart:
        cart["x"] = 1
    browser.client.set_cookie("cart", "by hand")
    cookies_before = jar(browser.client)
    with (
        pytest.raises(CookieNotReturned, match=message),
        edit_session(browser.client, "cart", url="/x") as cart,
    ):
        cart["x"] = 1
    assert jar(browser.client) == cookies_before


def test_the_policy_of_the_jar_is_respected(browse, signed):
    """A TestApp can have its own jar."""
    jar = CookieJar(DefaultCookiePolicy(allowed_domains=["shop.example.com"]))
    client = TestApp(browse(cart=signed("cart")).app, cookiejar=jar)
    with edit_session(client, "cart", url="http://shop.example.com/") as cart:
        cart["x"] = 1
    assert client.cookies.keys() == {"cart"}
    with pytest.raises(CookieNotReturned, match="the jar's policy"):
        edit_session(client, "cart", url="http://example.com/").__enter__()


def test_the_host_of_the_testapp_is_respected(browse, signed, jar):
    """Pyramid's cookiecutters set it; WebTest prefers it to the host of the url."""
    app = browse(cart=signed("cart", domain="example.com")).app
    client = TestApp(app, extra_environ={"HTTP_HOST": "example.com"})
    with edit_session(client, "cart", url="http://localhost/") as cart:
        cart["x"] = 1
    assert [domain for domain, *_ in jar(client)] == [".example.com"]
    assert client.get("/", extra_environ={"tests.stage": stage}).headers["X-Cart"] == "{'x': 1}"


def test_an_error_while_saving_restores_the_jar(browse, signed, jar):
    """The application's own finished callbacks still run, once."""
    closed_requests = []

    def discriminator(request):
        request.add_finished_callback(closed_requests.append)
        return True

    def factory(request):
        request.add_finished_callback(fails)
        return inner(request)

    def fails(request):
        raise OSError("backend down")

    inner = signed("cart")
    browser = browse(cart=(factory, discriminator))
    with pytest.raises(OSError, match="backend down"), edit_session(browser.client, "cart") as cart:
        cart["x"] = 1
    assert jar(browser.client) == []
    assert len(closed_requests) == 1
