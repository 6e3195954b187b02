"""The demo application, as people start it: its pages and posts over real http and https."""

import html
import json
import os
import re
import shlex
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs/examples"
HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
NAMESPACES = ("public", "cart", "account")


@pytest.fixture(scope="module")
def shop(start):
    with start() as shop:
        yield shop


@pytest.fixture
def visitor(shop):
    return shop.visitor()


def test_it_says_where_it_is_and_what_to_try(shop, visitor):
    assert shop.http in shop.greeting[0]
    assert shop.https in shop.greeting[0]
    for line in shop.greeting[2:]:
        curl, *options, url = shlex.split(line)
        assert curl == "curl"
        method = "POST" if "POST" in options else "GET"
        assert ("-k" in options) == url.startswith(shop.https)
        assert visitor.send(method, url).status == 200
    assert visitor.values("cart") == {"note": "hello"}
    assert visitor.values("account") == {"user": "ada"}


def test_looking_touches_nothing(visitor):
    assert visitor.states() == {"public": "untouched", "cart": "untouched", "account": "refused"}
    assert visitor.states("https") == dict.fromkeys(NAMESPACES, "untouched")
    assert visitor.state("https")["asked_for"] == []
    assert not list(visitor.jar)
    assert "Opened for this page: none" in visitor.page()
    assert [cookie.name for cookie in visitor.jar] == ["shop_csrf"]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_write_opens_and_fills_one_namespace(visitor, namespace):
    done = visitor.post("write", to="https", ns=namespace, key="a", value="b")
    assert done["asked_for"] == [namespace]
    expected = dict.fromkeys(NAMESPACES, "untouched") | {namespace: "filled"}
    assert visitor.states("https") == expected
    assert visitor.values(namespace) == {"a": "b"}


def test_http_and_https_share_what_is_not_https_only(visitor):
    visitor.post("write", ns="cart", key="a", value="b")
    visitor.post("login", to="https", user="ada")
    assert visitor.states() == {"public": "untouched", "cart": "filled", "account": "refused"}
    assert visitor.states("https")["cart"] == "filled"
    assert visitor.cookie("account").secure
    assert not visitor.state()["namespaces"]["account"]["has_cookie"]


def test_the_discriminator_refuses_a_cookie_that_came_over_http(shop, visitor):
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
def test_who_wants_the_account_on_http_is_led_to_https(shop, visitor, path):
    refused = visitor.send("POST", f"{shop.http}/{path}")
    assert refused.status == 403
    assert "https_only refused it" in refused.text
    browser = visitor.send("POST", f"{shop.http}/{path}", Accept=HTML)
    assert (browser.status, browser.headers["Location"]) == (303, f"{shop.https}/")


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_message_is_shown_once(visitor, namespace):
    visitor.post("flash", to="https", ns=namespace, message="Hello <there>")
    for _ in range(2):
        assert visitor.state("https")["namespaces"][namespace]["messages"] == ["Hello <there>"]
    page = visitor.page("https")
    assert "Hello &lt;there&gt;" in page
    assert f"Opened for this page: {namespace}" in page
    assert "Hello" not in visitor.page("https")


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_renewing_changes_the_cookie_and_keeps_the_data(shop, visitor, namespace):
    visitor.post("write", to="https", ns=namespace, key="a", value="b")
    before = visitor.cookie(namespace)
    visitor.post("renew", to="https", ns=namespace)
    assert visitor.cookie(namespace).value != before.value
    assert visitor.values(namespace) == {"a": "b"}
    if namespace == "cart":  # what the others knew is in the cookie itself
        assert shop.visitor(before).values("cart") == {}


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_one_namespace_is_invalidated_alone(shop, visitor, namespace):
    for name in NAMESPACES:
        visitor.post("write", to="https", ns=name, key="a", value="b")
    before = visitor.cookie(namespace)
    done = visitor.post("invalidate", to="https", ns=namespace)
    assert done["asked_for"] == [namespace]
    assert visitor.states("https") == dict.fromkeys(NAMESPACES, "filled") | {namespace: "empty"}
    if namespace == "cart":
        assert shop.visitor(before).values("cart") == {}


def test_all_are_invalidated_but_those_untouched_or_refused(visitor):
    visitor.post("write", ns="public", key="a", value="b")
    visitor.post("login", to="https", user="ada")
    assert visitor.post("invalidate")["asked_for"] == ["public"]
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


def test_a_login_renews_the_session_and_welcomes_once(visitor):
    visitor.post("write", to="https", ns="account", key="a", value="b")
    before = visitor.cookie("account").value
    visitor.post("login", to="https", user="ada")
    assert visitor.cookie("account").value != before
    assert visitor.values("account") == {"a": "b", "user": "ada"}
    assert "Welcome, ada." in visitor.page("https")
    assert "Welcome, ada." not in visitor.page("https")


