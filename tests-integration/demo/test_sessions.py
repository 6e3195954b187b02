"""The demo's three sessions, over real http and https."""

import json
import shlex

import pytest

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
NAMESPACES = ("public", "cart", "account")


def test_its_greeting_shows_its_urls_and_commands_that_work(shop, visitor):
    assert shop.http in shop.greeting[0]
    assert shop.https in shop.greeting[0]
    for line in shop.greeting[2:]:
        curl, *options, url = shlex.split(line)
        assert curl == "curl"
        method = "POST" if "POST" in options else "GET"
        assert ("-k" in options) == url.startswith(shop.https)
        assert visitor.send(method, url).status == 200
    assert visitor.values("cart") == {"note": "hello"}
    assert visitor.values("account") == {"userid": "ada"}


def test_its_pages_open_nothing(visitor):
    assert visitor.states() == {"public": "untouched", "cart": "untouched", "account": "refused"}
    assert visitor.states("https") == dict.fromkeys(NAMESPACES, "untouched")
    assert visitor.state("https")["opened"] == []
    assert not list(visitor.jar)
    assert "This page opened no session" in visitor.page()
    assert [cookie.name for cookie in visitor.jar] == ["shop_csrf"]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_write_opens_and_fills_one_namespace(visitor, namespace):
    done = visitor.post("write", to="https", ns=namespace, key="a", value="b")
    assert done["opened"] == [namespace]
    expected = dict.fromkeys(NAMESPACES, "untouched") | {namespace: "filled"}
    assert visitor.states("https") == expected
    assert visitor.values(namespace) == {"a": "b"}


def test_http_and_https_share_all_except_the_account(visitor):
    visitor.post("write", ns="cart", key="a", value="b")
    visitor.post("login", to="https", user="ada")
    assert visitor.states() == {"public": "untouched", "cart": "filled", "account": "refused"}
    assert visitor.states("https")["cart"] == "filled"
    assert visitor.cookie("account").secure
    assert not visitor.state()["namespaces"]["account"]["has_cookie"]


def test_the_account_is_refused_over_http_even_with_a_valid_cookie(shop, visitor):
    visitor.post("login", to="https", user="ada")
    cookie = visitor.cookie("account")
    stranger = shop.visitor()
    sent = f"{cookie.name}={cookie.value}"
    account = json.loads(stranger.send("GET", f"{shop.http}/state", Cookie=sent).text)
    assert account["namespaces"]["account"]["has_cookie"]
    assert account["namespaces"]["account"]["state"] == "refused"
    assert account["namespaces"]["account"]["values"] == {}


@pytest.mark.parametrize(
    "path", ["login?user=ada", "renew?ns=account", "write?ns=account&key=a&value=b"]
)
def test_using_the_account_over_http_redirects_to_https(shop, visitor, path):
    refused = visitor.send("POST", f"{shop.http}/{path}")
    assert refused.status == 403
    assert "https_only refused it" in refused.text
    browser = visitor.send("POST", f"{shop.http}/{path}", Accept=HTML)
    assert browser.status == 303
    assert browser.headers["Location"].startswith(f"{shop.https}/?done=refused&ns=account")


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_message_is_shown_once(visitor, namespace):
    visitor.post("flash", to="https", ns=namespace, message="Hello <there>")
    for _ in range(2):
        assert visitor.state("https")["namespaces"][namespace]["messages"] == ["Hello <there>"]
    page = visitor.page("https")
    assert "Hello &lt;there&gt;" in page
    assert f"This page opened {namespace}" in page
    assert "Hello" not in visitor.page("https")


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_renewing_changes_the_cookie_and_keeps_the_data(shop, visitor, namespace):
    visitor.post("write", to="https", ns=namespace, key="a", value="b")
    before = visitor.cookie(namespace)
    visitor.post("renew", to="https", ns=namespace)
    assert visitor.cookie(namespace).value != before.value
    assert visitor.values(namespace) == {"a": "b"}
    if namespace == "cart":  # the others' data are in the cookie itself
        assert shop.visitor(before).values("cart") == {}


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_one_namespace_can_be_invalidated_alone(shop, visitor, namespace):
    for name in NAMESPACES:
        visitor.post("write", to="https", ns=name, key="a", value="b")
    before = visitor.cookie(namespace)
    done = visitor.post("invalidate", to="https", ns=namespace)
    assert done["opened"] == [namespace]
    assert visitor.states("https") == dict.fromkeys(NAMESPACES, "filled") | {namespace: "empty"}
    if namespace == "cart":
        assert shop.visitor(before).values("cart") == {}


