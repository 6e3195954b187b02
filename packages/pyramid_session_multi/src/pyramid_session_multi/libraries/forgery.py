"""Cookies that anyone can forge: their serializer does not sign."""

from __future__ import annotations

import pickle
import pickletools
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from pyramid.session import JSONSerializer
from pyramid.util import SimpleSerializer
from webob.cookies import Base64Serializer

from .signing import signing_keys

# Serializers that turn data into text, and do nothing else.
_PLAIN = (JSONSerializer, SimpleSerializer)

_URLSAFE = bytes.maketrans(b"-_", b"+/")


def is_signed(serializer: Any) -> bool | None:
    """True if the serializer is known to sign or encrypt, false if it is known not to.

    ``None``: a serializer of the application's own, which must be tried.
    """
    if type(serializer) is Base64Serializer:
        return is_signed(serializer.serializer)
    if signing_keys(serializer):
        return True
    return False if type(serializer) in _PLAIN or _unpickles(serializer) else None


def unsigned(
    serializer: Any,
    make_cookie: Callable[[], bytes],
    accepts: Callable[[bytes], bool | None],
    content: tuple[str, str],
) -> bool | None:
    """True if anyone can forge the cookies of a serializer; ``None``: not known.

    A serializer of the application's own is tried. It does not sign if it accepts a cookie whose
    content was changed, or if the cookie is a pickle and nothing else. A trial cannot prove that
    it signs.

    :param make_cookie: returns a sample cookie; an exception proves nothing.
    :param accepts: called with changed cookies; an exception counts as false.
    :param content: a text in the sample cookie, and its replacement.
    """
    signed = is_signed(serializer)
    if signed is not None:
        return not signed
    old, new = (text.encode() for text in content)
    with suppress(Exception):
        cookie = make_cookie()
        forged = _changed(cookie, old, new)
        return _is_pickle(cookie) or any(_safe(accepts, each) for each in forged) or None
    return None


def runs_code(serializer: Any, make_cookie: Callable[[], bytes]) -> bool:
    """True if a serializer is known to unpickle an unsigned value, which can run code.

    :param make_cookie: as for :func:`unsigned`.
    """
    if type(serializer) is Base64Serializer:
        return runs_code(serializer.serializer, make_cookie)
    if is_signed(serializer) is not None:
        return _unpickles(serializer)
    with suppress(Exception):
        return _is_pickle(make_cookie())
    return False


def _safe(accepts: Callable[[bytes], bool | None], cookie: bytes) -> bool:
    with suppress(Exception):
        return bool(accepts(cookie))
    return False


def _changed(cookie: bytes, old: bytes, new: bytes) -> Iterator[bytes]:
    """The cookie with other content, if its content is plain text or base64."""
    if old in cookie:
        yield cookie.replace(old, new)
    decoded = _decoded(cookie)
    if old in decoded:
        for encode in (urlsafe_b64encode, b64encode):
            changed = encode(decoded.replace(old, new))
            yield changed
            yield changed.rstrip(b"=")


def _is_pickle(cookie: bytes) -> bool:
    """True for a pickle and nothing else, which leaves no room for a signature.

    Nothing is unpickled.
    """
    return _is_whole_pickle(cookie) or _is_whole_pickle(_decoded(cookie))


def _decoded(cookie: bytes) -> bytes:
    """The value decoded from base64; empty if it is not base64."""
    try:
        padded = cookie + b"=" * (-len(cookie) % 4)
        return b64decode(padded.translate(_URLSAFE), validate=True)
    except ValueError:
        return b""


def _is_whole_pickle(value: bytes) -> bool:
    if not value.startswith(pickle.PROTO):
        return False
    with suppress(Exception):  # pickletools does not say what it raises
        return [position for _, _, position in pickletools.genops(value)][-1] == len(value) - 1
    return False


def _unpickles(serializer: Any) -> bool:
    cls = type(serializer)
    return serializer is pickle or (
        # By name: importing it warns that it is deprecated.
        (cls.__module__, cls.__qualname__) == ("pyramid.session", "PickleSerializer")
    )
