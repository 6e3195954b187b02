"""``domain`` and ``path`` in the settings: browsers silently drop a cookie with invalid ones."""

from __future__ import annotations

import pytest

OPTIONS = {
    "signed_cookie": ("domain", "path"),
    "nacl": ("domain", "path"),
    "redis": ("cookie_domain", "cookie_path"),
    "memory": ("cookie_domain", "cookie_path"),
    "cookie": ("cookie_domain", "cookie_path"),
}

every_kind = pytest.mark.parametrize("kind", OPTIONS)


@every_kind
@pytest.mark.parametrize(
    "domain", ["https://hush-hush@example.com", "example.com:80", "a b", "example.com/"]
)
def test_a_domain_is_a_host_name(error_with, hushed, kind, domain):
    """Without a scheme, a port or spaces. The value is hidden: a url may hold a password."""
    option = OPTIONS[kind][0]
    message = error_with(hushed(kind) | {option: domain})
    assert message.startswith(f"session_multi.a.{option} takes a host name like example.com")


@every_kind
@pytest.mark.parametrize("path", ["shop", "", "/a b"])
def test_a_path_begins_with_a_slash(error_with, hushed, kind, path):
    """Browsers ignore any other path, or never match it."""
    option = OPTIONS[kind][1]
    message = error_with(hushed(kind) | {option: path})
    assert message.startswith(f"session_multi.a.{option} takes the path of a url")


@every_kind
def test_host_names_and_paths_are_accepted(words, hushed, start, kind):
    """In the forms that browsers accept."""
    domain, path = OPTIONS[kind]
    start(words(a=hushed(kind) | {domain: ".example.com", path: "/shop"}))