def test_no_namespace_takes_anothers_cookie(shop, visitor):
    for name in NAMESPACES:
        visitor.post("write", to="https", ns=name, key="a", value="b")
    values = {name: visitor.cookie(name).value for name in NAMESPACES}
    for name in NAMESPACES:
        for other in set(NAMESPACES) - {name}:
            sent = f"shop_{name}={values[other]}"
            answer = json.loads(shop.visitor().send("GET", f"{shop.https}/state", Cookie=sent).text)
            row = answer["namespaces"][name]
            assert (row["has_cookie"], row["accepted"], row["values"]) == (True, False, {})


def test_values_are_text_not_markup(visitor):
    evil = "\"'><script>alert(1)</script>"
    for name in NAMESPACES:
        visitor.post("write", to="https", ns=name, key=evil, value=evil)
        visitor.post("flash", to="https", ns=name, message=evil)
    visitor.post("login", to="https", user=evil)
    page = visitor.page("https")
    assert evil not in page
    assert page.count(html.escape("<script>alert(1)")) >= 3 * 3


class TestForgery:
    """A POST from a browser needs the token of the page, and on https its origin."""

    @pytest.mark.parametrize("to", ["http", "https"])
    @pytest.mark.parametrize(
        "headers",
        [{"Origin": "null"}, {"Referer": "http://evil.test/"}, {"Sec_Fetch_Site": "none"}],
    )
    def test_without_the_token_it_is_refused(self, shop, visitor, to, headers):
        visitor.page(to)
        url = f"{getattr(shop, to)}/invalidate"
        assert visitor.send("POST", url, form={}, Accept=HTML, **headers).status == 400

    @pytest.mark.parametrize("to", ["http", "https"])
    def test_with_the_token_it_is_done_and_leads_back_to_the_page(self, shop, visitor, to):
        visitor.page(to)
        here = getattr(shop, to)
        form = {"ns": "cart", "key": "a", "value": "b", "csrf_token": visitor.token}
        done = visitor.send("POST", f"{here}/write", form=form, Accept=HTML, Origin=here)
        assert (done.status, done.headers["Location"]) == (303, f"{here}/")
        assert visitor.values("cart") == {"a": "b"}

    def test_on_https_the_token_is_not_enough_for_a_foreign_origin(self, shop, visitor):
        visitor.page("https")
        form = {"ns": "cart", "csrf_token": visitor.token}
        for origin in (shop.http, "https://evil.example"):
            refused = visitor.send("POST", f"{shop.https}/renew", form=form, Origin=origin)
            assert refused.status == 400
        assert visitor.states()["cart"] == "untouched"


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("write?ns=crat&key=a&value=b", 404, "Did you mean 'cart'?"),
        ("write?ns=cart&key=a", 400, "value takes 1 to 100 characters."),
        (f"write?ns=cart&key=a&value={'x' * 101}", 400, "value takes 1 to 100 characters."),
        ("write?ns=cart&key=_id&value=b", 400, "choose another"),
        ("write?ns=account&key=user&value=root", 400, "choose another"),
        ("cart/add?good=gold", 400, "but not 'gold'"),
    ],
)
def test_a_mistake_is_explained(shop, visitor, path, status, why):
    answer = visitor.send("POST", f"{shop.https}/{path}")
    assert answer.status == status
    assert why in json.loads(answer.text)["error"]
    page = visitor.send("POST", f"{shop.https}/{path}", Accept=HTML)
    assert page.status == status
    assert html.escape(why).replace("&#x27;", "&#39;") in page.text


@pytest.mark.parametrize(("method", "path"), [("GET", "write"), ("POST", "state"), ("GET", "no")])
def test_what_is_not_there_is_not_found(shop, visitor, method, path):
    answer = visitor.send(method, f"{shop.http}/{path}")
    assert answer.status == 404
    assert json.loads(answer.text) == {"error": "The resource could not be found."}


def test_a_session_that_is_full_says_so(shop, visitor):
    url = f"{shop.http}/flash?ns=public&message={'%F0%9F%8D%AA' * 100}"
    while (answer := visitor.send("POST", url)).status == 200:
        pass
    assert answer.status == 400
    assert visitor.states()["public"] == "filled"


@pytest.mark.parametrize("to", ["http", "https"])
def test_the_debug_toolbar_has_the_panel(visitor, to):
    visitor.post("write", ns="cart", key="a", value="b")
    (toolbar,) = re.findall(r'href="(\S+/_debug_toolbar/\d+)"', visitor.page(to))
    shown = visitor.send("GET", toolbar).text
    assert "SessionMulti" in shown
    assert "shop_account" in shown


def test_the_page_asks_nobody_else(visitor):
    ours = {urlsplit(visitor.shop.http).netloc, urlsplit(visitor.shop.https).netloc}
    urls = re.findall(r"""(?:src|href|action)=["']([^"']*)""", visitor.page())
    assert {urlsplit(url).netloc for url in urls} <= {*ours, ""}


