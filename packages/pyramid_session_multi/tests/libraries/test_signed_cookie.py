"""``signed_cookie_session_factory``: one secret for any number of namespaces."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ISession
from pyramid.request import Request
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi import signed_cookie_session_factory
from zope.interface.verify import verifyObject

SECRET = "one secret for all, of more than thirty-two bytes"
NEW = "the secret that takes its place, not any shorter"

NAMESPACES = st.text("abcAZ09_-", min_size=1, max_size=8)


def _sent(factory, data):
    """The cookie value that a session with these data sends."""
    request = Request.blank("/")
    session = factory(request)
    session.update(data)
    response = Response()
    request._process_response_callbacks(response)
    return response.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def _received(factory, value):
    """The session that a request with this cookie value opens."""
    return factory(Request.blank("/", headers={"Cookie": f"{factory._cookie_name}={value}"}))


def test_its_session_is_pyramids():
    """It keeps the interface, and written data are in the next request."""
    factory = signed_cookie_session_factory("public", SECRET)
    session = _received(factory, _sent(factory, {"a": [1]}))
    assert verifyObject(ISession, session)
    assert not session.new
    assert dict(session) == {"a": [1]}


@given(one=NAMESPACES, other=NAMESPACES)
def test_one_secret_binds_each_namespace(one, other):
    """Each namespace reads its own cookie, and not another's."""
    value = _sent(signed_cookie_session_factory(one, SECRET, cookie_name="c"), {"who": one})
    session = _received(signed_cookie_session_factory(other, SECRET, cookie_name="c"), value)
    assert dict(session) == ({"who": one} if one == other else {})


@given(one=NAMESPACES, tail=NAMESPACES)
def test_a_namespace_and_its_secret_are_delimited(one, tail):
    """Moving characters from the secret to the namespace yields another key."""
    value = _sent(signed_cookie_session_factory(one, tail + SECRET, cookie_name="c"), {"a": 1})
    other = signed_cookie_session_factory(one + tail, SECRET, cookie_name="c")
    assert dict(_received(other, value)) == {}


def test_pyramids_own_factory_with_that_secret_reads_nothing():
    """The secret can serve ``request.session`` as well."""
    value = _sent(signed_cookie_session_factory("session", SECRET), {"a": 1})
    assert dict(_received(SignedCookieSessionFactory(SECRET), value)) == {}


def test_the_first_secret_signs_and_all_verify():
    """A rotation loses no session, and a removed secret opens none."""
    old = signed_cookie_session_factory("n", SECRET)
    rotated = signed_cookie_session_factory("n", [NEW, SECRET])
    new = signed_cookie_session_factory("n", NEW)
    value = _sent(old, {"a": 1})
    assert dict(_received(rotated, value)) == {"a": 1}
    assert dict(_received(new, value)) == {}
    value = _sent(rotated, {"a": 2})
    assert dict(_received(new, value)) == {"a": 2}
    assert dict(_received(old, value)) == {}


def test_str_and_bytes_are_the_same_secret():
    """A secret can come from a file or from the environment."""
    value = _sent(signed_cookie_session_factory("n", SECRET), {"a": 1})
    for same in (SECRET.encode(), (SECRET,), [SECRET.encode()]):
        assert dict(_received(signed_cookie_session_factory("n", same), value)) == {"a": 1}


@pytest.mark.parametrize("secrets", ["x" * 31, b"x" * 31, [SECRET, "short"], "", "é" * 15])
def test_a_secret_under_32_bytes_is_an_error(secrets):
    """Counted in bytes; the message does not show it."""
    with pytest.raises(ConfigurationError, match="at least 32") as refusal:
        signed_cookie_session_factory("public", secrets)
    assert "short" not in str(refusal.value)
    assert "xxx" not in str(refusal.value)


@pytest.mark.parametrize("secret", [SECRET, SECRET + "!", SECRET.encode()], ids=repr)
def test_swapped_arguments_show_no_secret(secret):
    """Pyramid's own factory takes the secret first; the message explains the order."""
    with pytest.raises(ConfigurationError, match="first argument") as refusal:
        signed_cookie_session_factory(secret, "public")
    assert str(SECRET) not in str(refusal.value)


