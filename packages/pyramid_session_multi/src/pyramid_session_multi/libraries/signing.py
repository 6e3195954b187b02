"""Signed cookie values: WebOb's serializers in rotation, and what tells their keys apart."""

from __future__ import annotations

import hmac
from collections.abc import Hashable, Sequence
from typing import Any

from pyramid.session import JSONSerializer
from pyramid.util import SimpleSerializer
from webob.cookies import Base64Serializer, SignedSerializer

# HMAC: a key shorter than the digest weakens it (RFC 2104 3); 32 bytes are those of SHA-256.
SHORTEST_SECRET = 32

# What may stand where a signing serializer should.
_UNSIGNED = (Base64Serializer, JSONSerializer, SimpleSerializer)


class RotatingSerializer:
    """Signs with the first of several serializers and verifies with any of them.

    The protocol is that of Pyramid's session serializers: ``dumps`` returns ``bytes``, ``loads``
    takes them and raises ``ValueError`` for what none of the serializers signed.
    """

    def __init__(self, serializers: Sequence[SignedSerializer]) -> None:
        self.serializers: tuple[SignedSerializer, ...] = tuple(serializers)

    def dumps(self, appstruct: Any) -> bytes:
        signed: bytes = self.serializers[0].dumps(appstruct)
        return signed

    def loads(self, bstruct: bytes) -> Any:
        for serializer in self.serializers[:-1]:
            try:
                return serializer.loads(bstruct)
            except ValueError:
                continue
        return self.serializers[-1].loads(bstruct)


def signing_keys(serializer: Any) -> tuple[Hashable, ...]:
    """Tokens for the keys of a serializer that is known to sign; empty for any other.

    A token is what the key makes of a fixed text. It tells effectively equal keys as equal, which
    the bytes of an HMAC key alone do not (short ones are padded, long ones are hashed), and it
    is no secret.
    """
    if type(serializer) is RotatingSerializer:
        return tuple(key for one in serializer.serializers for key in signing_keys(one))
    if type(serializer) is SignedSerializer:
        return (key_token(serializer.salted_secret, serializer.digestmod, serializer.hashalg),)
    return ()


def key_token(key: bytes, digestmod: Any, kind: str) -> Hashable:
    """A token that is equal for equal keys of one kind."""
    return kind, hmac.new(key, b"pyramid_session_multi: which key is this?", digestmod).digest()


def shortest_secret(serializer: Any) -> int | None:
    """How many bytes the shortest secret of a signing serializer has; ``None``: not known."""
    if type(serializer) is RotatingSerializer:
        lengths = [shortest_secret(one) for one in serializer.serializers]
        return min(length for length in lengths if length is not None)
    if type(serializer) is SignedSerializer:
        return length_of(serializer.secret)
    return None


def length_of(secret: str | bytes) -> int:
    """How many bytes a secret has."""
    return len(secret if isinstance(secret, bytes) else secret.encode())


def is_unsigned(serializer: Any) -> bool:
    """Is it known that the serializer signs nothing?"""
    return isinstance(serializer, _UNSIGNED)
