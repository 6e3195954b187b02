"""Options that all session libraries share, and options that are read from a signature."""

from __future__ import annotations

import pytest
from pyramid.session import JSONSerializer
from pyramid_session_multi import https_only
from pyramid_session_multi.libraries.library_options import options_from_signature

FLAGS = {
    "signed_cookie": {"path": "/shop", "max_age": "60", "secure": "true", "httponly": "false"},
    "nacl": {"path": "/shop", "max_age": "60", "secure": "true", "httponly": "false"},
    "redis": {
        "cookie_path": "/shop",
        "cookie_max_age": "60",
        "cookie_secure": "true",
        "cookie_httponly": "false",
    },
    "memory": {
        "cookie_path": "/shop",
        "cookie_expires": "60",
        "secure": "true",
        "httponly": "false",
    },
}


def flags(browser):
    [cookie] = browser.set_cookies
    attributes = (part.strip().lower().partition("=")[::2] for part in cookie.split(";")[1:])
    return dict(attributes)


@pytest.mark.parametrize("kind", FLAGS)
def test_the_cookie_is_sent_as_the_options_say(browse, minimal, kind, words):
    """Path, Max-Age, Secure and HttpOnly, in the response's ``Set-Cookie``."""
    browser = browse(settings=words(a=minimal(kind) | FLAGS[kind]))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/shop")
    sent = flags(browser)
    assert sent["path"] == "/shop"
    assert "expires" in sent
    assert "secure" in sent
    assert "httponly" not in sent


SPELLINGS = {
    "none": "none",
    "None": "none",
    "NONE": "none",
    "lax": "lax",
    "STRICT": "strict",
    "": None,
}


@pytest.mark.parametrize("kind", [*FLAGS, "cookie"])
@pytest.mark.parametrize(("text", "value"), SPELLINGS.items())
def test_samesite_has_one_spelling_for_all_libraries(browse, minimal, kind, text, value, words):
    """``None``, in any case, is the attribute's value; empty means no attribute."""
    prefix = "cookie_" if kind == "redis" else ""
    given = {f"{prefix}samesite": text, f"{prefix}secure": "true"}
    browser = browse(settings=words(a=minimal(kind) | given))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/")
    assert flags(browser).get("samesite") == value


TRUE = ["true", "True", "yes", "on", "1", "y", "t"]
FALSE = ["false", "FALSE", "no", "off", "0", "n", "f"]


@pytest.mark.parametrize("text", [*TRUE, *FALSE])
def test_true_and_false_are_spelled_as_everywhere_in_pyramid(minimal, text, factory_of):
    """The words of ``asbool``, and no others."""
    factory = factory_of(minimal("signed_cookie") | {"secure": text})
    assert factory._cookie_secure is (text in TRUE)


def test_settings_from_python_can_have_values_of_other_types(words, registered):
    """``Configurator(settings=...)`` does not only take text from a file."""
    options = {
        "use": "signed_cookie",
        "secrets": [b"n" * 64, "o" * 64],
        "secure": True,
        "timeout": None,
        "samesite": None,
        "serializer": JSONSerializer(),
        "cookie_name": None,
        "discriminator": https_only,
    }
    namespaces = registered(words(a=options))
    factory = namespaces.get_namespace_config("a")
    assert (factory._cookie_secure, factory._timeout, factory._cookie_samesite) == (
        True,
        None,
        None,
    )
    assert namespaces.get_namespace_cookiename("a") == "a"
    assert namespaces.get_namespace_discriminator("a") is https_only


def of_a_library(  # noqa: PLR0913
    a,
    *,
    b: int,
    c: float | None,
    d: str,
    e=True,
    f=3,
    g=1.5,
    h="x",
    i=None,
    j: UnknownToday = 7,  # noqa: F821
    **k,
):
    """A typical signature, with an annotation for type checkers only."""


def of_another_library(b: int, c: float | None = 2.0, l: bool | None = None):  # noqa: E741
    """A signature whose annotations can all be resolved."""


TEXTS = {"e": ("no", False), "f": ("4", 4), "g": ("4", 4.0), "h": ("4", "4"), "j": ("4", 4)}
ANNOTATED = {"b": ("4", 4), "c": ("none", None), "l": ("NONE", None)}


def test_a_new_option_of_a_library_works_without_a_change_here():
    """By its annotation, else by the type of its default, else as text."""
    by_default = options_from_signature(of_a_library, {}, callable_option=None)
    assert list(by_default) == list("abcdefghij")
    by_annotation = options_from_signature(of_another_library, {}, callable_option=None)
    for options, expected in [(by_default, TEXTS), (by_annotation, ANNOTATED)]:
        for name, (text, value) in expected.items():
            assert options[name].convert(text) == value
            assert type(options[name].convert(text)) is type(value)
    assert by_default["a"].convert("4") == by_default["i"].convert("4") == "4"
