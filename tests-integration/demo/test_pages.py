"""The demo's pages and forms: markup, forged posts, mistakes and the toolbar."""

import html
import json
import re
from urllib.parse import urlsplit

import pytest

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"

NAMESPACES = ("public", "cart", "account")


def test_values_are_escaped(visitor):
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
    def test_with_the_token_it_redirects_to_the_page(self, shop, visitor, to):
        visitor.page(to)
        here = getattr(shop, to)
        form = {"ns": "cart", "key": "a", "value": "b", "csrf_token": visitor.token}
        done = visitor.send("POST", f"{here}/write", form=form, Accept=HTML, Origin=here)
        assert done.status == 303
        assert done.headers["Location"].startswith(f"{here}/?done=write&ns=cart")
        assert visitor.values("cart") == {"a": "b"}

    def test_over_https_a_foreign_origin_is_refused_despite_the_token(self, shop, visitor):
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
        ("write?ns=cart&key=a", 400, "value must have 1 to 100 characters."),
        (f"write?ns=cart&key=a&value={'x' * 101}", 400, "value must have 1 to 100 characters."),
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
def test_an_unknown_page_is_not_found(shop, visitor, method, path):
    answer = visitor.send(method, f"{shop.http}/{path}")
    assert answer.status == 404
    assert json.loads(answer.text) == {"error": "The resource could not be found."}


@pytest.mark.parametrize("to", ["http", "https"])
def test_the_debug_toolbar_has_the_panel(visitor, to):
    visitor.post("write", ns="cart", key="a", value="b")
    (toolbar,) = re.findall(r'href="(\S+/_debug_toolbar/\d+)"', visitor.page(to))
    page = visitor.send("GET", toolbar).text
    assert "SessionMulti" in page
    assert "shop_account" in page


def test_the_page_loads_nothing_from_other_hosts(visitor):
    ours = {urlsplit(visitor.shop.http).netloc, urlsplit(visitor.shop.https).netloc}
    urls = re.findall(r"""(?:src|href|action)=["']([^"']*)""", visitor.page())
    assert {urlsplit(url).netloc for url in urls} <= {*ours, ""}


@pytest.mark.parametrize("to", ["http", "https"])
def test_the_price_list_is_the_same_for_everybody(shop, visitor, to):
    """Nothing in the response depends on a session, so any cache may keep it."""
    url = f"{getattr(shop, to)}/prices"
    stranger = visitor.send("GET", url, Accept=HTML)
    visitor.post("cart/add", good="tea")
    visitor.post("login", to="https", user="ada")
    customer = visitor.send("GET", url, Accept=HTML)
    responses = [stranger, customer]
    for response in responses:
        assert response.headers["Cache-Control"] == "max-age=3600, public"
        assert "Vary" not in response.headers
        assert "Set-Cookie" not in response.headers
    without_toolbar = [re.sub(r"_debug_toolbar/\d+", "", page.text) for page in responses]
    assert without_toolbar[0] == without_toolbar[1]


@pytest.mark.parametrize(("to", "is_refused"), [("http", True), ("https", False)])
def test_feedback_names_the_session_that_was_not_invalidated(shop, visitor, to, is_refused):
    visitor.page(to)
    here = getattr(shop, to)
    form = {"csrf_token": visitor.token}
    done = visitor.send("POST", f"{here}/invalidate", form=form, Accept=HTML, Origin=here)
    page = visitor.send("GET", done.headers["Location"], Accept=HTML).text
    assert "All sessions were invalidated" in page
    assert ("except account, which refuses http" in page) == is_refused


@pytest.mark.parametrize(
    ("query", "has_feedback"),
    [
        ("done=renew&ns=cart", True),
        ("done=renew&ns=cart&request=3139", True),
        ("done=renew&ns=evil", False),
        ("done=evil&ns=cart", False),
        ("ns=cart", False),
    ],
)
def test_feedback_is_only_a_sentence_of_the_shop(shop, visitor, query, has_feedback):
    """A link from another site cannot make the page say anything else."""
    page = visitor.send("GET", f"{shop.http}/?{query}", Accept=HTML).text
    assert ('class="feedback"' in page) == has_feedback
    assert ("cart was renewed" in page) == has_feedback
    assert "evil" not in page


def test_a_request_number_that_is_not_one_gives_no_link(shop, visitor):
    page = visitor.send("GET", f"{shop.http}/?done=logout&request=../evil", Accept=HTML).text
    assert 'class="feedback"' in page
    assert "evil" not in page
    assert "Look at that request" not in page


@pytest.mark.parametrize(
    ("path", "title"), [("nothing-here", "Not Found"), ("write?ns=cart", "Bad Request")]
)
def test_an_error_page_has_its_name_as_the_heading(shop, visitor, path, title):
    page = visitor.send("POST", f"{shop.http}/{path}", Accept=HTML).text
    assert f"<h1>{title}</h1>" in page
