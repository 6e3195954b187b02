"""Reading a Cookie header without a request, as a session would at a given moment."""

from __future__ import annotations

import time

import pytest
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.session import (
    BaseCookieSessionFactory,
    JSONSerializer,
    SignedCookieSessionFactory,
)
from pyramid_session_multi import SessionLibrary, signed_cookie_session_factory
from pyramid_session_multi.libraries.backends.pyramid import LIBRARY

NEW, OLD = "the new secret" * 5, "the old secret" * 5


def header(factory, **data):
    """A ``Cookie`` header that the factory's sessions send."""
    request = Request.blank("/")
    request.registry = Registry()
    factory(request).update(data)
    response = request.response
    request._process_response_callbacks(response)
    return response.headers["Set-Cookie"].partition(";")[0]


def test_what_a_session_would_hold():
    """A new dict each time."""
    factory = SignedCookieSessionFactory("secret", cookie_name="a")
    decode = LIBRARY.decoder(factory)
    sent = "other=1; " + header(factory, x=[1])
    assert decode(sent, time.time()) == decode(sent, time.time()) == {"x": [1]}
    assert decode(sent, time.time()) is not decode(sent, time.time())


@pytest.mark.parametrize("timeout", [60, None])
def test_at_the_moment_that_is_given(timeout):
    """Whatever the clock says now."""
    factory = SignedCookieSessionFactory("secret", cookie_name="a", timeout=timeout)
    decode, now = LIBRARY.decoder(factory), time.time()
    sent = header(factory, x=1)
    assert decode(sent, now + 59) == {"x": 1}
    assert decode(sent, now + 10**9) == (None if timeout else {"x": 1})


def test_what_would_be_rejected():
    """No cookie, or one of another factory."""
    factory = SignedCookieSessionFactory("secret", cookie_name="a")
    other = SignedCookieSessionFactory("another", cookie_name="a")
    decode = LIBRARY.decoder(factory)
    for sent in ("", "a=", "a=garbage", "b=1", header(other, x=1)):
        assert decode(sent, time.time()) is None


def test_secrets_in_rotation():
    """All verify."""
    old = signed_cookie_session_factory("a", OLD)
    decode = LIBRARY.decoder(signed_cookie_session_factory("a", [NEW, OLD]))
    assert decode(header(old, x=1), time.time()) == {"x": 1}


def test_a_header_that_cannot_be_decoded():
    """Raises what a session would."""
    decode = LIBRARY.decoder(SignedCookieSessionFactory("secret", cookie_name="a"))
    with pytest.raises(UnicodeDecodeError):
        decode('a="\\377"', time.time())


class Derived(SignedCookieSessionFactory("secret")):
    """A session class of an application's own."""


class OwnSerializer(JSONSerializer):
    """Code of an application's own."""


@pytest.mark.parametrize(
    "factory",
    [
        Derived,
        SignedCookieSessionFactory("secret", serializer=OwnSerializer()),
        signed_cookie_session_factory("a", [NEW, OLD], serializer=OwnSerializer()),
        BaseCookieSessionFactory(JSONSerializer()),
    ],
)
def test_where_other_code_decides_as_well(factory):
    """There is no decoder: that code may ask anybody."""
    assert LIBRARY.decoder(factory) is None


def test_a_library_that_says_nothing_of_it():
    """Has none."""
    assert SessionLibrary().decoder(Derived) is None
