"""Signed cookie values: WebOb's serializers in rotation, and tokens that compare their keys."""

from __future__ import annotations

import hmac
from collections.abc import Hashable, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from webob.cookies import SignedSerializer

# HMAC: a key shorter than the digest weakens it (RFC 2104 3); 32 bytes are those of SHA-256.
MIN_SECRET_BYTES = 32

# HMAC-SHA512 has digests of 64 bytes: a longer secret adds nothing (RFC 2104 3).
RECOMMENDED_SECRET_BYTES = 64

RECIPE = "secrets.token_hex(64)"

# The end of a sentence that begins with a secret which cannot be encoded.
NOT_TEXT = (
    "holds surrogates, which cannot be encoded: os.environ has them for bytes that are not UTF-8. "
    "Use a secret in ASCII"
)


class RotatingSerializer:
    """Signs with the first of several serializers and verifies with any of them.

    The protocol is that of Pyramid's session serializers: ``dumps`` returns ``bytes``, ``loads``
    takes them and raises ``ValueError`` for a value that none of the serializers signed.

    :ivar namespace: the namespace that is bound into the keys; ``None``: none is.
    """

    def __init__(
        self, serializers: Sequence[SignedSerializer], namespace: str | None = None
    ) -> None:
        self.serializers: tuple[SignedSerializer, ...] = tuple(serializers)
        self.namespace = namespace

    def dumps(self, appstruct: Any) -> bytes:
        signed: bytes = self.serializers[0].dumps(appstruct)
        return signed

    def loads(self, bstruct: bytes) -> Any:
        for serializer in self.serializers[:-1]:
            try:
                return serializer.loads(bstruct)
            except ValueError:
                continue
        return self.serializers[-1].loads(bstruct)  # its exception is the one to raise


def signing_keys(serializer: Any) -> tuple[Hashable, ...]:
    """Tokens for the keys of a serializer that is known to sign or encrypt; empty for any other.

    A token is the key's signature of a fixed text, and not a secret. It is equal for keys that
    HMAC treats as equal (short keys are padded, long ones are hashed), however the algorithm is
    spelled.
    """
    if type(serializer) is RotatingSerializer:
        keys = [signing_keys(inner) for inner in serializer.serializers]
        return tuple(chain.from_iterable(keys)) if all(keys) else ()
    if type(serializer) is SignedSerializer:
        with suppress(Exception):  # an algorithm that HMAC cannot use
            return (key_token(serializer.salted_secret, serializer.digestmod, "webob"),)
    if is_nacl(serializer):
        return (key_token(bytes(serializer.box), "sha512", "nacl"),)
    return ()


def key_token(key: bytes, digestmod: Any, envelope: str) -> Hashable:
    """A token that is equal for equal keys and algorithms.

    :param envelope: the way in which the signature is attached: signatures are not exchanged
        between different ones.
    """
    return envelope, hmac.new(key, b"pyramid_session_multi: which key is this?", digestmod).digest()


def shortest_secret(serializer: Any) -> int | None:
    """The length in bytes of a signing serializer's shortest secret; ``None``: not known."""
    if type(serializer) is RotatingSerializer:
        lengths = [shortest_secret(inner) for inner in serializer.serializers]
        return min(length for length in lengths if length is not None)
    if type(serializer) is SignedSerializer:
        return byte_length(serializer.secret)
    return None


def byte_length(secret: str | bytes, encoding: str | None = None) -> int:
    """The length of a secret in the bytes that sign.

    :param encoding: that of the library; ``None``: WebOb's, which is Latin-1 if possible.
    :raises UnicodeEncodeError: for a str with surrogates.
    """
    if isinstance(secret, bytes):
        return len(secret)
    if encoding is None:
        encoding = "latin-1" if max(secret, default="") <= "\xff" else "utf-8"
    return len(secret.encode(encoding))


def too_short(length: int) -> str:
    """The end of a sentence that begins with a secret which is too short."""
    return (
        f"is {length} bytes long; at least {MIN_SECRET_BYTES} are required, "
        f"{RECOMMENDED_SECRET_BYTES} recommended"
    )


def secret_command(recipe: str = RECIPE) -> str:
    """A sentence with the shell command that creates a secret.

    :param recipe: a Python expression on the module ``secrets``.
    """
    return f"To create one, run: python -c 'import secrets; print({recipe})'"


def is_nacl(serializer: Any) -> bool:
    """True for the serializer of pyramid_nacl_session, which encrypts."""
    return type(serializer).__module__ == "pyramid_nacl_session.serializer"