def test_with_its_secret_and_data_kept_so_are_the_sessions(start, two_free_ports, tmp_path):
    kept = {
        "SHOP_SECRET": "kept %(s " * 20,
        "SHOP_DATA": str(tmp_path / "100 %(s"),  # neither is for the .ini file to read
        "PORT": str(two_free_ports()),
    }
    with start(**kept) as shop:
        visitor = shop.visitor()
        for name in NAMESPACES:
            visitor.post("write", to="https", ns=name, key="a", value="b")
    with start(**kept):
        assert visitor.states("https") == dict.fromkeys(NAMESPACES, "filled")
    assert (tmp_path / "100 %(s/carts.sqlite").is_file()
    with start(PORT=kept["PORT"]):
        rows = visitor.state("https")["namespaces"]
        assert {name: rows[name]["accepted"] for name in rows} == dict.fromkeys(NAMESPACES, False)


def test_with_a_redis_url_the_carts_are_in_redis(start, redis):
    with start(REDIS_URL=redis.url) as shop:
        visitor = shop.visitor()
        known = set(redis.client.keys())
        visitor.post("write", ns="public", key="a", value="b")
        assert set(redis.client.keys()) == known
        visitor.post("write", ns="cart", key="a", value="b")
        (first,) = set(redis.client.keys()) - known
        assert '"a": "b"' in json.dumps(json.loads(redis.client.get(first)))
        before = visitor.cookie("cart")
        visitor.post("renew", ns="cart")
        assert visitor.values("cart") == {"a": "b"}
        assert not redis.client.exists(first)
        assert shop.visitor(before).values("cart") == {}
        assert "the data is in Redis" in visitor.page()
        visitor.post("invalidate")
        assert set(redis.client.keys()) == known
        assert visitor.states() == {"public": "empty", "cart": "untouched", "account": "refused"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_and_leaves_nothing(start, tmp_path, number):
    with start(TMPDIR=str(tmp_path)) as shop:
        visitor = shop.visitor()
        visitor.post("write", ns="cart", key="a", value="b")
        assert list(tmp_path.iterdir())
        # connections that say nothing, or not all, hold up nothing
        with (
            socket.create_connection(("127.0.0.1", shop.ports[0])) as http,
            socket.create_connection(("127.0.0.1", shop.ports[1])),
        ):
            http.sendall(b"GET / HTTP/1.1\r\n")
            shop.process.send_signal(number)
            assert shop.process.wait(timeout=60) == 0
        for port in shop.ports:
            socket.create_server(("127.0.0.1", port)).close()
    assert not list(tmp_path.iterdir())


def test_clients_that_do_not_speak_tls_or_trust_it_are_no_news(start):
    with start() as shop:
        with pytest.raises(ConnectionError):
            shop.visitor().send("GET", shop.https.replace("https", "http"))
        trusting_few = ssl.create_default_context()
        with (
            socket.create_connection(("127.0.0.1", shop.ports[1])) as connection,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            trusting_few.wrap_socket(connection, server_hostname="localhost")
        assert shop.visitor().states("https") == dict.fromkeys(NAMESPACES, "untouched")
    assert "shop.https" not in shop.process.complaints


@pytest.fixture
def failing_start(two_free_ports):
    """``failing_start(environ)``: what the demo says that cannot be started so."""

    def failing_start(environ):
        done = subprocess.run(
            [sys.executable, "-m", "shop"],
            cwd=EXAMPLES,
            env={**os.environ, "PORT": str(two_free_ports()), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        return done.stderr

    return failing_start


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({"PORT": "many"}, "PORT takes a number"),
        ({"SHOP_SECRET": "short"}, "SHOP_SECRET needs at least 32"),
        ({"REDIS_URL": "nowhere"}, "session_multi.cart.redis_url takes a url"),
    ],
)
def test_what_it_cannot_start_with_is_explained(failing_start, environ, why):
    assert why in failing_start(environ)


def given(argument):
    """The demo, started with an argument."""
    command = [sys.executable, "-m", "shop", argument]
    return subprocess.run(
        command, cwd=EXAMPLES, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("argument", ["--port=8000", "8000"])
def test_an_argument_is_refused_with_what_there_is_instead(argument):
    refused = given(argument)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert re.search(r"^usage: \[PORT=\d+\] \[REDIS_URL=\S+\] ", refused.stderr, re.MULTILINE)
    assert f"unrecognized arguments: {argument}" in refused.stderr


def test_its_help_names_all_that_the_environment_can_say():
    source = (EXAMPLES / "shop/environment.py").read_text()
    asked_for = set(re.findall(r'environ\.get\("(\w+)"', source))
    assert {"PORT", "REDIS_URL"} <= asked_for
    helpful = given("--help")
    assert helpful.returncode == 0
    assert set(re.findall(r"^  ([A-Z_]+) ", helpful.stdout, re.MULTILINE)) == asked_for


def test_a_port_that_is_taken_is_explained(failing_start, shop):
    taken = shop.ports[0]
    assert f"Ports {taken - 1} and {taken}" in failing_start({"PORT": str(taken - 1)})
    assert f"Ports {taken} and {taken + 1}" in failing_start({"PORT": str(taken)})
