"""Browsers' rules for the attributes of a cookie."""

from __future__ import annotations

import pytest
from pyramid_session_multi import CookieAttributes

DOMAINS = ["example.com", ".example.com", "localhost", "my_host", "127.0.0.1", "[::1]", "", None]


@pytest.mark.parametrize("domain", DOMAINS)
def test_host_names_are_domains(domain):
    """Browsers ignore a leading dot; an empty Domain means none (RFC 6265 5.2.3)."""
    assert CookieAttributes(domain=domain).scope_problems() == {}


NO_DOMAINS = {
    "https://example.com": "without the scheme of a url",
    "https://user:hush@example.com/": "without the scheme of a url",
    "example.com:8080": "without a port",
    "example.com ; for all": "a comment after it",
    "example.com # for all": "a comment after it",
    "example .com": "without spaces",
    "bücher.example": "in ASCII",
    "example.com/shop": "takes a host name",
    "example.com.": "takes a host name",
    "example..com": "takes a host name",
    "*.example.com": "takes a host name",
    "example.com;": "takes a host name",
}


@pytest.mark.parametrize(("domain", "problem"), NO_DOMAINS.items())
def test_other_values_are_not_domains(domain, problem):
    """Browsers drop the cookie (RFC 6265 5.3, step 6). A url may hold a password."""
    problems = CookieAttributes(domain=domain).scope_problems()
    assert list(problems) == ["domain"]
    assert problem in problems["domain"]
    assert "hush" not in problems["domain"]


@pytest.mark.parametrize("path", ["/", "/shop", "/shop/", "/%C3%A9", "/~ann/a-b_c.d(e)!$&'*+=:@"])
def test_paths_of_urls_are_paths(path):
    """In the form that browsers send."""
    assert CookieAttributes(path=path).scope_problems() == {}


NO_PATHS = {
    "": "begins with /",
    None: "begins with /",
    "shop": "begins with /",
    "https://example.com/shop": "begins with /",
    "/shop # all of it": "a comment after it",
    "/a b": "without spaces",
    "/é": "as %XX",
    "/a?b": "as %XX",
    "/a#b": "as %XX",
    "/a;b": "as %XX",
    "/a,b": "as %XX",
}


@pytest.mark.parametrize(("path", "problem"), NO_PATHS.items())
def test_other_values_are_not_paths(path, problem):
    """Browsers use another path instead, or never send the cookie (RFC 6265 5.1.4)."""
    problems = CookieAttributes(path=path).scope_problems()
    assert list(problems) == ["path"]
    assert problem in problems["path"]


def test_flags_are_those_that_are_sent():
    """Without a path, WebOb sends no ``Path``."""
    assert CookieAttributes(path=None).flags() == []
    assert CookieAttributes(domain="a.example", max_age=5, secure=True).flags() == [
        "Path=/",
        "Domain=a.example",
        "Max-Age=5",
        "Secure",
    ]
