"""``Vary: Cookie``: a response that depends on a session must not serve other visitors."""

from __future__ import annotations

import pytest
from pyramid.exceptions import ConfigurationError
from pyramid.response import Response

USES = {
    "[]": lambda m: m["a"],
    "get": lambda m: m.get("a"),
    "renew": lambda m: m.renew("a"),
    "peek": lambda m: m.peek("a"),
    "has_cookie": lambda m: m.has_cookie("a"),
    "require": lambda m: m.require("a"),
    "invalidate": lambda m: m.invalidate(),
    "invalidate one": lambda m: m.invalidate("a"),
}

NO_USES = {
    "nothing": lambda m: None,
    "in": lambda m: "a" in m,
    "len": len,
    "items": lambda m: list(m.items()),
    "repr": repr,
    "what is registered": lambda m: [m.namespaces, m.namespaces_to_cookienames],
    "an unknown name": lambda m: m.get("nobody's"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_response_varies_by_cookie_when_a_session_was_used(browse, signed, use):
    """As in Django and Flask. Reading a session or checking for its cookie is enough."""
    browser = browse(a=signed("a"))
    browser.multi(use)
    assert browser.vary == ["Cookie"]


@pytest.mark.parametrize("use", NO_USES.values(), ids=NO_USES)
def test_a_response_does_not_vary_when_no_session_was_used(browse, signed, use):
    """It has no header of ours."""
    browser = browse(a=signed("a"))
    browser.multi(use)
    assert browser.vary == []
    assert browser.set_cookies == []


@pytest.mark.parametrize("name", ["[]", "get", "peek", "invalidate", "invalidate one"])
def test_a_response_does_not_vary_when_all_were_refused(browse, signed, aged, name):
    """Static pages over http can be cached although the secure session was requested."""
    browser = browse(a=(signed("a"), lambda request: False))
    browser.client.set_cookie("a", aged("a", {"x": 1}))
    assert browser.multi(USES[name]) is None
    assert browser.vary == []


def test_a_response_varies_when_one_was_refused_and_another_opened(browse, signed):
    """One opened session is enough."""
    browser = browse(a=signed("a"), b=(signed("b"), lambda request: False))
    browser.multi(lambda m: [m["b"], m["a"]])
    assert browser.vary == ["Cookie"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["Accept-Encoding"], ["Accept-Encoding, Cookie"]),
        (["Accept, Accept-Language"], ["Accept, Accept-Language, Cookie"]),
        (["Accept", "Accept-Language"], ["Accept", "Accept-Language, Cookie"]),
        (["Cookie"], ["Cookie"]),
        (["accept,cookie"], ["accept,cookie"]),
        (["Cookie", "Accept"], ["Cookie", "Accept"]),
        (["X-Cookie"], ["X-Cookie, Cookie"]),
        (["*"], ["*"]),
        (["Accept", "*"], ["Accept", "*"]),
    ],
)
def test_it_is_merged_with_the_applications_header(browse, signed, before, after):
    """Field names are case-insensitive, the header can be repeated, and ``*`` stays alone."""
    browser = browse(a=signed("a"))

    def view(request):
        request.session_multi["a"]
        response = Response()
        for value in before:
            response.headers.add("Vary", value)
        return response

    browser.visit(view)
    assert browser.vary == after


def test_a_session_used_in_a_response_callback_counts(browse, signed):
    """Flash messages of a redirect, for example, are often read there."""
    browser = browse(a=signed("a"))

    def view(request):
        request.add_response_callback(lambda request, response: request.session_multi["a"])

    browser.visit(view)
    assert browser.vary == ["Cookie"]


def test_it_is_added_once(browse, signed):
    """For any number of sessions and accesses."""
    browser = browse(a=signed("a"), b=signed("b"))
    browser.multi(lambda m: [m["a"], m["b"], m.peek("a"), m.has_cookie("b"), m.renew("a")])
    assert browser.vary == ["Cookie"]


def test_the_response_of_an_exception_view_varies_too(browse, signed):
    """An error page can depend on the session as well."""

    def setup(config):
        config.add_exception_view(lambda error, request: Response("sorry"), context=OSError)

    browser = browse(a=signed("a"), setup=setup)

    def view(m):
        m["a"]
        raise OSError

    browser.multi(view)
    assert browser.response.text == "sorry"
    assert browser.vary == ["Cookie"]


@pytest.mark.parametrize("value", ["false", "False", "no", "off", "0", " false ", False])
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_setting_turns_it_off(browse, signed, use, value):
    """For applications that set it themselves, or that no cache is used with."""
    browser = browse(a=signed("a"), settings={"session_multi.vary": value})
    browser.multi(use)
    assert browser.vary == []


@pytest.mark.parametrize("value", ["true", "yes", "on", "1", True])
def test_the_setting_can_have_the_default_value(browse, signed, value):
    """In all forms of truth values in Pyramid's settings."""
    browser = browse(a=signed("a"), settings={"session_multi.vary": value})
    browser.multi(lambda m: m["a"])
    assert browser.vary == ["Cookie"]


def test_any_other_value_of_the_setting_is_an_error(browse):
    """The message names the setting and the valid values."""
    with pytest.raises(ConfigurationError, match=r"session_multi\.vary.*true or false.*maybe"):
        browse(settings={"session_multi.vary": "maybe"})


def test_the_setting_can_be_added_after_including(browse, signed, autocommit):
    """``add_settings`` during the same start-up counts."""
    browser = browse(
        a=signed("a"),
        autocommit=autocommit,
        setup=lambda config: config.add_settings({"session_multi.vary": "false"}),
    )
    browser.multi(lambda m: m["a"])
    assert browser.vary == []
