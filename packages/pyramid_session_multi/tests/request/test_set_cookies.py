"""``Set-Cookie`` headers that browsers and servers obey."""

from __future__ import annotations

import pytest
from pyramid.session import BaseCookieSessionFactory
from pyramid_session_multi import CookieAttributes
from pyramid_session_multi.request.set_cookies import is_deletion

PREFIXES = ["__Host-", "__Secure-", "__HOST-", "__secure-"]


def attributes(set_cookie):
    """As a browser reads them."""
    parts = [part.partition("=") for part in set_cookie.split(";")[1:]]
    texts = {name.strip().lower(): value.strip() for name, _, value in parts}
    return CookieAttributes(
        path=texts.get("path", ""), domain=texts.get("domain"), secure="secure" in texts
    )


def deletion(browser):
    """The header that deletes the cookie."""
    (header,) = [header for header in browser.set_cookies if is_deletion(header)]
    return header


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_logout_deletes_a_cookie_with_a_prefix(browse, library, prefix):
    """pyramid_session_redis deletes it without ``Secure``, which browsers ignore."""
    name = f"{prefix}sid"
    browser = browse(a=library("redis")(name, cookie_secure=True))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/")
    browser.multi(lambda m: m.invalidate(), url="https://localhost/")
    assert attributes(deletion(browser)).prefix_problems(name) == []


@pytest.mark.parametrize("kind", ["signed", "nacl", "beaker_cookie", "beaker_memory"])
def test_other_libraries_replace_it_by_one_that_browsers_take(browse, library, kind):
    """After a logout the cookie is that of an empty session."""
    browser = browse(a=library(kind)("__Host-sid", secure=True))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/")
    browser.multi(lambda m: m.invalidate(), url="https://localhost/")
    (header,) = browser.set_cookies
    assert attributes(header).prefix_problems("__Host-sid") == []


class FailingSerializer:
    """It cannot read what it has written."""

    def dumps(self, state):
        return b"state"

    def loads(self, cookie):
        raise LookupError(cookie)


def test_a_cookie_that_cannot_be_read_is_deleted_as_well(browse):
    """By ``invalidate``, which does so itself."""
    options = {"cookie_name": "__Host-sid", "secure": True}
    browser = browse(a=BaseCookieSessionFactory(FailingSerializer(), **options))
    browser.multi(lambda m: m.invalidate(), HTTP_COOKIE="__Host-sid=garbage")
    assert attributes(deletion(browser)).prefix_problems("__Host-sid") == []


def deleting(name, **options):
    """A factory of a library that is not described, and deletes its cookie."""

    def factory(request):
        request.add_response_callback(
            lambda request, response: response.delete_cookie(name, **options)
        )
        return {}

    return factory


def test_libraries_that_are_not_described_are_covered(browse):
    """If the name of their cookie is known; ``Path`` is added if it is missing."""
    browser = browse(a=(deleting("__Host-sid", path=None), None, "__Host-sid"))
    browser.multi(lambda m: m["a"])
    assert attributes(deletion(browser)).prefix_problems("__Host-sid") == []


def test_other_cookies_are_not_touched(browse, signed):
    """Neither those of the application, nor those that are not deleted, or have no prefix."""

    def view(request):
        request.session_multi["a"]["x"] = 1
        request.response.delete_cookie("__Host-own")
        request.response.set_cookie("b", "1")
        request.session_multi["b"]

    browser = browse(a=signed("__Host-a"), b=(deleting("sid"), None, "sid"))
    browser.visit(view)
    assert len(browser.set_cookies) == 4
    assert [header for header in browser.set_cookies if "secure" in header.lower()] == []


def test_a_header_begins_with_the_name_of_the_cookie(browse, library):
    """Beaker's begins with a blank, which servers with h11 refuse."""
    browser = browse(a=library("beaker_memory")("sid"))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    (header,) = browser.set_cookies
    assert header.startswith("sid=")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("Max-Age=0", True),
        ("Max-Age=-1", True),
        ("Max-Age=1; expires=Wed, 31-Dec-97 23:59:59 GMT", False),
        ("max-age=x; expires=Wed, 31-Dec-97 23:59:59 GMT", True),
        ("expires=Wed, 31-Dec-2997 23:59:59 GMT", False),
        ("expires=Wed, 99-Dec-99999999999 23:59:59 GMT", False),
        ("expires=", False),
        ("Path=/", False),
    ],
)
def test_a_deletion_is_one_that_browsers_obey(attributes, expected):
    """Max-Age has precedence (RFC 6265 5.3)."""
    assert is_deletion(f"a=b; {attributes}") is expected