def test_invalidating_all_skips_untouched_and_refused_namespaces(visitor):
    visitor.post("write", ns="public", key="a", value="b")
    visitor.post("login", to="https", user="ada")
    assert visitor.post("invalidate")["opened"] == ["public"]
    assert visitor.states("https") == {
        "public": "empty",
        "cart": "untouched",
        "account": "filled",
    }
    visitor.post("invalidate", to="https")
    assert visitor.states("https")["account"] == "empty"


def test_the_cart_outlives_the_account(visitor):
    for good in ("tea", "tea", "jar"):
        visitor.post("cart/add", good=good)
    visitor.post("cart/remove", good="jar")
    visitor.post("login", to="https", user="ada")
    assert "You are <b>ada</b>" in visitor.page("https")
    visitor.post("logout", to="https")
    assert "You are" not in visitor.page("https")
    assert "2 &times; Earl Grey" in visitor.page()
    assert visitor.values("cart") == {"basket": {"tea": 2}}


def test_logging_out_everywhere_logs_out_each_device(shop):
    here, there, other = (shop.visitor() for _ in range(3))
    for device, user in [(here, "ada"), (there, "ada"), (other, "bob")]:
        device.post("login", to="https", user=user)
        assert f"You are <b>{user}</b>" in device.page("https")
    here.post("logout/everywhere", to="https")
    assert "You are" not in here.page("https")
    assert "You are" not in there.page("https")
    assert "You are <b>bob</b>" in other.page("https")


def test_a_login_renews_the_session_and_welcomes_once(visitor):
    visitor.post("write", to="https", ns="account", key="a", value="b")
    before = visitor.cookie("account").value
    visitor.post("login", to="https", user="ada")
    assert visitor.cookie("account").value != before
    assert visitor.values("account") == {"a": "b", "userid": "ada"}
    assert "Welcome, ada." in visitor.page("https")
    assert "Welcome, ada." not in visitor.page("https")


def test_no_namespace_accepts_anothers_cookie(shop, visitor):
    for name in NAMESPACES:
        visitor.post("write", to="https", ns=name, key="a", value="b")
    values = {name: visitor.cookie(name).value for name in NAMESPACES}
    for name in NAMESPACES:
        for other in set(NAMESPACES) - {name}:
            sent = f"shop_{name}={values[other]}"
            answer = json.loads(shop.visitor().send("GET", f"{shop.https}/state", Cookie=sent).text)
            row = answer["namespaces"][name]
            assert (row["has_cookie"], row["accepted"], row["values"]) == (True, False, {})


def test_a_full_session_is_explained(shop, visitor):
    url = f"{shop.http}/flash?ns=public&message={'%F0%9F%8D%AA' * 100}"
    while (answer := visitor.send("POST", url)).status == 200:
        pass
    assert answer.status == 400
    assert visitor.states()["public"] == "filled"


def test_with_a_redis_url_the_carts_are_in_redis(start, redis):
    with start(REDIS_URL=redis.url) as shop:
        visitor = shop.visitor()
        keys = set(redis.client.keys())
        visitor.post("write", ns="public", key="a", value="b")
        assert set(redis.client.keys()) == keys
        visitor.post("write", ns="cart", key="a", value="b")
        (first,) = set(redis.client.keys()) - keys
        assert '"a": "b"' in json.dumps(json.loads(redis.client.get(first)))
        before = visitor.cookie("cart")
        visitor.post("renew", ns="cart")
        assert visitor.values("cart") == {"a": "b"}
        assert not redis.client.exists(first)
        assert shop.visitor(before).values("cart") == {}
        assert "Its data is in Redis" in visitor.page()
        visitor.post("invalidate")
        assert set(redis.client.keys()) == keys
        assert visitor.states() == {"public": "empty", "cart": "untouched", "account": "refused"}


@pytest.mark.parametrize("namespace", ["public", "account"])
def test_of_two_writes_the_late_one_is_lost(visitor, namespace):
    done = visitor.post("lose", to="https", ns=namespace)
    assert done["opened"] == [namespace]
    assert visitor.values(namespace) == {"in time": "saved"}
    visitor.post("lose", to="https", ns=namespace)
    assert visitor.values(namespace) == {"in time": "saved"}


def test_the_cart_loses_no_write(shop, visitor):
    """Its data are on the server, and some libraries store them at the very end."""
    refused = visitor.send("POST", f"{shop.http}/lose?ns=cart")
    assert (refused.status, visitor.states()["cart"]) == (400, "untouched")
    assert "Choose a session in a cookie" in refused.text
