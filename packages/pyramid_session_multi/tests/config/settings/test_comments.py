"""Comments after values: the parser of .ini files takes them as part of the value."""

from __future__ import annotations

import pytest

HUSH = "hush-hush"

COMMENTED = {
    "domain": "example.com ; for all hosts",
    "path": "/shop # the shop",
    "cookie_name": "sid # short",
    "secrets": f"{HUSH * 8} #{HUSH * 8}",
    "secure": "true ; in production",
    "use": "signed_cookie # hush-hush",
    "discriminator": "pyramid_session_multi.https_only ; always",
    "timeout": "# hush-hush",
    "serializer": ";",
}


@pytest.mark.parametrize(("option", "value"), COMMENTED.items(), ids=COMMENTED)
def test_a_comment_after_a_value_is_an_error(error_with, hushed, option, value):
    """An old secret that is commented out there would still verify cookies."""
    message = error_with(hushed("signed_cookie") | {option: value})
    assert message == (
        f"session_multi.a.{option} has a # or ; after white space: in an .ini file, a comment "
        "after a value is part of the value. Write it on a line of its own."
    )


TEXTS = [("redis", "redis_host"), ("redis", "prefix"), ("memory", "cookie_domain"), ("own", "x")]


@pytest.mark.parametrize(("kind", "option"), TEXTS)
def test_options_that_take_any_text_are_checked_as_well(
    error_with, hushed, package, signed, kind, option
):
    """So are the options of the application's own callable."""
    package.make = lambda options: signed("a")
    own = {"use": "package_of_somebody.make"}
    options = own if kind == "own" else hushed(kind)
    assert f"session_multi.a.{option} has a # or ;" in error_with(options | {option: "a ;b"})


def test_a_comment_after_the_namespaces_is_an_error(error_of, words, hushed):
    """Its words would be namespaces without options."""
    settings = words(a=hushed("signed_cookie"))
    message = error_of(settings | {"session_multi.namespaces": "a # all of them"})
    assert message.startswith("session_multi.namespaces has a # or ; after white space")


def test_a_value_can_contain_comment_characters(words, hushed, start):
    """Only white space before them starts a comment, in secrets as well."""
    start(words(a=hushed("redis") | {"secret": f"#{HUSH * 8};#", "prefix": "a;b#"}))
