"""Forgeable cookies: known, proved, or not known."""

from __future__ import annotations

import base64
import json
import pickle

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid.util import SimpleSerializer
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_nacl_session import EncryptedCookieSessionFactory
from pyramid_session_multi import signed_cookie_session_factory
from pyramid_session_multi.libraries.recognition import recognize
from pyramid_session_redis import RedisSessionFactory
from webob.cookies import Base64Serializer, SignedSerializer

SECRET = "one secret for all, of more than thirty-two bytes"


class Serializer:
    """A serializer of the application's own."""

    def __init__(self, dumps, loads):
        self.dumps, self.loads = dumps, loads


def pickle_serializer():
    with pytest.warns(DeprecationWarning, match="PickleSerializer"):
        from pyramid.session import PickleSerializer
    return PickleSerializer()


def raising(*args):
    raise LookupError


def to_json(value):
    return json.dumps(value).encode()


SIGNER = SignedSerializer(SECRET, "salt")
PLAIN = {
    "JSON": JSONSerializer,
    "base64 of JSON": Base64Serializer,
    "pickle": lambda: pickle,
    "JSON of one's own": lambda: Serializer(to_json, json.loads),
    "base64 of one's own": lambda: Serializer(
        lambda value: base64.b64encode(to_json({"?>~": "\xff\xfe", "state": value})).rstrip(b"="),
        lambda cookie: json.loads(base64.b64decode(cookie + b"=="))["state"],
    ),
    "padded base64 of one's own": lambda: Serializer(
        lambda value: base64.urlsafe_b64encode(to_json(value)),
        lambda cookie: json.loads(base64.b64decode(cookie, altchars=b"-_", validate=True)),
    ),
    "pickle of one's own": lambda: Serializer(
        lambda value: base64.b64encode(pickle.dumps(value)),
        lambda cookie: pickle.loads(base64.b64decode(cookie)),
    ),
}
SIGNED = {
    "Pyramid's": lambda: SIGNER,
    "base64 of Pyramid's": lambda: Base64Serializer(SIGNER),
}
UNKNOWN = {
    "a signer of one's own": lambda: Serializer(SIGNER.dumps, SIGNER.loads),
    "one that dumps nothing": lambda: Serializer(raising, raising),
    "one that loads nothing": lambda: Serializer(to_json, raising),
    "one that dumps something else": lambda: Serializer(lambda value: b"\x80.", raising),
}


def facts(factory):
    [(library, found)] = recognize(factory)
    return library.unsigned(found), library.runs_code(found)


@pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN)
def test_a_serializer_that_does_not_sign_is_detected(make):
    """Pyramid's by name; others accept a changed cookie."""
    factory = BaseCookieSessionFactory(make())
    assert facts(factory)[0] is True


@pytest.mark.parametrize("make", SIGNED.values(), ids=SIGNED)
def test_a_serializer_that_signs_is_known(make):
    """Also inside another one."""
    assert facts(BaseCookieSessionFactory(make())) == (False, False)


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN)
def test_a_custom_serializer_that_rejects_changes_is_not_known_to_sign(make):
    """Rejecting a changed cookie does not prove it."""
    assert facts(BaseCookieSessionFactory(make())) == (None, False)


@pytest.mark.parametrize("wrap", [lambda serializer: serializer, Base64Serializer])
def test_pyramids_pickle_serializer_does_not_sign_and_runs_code(wrap):
    """It is deprecated, and detecting it gives no warning."""
    assert facts(BaseCookieSessionFactory(wrap(pickle_serializer()))) == (True, True)


def test_a_signed_pickle_runs_no_code(recwarn):
    """It cannot be forged without the secret."""
    serializer = pickle_serializer()
    recwarn.clear()
    factories = [
        SignedCookieSessionFactory(SECRET, serializer=serializer),
        signed_cookie_session_factory("a", SECRET, serializer=serializer),
        EncryptedCookieSessionFactory(SECRET.encode()[:32], serializer=serializer),
    ]
    assert [facts(factory) for factory in factories] == [(False, False)] * 3
    assert not recwarn.list


PICKLES = ["pickle", "pickle of one's own"]


@pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN)
def test_only_a_pickle_runs_code(make, request):
    """JSON cannot."""
    runs_code = request.node.callspec.id in PICKLES
    assert facts(BaseCookieSessionFactory(make()))[1] is runs_code


def test_no_changed_cookie_is_unpickled():
    """Unpickling can run code or use up the memory."""
    cookies = []

    def loads(cookie):
        cookies.append(cookie)
        return pickle.loads(base64.b64decode(cookie))

    serializer = Serializer(lambda value: base64.b64encode(pickle.dumps(value)), loads)
    assert facts(BaseCookieSessionFactory(serializer)) == (True, True)
    assert cookies == []


# Redis


@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        (SimpleSerializer(), (True, False)),
        (SIGNER, (False, False)),
        (Serializer(SIGNER.dumps, SIGNER.loads), (None, False)),
        (Serializer(str.encode, bytes.decode), (True, False)),
        (Serializer(raising, raising), (None, False)),
        (Base64Serializer(pickle), (True, True)),
    ],
)
def test_a_signer_of_redis_is_tried_as_well(signer, expected):
    """With another id in its cookie."""
    assert facts(RedisSessionFactory(cookie_signer=signer)) == expected


# Beaker


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"type": "memory"}, (True, False)),
        ({"type": "memory", "secret": SECRET}, (False, False)),
        ({"type": "cookie", "validate_key": SECRET}, (False, False)),
        ({"type": "cookie", "validate_key": ""}, (True, True)),
        ({"type": "cookie", "validate_key": "", "data_serializer": "json"}, (True, False)),
    ],
)
def test_beaker_signs_with_a_key_only(options, expected):
    """Everyone knows an empty key, and its cookies are pickles by default."""
    assert facts(BeakerSessionFactoryConfig(**options)) == expected