MISTAKES = {
    "the secret is 5 bytes long; at least 32 are required, 64 recommended.": (["short"], {}),
    "the secret is 6 bytes long; at least 32 are required, 64 recommended.": ([["shorty"]], {}),
    "secret 2 is 3 bytes long; at least 32 are required, 64 recommended.": ([[SECRET, "abc"]], {}),
    "secret 2 must be a str or bytes, not builtins.NoneType.": ([[SECRET, None]], {}),
    "secrets must be a str or bytes, or a non-empty list of these (the first signs, all verify), "
    "not builtins.NoneType.": ([None], {}),
    "secrets must be a str or bytes, or a non-empty list of these (the first signs, all verify), "
    "not an empty one.": ([[]], {}),
    "'cookie_secure' is not an option; did you mean 'secure'?": ([SECRET], {"cookie_secure": 1}),
    "'time_out' is not an option; did you mean 'timeout'?": ([SECRET], {"time_out": 1}),
    "'xyz' is not an option.": ([SECRET], {"xyz": 1}),
}


@pytest.mark.parametrize(("problem", "arguments"), MISTAKES.items())
def test_a_mistake_names_the_namespace_and_the_line(problem, arguments):
    """One module can create several factories, and ``psessions`` prints one line."""
    positional, options = arguments
    with pytest.raises((ConfigurationError, TypeError)) as refusal:
        signed_cookie_session_factory("public", *positional, **options)
    line = refusal.traceback[0].lineno + 1
    start = f"signed_cookie_session_factory('public', ...) at {__file__}:{line}: {problem}"
    assert str(refusal.value).startswith(start)


def test_a_secret_in_the_place_of_the_namespace_is_not_shown():
    """A secret in hexadecimal digits looks like a namespace."""
    with pytest.raises(ConfigurationError, match="the first argument") as refusal:
        signed_cookie_session_factory("0f" * 32, "public")
    assert "0f0f" not in str(refusal.value)


def test_32_bytes_are_enough():
    """WebOb encodes text as Latin-1 if possible, else as UTF-8."""
    signed_cookie_session_factory("public", "é" * 32)
    signed_cookie_session_factory("public", "€" * 11)


@pytest.mark.parametrize("secret", ["é" * 16, "\udcff" * 64], ids=["Latin-1", "surrogates"])
def test_only_the_bytes_that_sign_are_counted(secret):
    """32 bytes of UTF-8, of which 16 sign; and a text that cannot be encoded."""
    with pytest.raises(ConfigurationError, match=r"is 16 bytes long|cannot be encoded"):
        signed_cookie_session_factory("public", secret)


@pytest.mark.parametrize("secrets", [None, [], (), 3, {SECRET}, [None], [3]])
def test_secrets_are_a_str_bytes_or_a_sequence_of_them(secrets):
    """A set has no first item. The message shows no secret."""
    with pytest.raises(ConfigurationError, match="must be a str or bytes") as refusal:
        signed_cookie_session_factory("public", secrets)
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("namespace", ["", "a b", "a.b", "a/b", "ä", "a\n", None, 3, b"a"])
def test_a_namespace_outside_the_alphabet_is_an_error(namespace):
    """It becomes part of the key, and the name of a cookie."""
    with pytest.raises(ConfigurationError, match="must match"):
        signed_cookie_session_factory(namespace, SECRET)


def test_the_cookie_is_named_after_the_namespace():
    """Unless ``cookie_name`` is passed."""
    assert signed_cookie_session_factory("public", SECRET)._cookie_name == "public"
    named = signed_cookie_session_factory("public", SECRET, cookie_name="p")
    assert named._cookie_name == "p"


def test_httponly_is_the_default():
    """The only default that differs from Pyramid's."""
    assert signed_cookie_session_factory("n", SECRET)._cookie_httponly is True
    assert signed_cookie_session_factory("n", SECRET, httponly=False)._cookie_httponly is False


def test_its_options_are_pyramids():
    """All of ``SignedCookieSessionFactory`` except secret, salt and cookie_name."""
    pyramids = inspect.signature(SignedCookieSessionFactory).parameters
    options = {
        name: "sha256" if name == "hashalg" else parameter.default
        for name, parameter in pyramids.items()
        if name not in {"secret", "salt", "cookie_name"}
    }
    factory = signed_cookie_session_factory("n", SECRET, **options)
    assert dict(_received(factory, _sent(factory, {"a": 1}))) == {"a": 1}


@pytest.mark.parametrize("option", ["salt", "secure_", "secret"])
def test_other_options_are_a_type_error(option):
    """As for any function."""
    with pytest.raises(TypeError, match=option):
        signed_cookie_session_factory("n", SECRET, **{option: "x"})


def test_several_namespaces_of_one_secret_start(configurator):
    """The isolation check accepts them."""
    for name in ("public", "account", "admin"):
        factory = signed_cookie_session_factory(name, SECRET)
        configurator.register_session_factory(name, factory)
    configurator.set_session_factory(SignedCookieSessionFactory(SECRET))
    configurator.make_wsgi_app()
