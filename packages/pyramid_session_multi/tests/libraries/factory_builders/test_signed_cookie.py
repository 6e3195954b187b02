"""Options of Pyramid's cookie sessions; pyramid_nacl_session has the same ones."""

from __future__ import annotations

import inspect

import pytest
from pyramid.session import JSONSerializer, SignedCookieSessionFactory
from pyramid_nacl_session import EncryptedCookieSessionFactory

SECRET = "a-secret-" * 8

COOKIES = ["signed_cookie", "nacl"]


def seen_in_pyramids(factory, option):
    """The value of an option inside a factory that is built on Pyramid's."""
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    signer = getattr(codec, "serializers", [codec])[0]
    if option in {"hashalg", "serializer"}:
        return getattr(signer, option)
    name = option if option in {"timeout", "reissue_time"} else f"cookie_{option}"
    renamed = {
        "cookie_cookie_name": "cookie_name",
        "cookie_set_on_exception": "cookie_on_exception",
    }
    return getattr(factory, f"_{renamed.get(name, name)}")


PYRAMIDS = {
    "cookie_name": ("sid", "sid"),
    "max_age": ("60", 60),
    "path": ("/shop", "/shop"),
    "domain": ("example.com", "example.com"),
    "secure": ("true", True),
    "httponly": ("false", False),
    "samesite": ("strict", "Strict"),
    "set_on_exception": ("off", False),
    "timeout": ("77", 77),
    "reissue_time": ("7", 7),
    "hashalg": ("sha256", "sha256"),
    "serializer": ("package_of_somebody.JSON", JSONSerializer),
}


PYRAMIDS_OPTIONS = [
    (kind, option)
    for kind, function in zip(
        COOKIES, [SignedCookieSessionFactory, EncryptedCookieSessionFactory], strict=True
    )
    for option in inspect.signature(function).parameters
    if option not in {"secret", "salt"}
]


@pytest.mark.parametrize(("kind", "option"), PYRAMIDS_OPTIONS)
def test_every_option_of_pyramids_cookie_sessions_reaches_them(
    minimal, package, kind, option, factory_of
):
    """All parameters of the library's function except the secret and the salt."""
    text, value = PYRAMIDS[option]
    seen = seen_in_pyramids(factory_of(minimal(kind) | {option: text}), option)
    if option == "serializer":  # a class is instantiated
        assert isinstance(getattr(seen, "serializer", seen), value)
    else:
        assert (seen, type(seen)) == (value, type(value))


@pytest.mark.parametrize("text", ["none", "None"])
@pytest.mark.parametrize("kind", COOKIES)
@pytest.mark.parametrize("option", ["max_age", "timeout", "reissue_time"])
def test_numbers_can_be_none(minimal, kind, option, text, factory_of):
    """No timeout, no reissue, a cookie until the browser is closed."""
    factory = factory_of(minimal(kind) | {option: text})
    assert seen_in_pyramids(factory, option) is None


def test_the_first_secret_signs_and_all_verify(browse, words):
    """``secrets = NEW OLD``: a rotation loses no session."""
    old, new = "o" * 64, "n" * 64

    def browser(secrets):
        return browse(settings=words(a={"use": "signed_cookie", "secrets": secrets}))

    visitor = browser(old)
    visitor.multi(lambda m: m["a"].update({"x": 1}))
    rotated, renewed = browser(f"{new}\n  {old}"), browser(new)
    for other in (rotated, renewed):
        other.client.set_cookie("a", visitor.client.cookies["a"])
    assert rotated.multi(lambda m: m["a"].setdefault("x", 2)) == 1
    assert renewed.multi(lambda m: dict(m["a"])) == {}
    rotated.multi(lambda m: m["a"].update({"y": 1}))
    renewed.client.set_cookie("a", rotated.client.cookies["a"])
    assert renewed.multi(lambda m: dict(m["a"])) == {"x": 1, "y": 1}
