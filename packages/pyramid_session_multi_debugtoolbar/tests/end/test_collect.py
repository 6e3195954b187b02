"""Sessions are read when the request ends: the page is the same whenever it is viewed."""

from __future__ import annotations

import pytest
from pyramid.request import Request
from pyramid.session import (
    BaseCookieSessionFactory,
    JSONSerializer,
    SignedCookieSessionFactory,
)
from webob.cookies import Base64Serializer


def values(here, namespace="a"):
    """Key to its values at the beginning and at the end."""
    (row,) = [row for row in here.panel.report.rows if row.name == namespace]
    assert here.panel._errors.lines == []
    return {change.label: (change.before, change.after) for change in row.changes}


def lost(here):
    return {each.label for row in here.panel.report.rows for each in row.lost}


class Counting(JSONSerializer):
    """A serializer of the application's own that counts how often it loads."""

    def __init__(self):
        self.loaded = 0

    def loads(self, bstruct):
        self.loaded += 1
        return super().loads(bstruct)


class Own(SignedCookieSessionFactory("the secret of a", cookie_name="a")):
    """An application's session class, derived from Pyramid's."""


FACTORIES = {
    "pyramid's": lambda: SignedCookieSessionFactory("the secret of a", cookie_name="a"),
    "wrapped": lambda: lambda request: WRAPPED(request),
    "derived": lambda: Own,
    "its own serializer": lambda: SignedCookieSessionFactory(
        "the secret of a", cookie_name="a", serializer=Counting()
    ),
    "not signed": lambda: BaseCookieSessionFactory(
        Base64Serializer(JSONSerializer()), cookie_name="a"
    ),
}
WRAPPED = SignedCookieSessionFactory("the secret of a", cookie_name="a")


@pytest.mark.parametrize("kind", FACTORIES)
@pytest.mark.parametrize("hours", [0, 100])
def test_the_page_does_not_depend_on_when_it_is_viewed(site, clock, kind, hours):
    """The session had not timed out when the request ended."""
    here = site(a=(FACTORIES[kind](), None, "a"))
    here.multi(lambda m: m["a"].update({"x": 1, "pair": [1]}))
    clock.now += 10

    def view(m):
        m["a"]["x"] = 2
        m["a"]["pair"] = (1, 2)

    here.multi(view)
    here.multi(lambda m: None)
    clock.now += hours * 3600
    assert here.states == {"a": "received, not opened"}
    assert values(here) == {"x": ("2", None), "pair": ("[1, 2]", None)}
    here.index = 1
    assert values(here) == {"x": ("1", "2"), "pair": ("[1]", "(1, 2)")}
    assert lost(here) == {"pair"}
    assert "rejected" not in str(here.content)


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_session_that_had_timed_out_stays_rejected(site, clock, kind):
    """A session that had not timed out by a second stays accepted."""
    here = site(a=(FACTORIES[kind](), None, "a"))
    here.multi(lambda m: m["a"].update({"x": 1}))
    clock.now += 1200
    here.multi(lambda m: None)
    clock.now += 1
    here.multi(lambda m: None)
    here.multi(lambda m: m["a"])
    for here.index, came in ((0, {}), (1, {}), (2, {"x": ("1", None)})):
        assert values(here) == came
        assert ("The cookie was received and rejected" in here.section("a")) == (not came)


def test_a_cookie_that_expired_later_counts(site, signed, clock):
    """The browser still had it when the request ended."""

    def view(request):
        request.session_multi["a"]["x"] = 1
        request.add_response_callback(
            lambda request, response: response.headers.add(
                "Set-Cookie", "b=1; Expires=Fri, 01 Jan 2500 00:00:00 GMT"
            )
        )

    here = site(a=signed("a"), b=signed("b"))
    here.visit(view)
    clock.now += 10**11
    row = here.panel.report.rows[1]
    assert [cookie.deletes for cookie in row.sent_cookies] == [False]


def test_viewing_the_page_does_not_run_the_serializer(site):
    """It ran when the request ended."""
    counting = Counting()
    factory = SignedCookieSessionFactory("secret", cookie_name="a", serializer=counting)
    here = site(a=factory)
    here.multi(lambda m: m["a"].update({"x": 1}))
    here.multi(lambda m: None)
    asked = counting.loaded
    assert asked
    assert values(here) == {"x": ("1", None)}
    assert here.page
    assert counting.loaded == asked


def test_a_request_class_with_its_own_cookies_is_read_at_once(site, signed):
    """It may decode them in its own way, so only the request itself can read them."""

    class Renaming(Request):
        @property
        def cookies(self):
            return {name.removeprefix("own-"): value for name, value in super().cookies.items()}

    here = site(a=signed("a"), setup=lambda config: config.set_request_factory(Renaming))
    here.multi(lambda m: m["a"].update({"x": 1}))
    here.client.set_cookie("own-a", here.client.cookies["a"])
    del here.client.cookies["a"]
    assert here.multi(lambda m: m["a"]["x"]) == 1
    assert values(here) == {"x": ("1", "1")}


def test_the_cookies_at_the_moment_of_opening_count(site, signed):
    """Not those that the application sets on the request earlier or later."""
    here = site(a=signed("a"), b=signed("b"))
    here.multi(lambda m: [m[name].update({"x": name}) for name in "ab"])
    other = here.client.cookies["a"]
    here.multi(lambda m: m["a"].update({"x": "second"}))

    def view(request):
        request.session_multi["a"]
        del request.cookies["b"]
        request.cookies["a"] = other

    here.visit(view)
    assert values(here) == {"x": ("'second'", "'second'")}
    assert here.states == {"a": "opened", "b": "received, not opened"}


def test_a_cookie_header_that_cannot_be_decoded(site, signed):
    """For namespaces that the application did not open, only the panel reports it."""
    here = site(a=signed("a"))
    here.multi(lambda m: m["a"].update({"x": 1}))

    def view(request):
        # after the toolbar's other panels
        request.add_response_callback(
            lambda request, response: request.environ.update(HTTP_COOKIE='a="\\377"')
        )

    here.visit(view)
    assert here.response.status_int == 200
    assert "UnicodeDecodeError was raised when it was read" in here.section("a")
    assert here.panel._errors.lines == []


def test_viewing_twice_builds_one_report(site, signed):
    """The tab and the page share the report."""
    here = site(a=signed("a"))
    here.multi(lambda m: m["a"].update({"x": 1}))
    assert here.states == {"a": "opened"}
    first = here.panel.report
    assert here.page
    assert here.panel.report is first
