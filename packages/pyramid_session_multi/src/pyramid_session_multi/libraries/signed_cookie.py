"""``signed_cookie_session_factory``: one secret for any number of namespaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.session import BaseCookieSessionFactory, JSONSerializer
from webob.cookies import SignedSerializer

from .signing import MIN_SECRET_BYTES, RotatingSerializer, byte_length, secret_command, too_short

_NAMESPACE = re.compile(r"[A-Za-z0-9_-]+")


def signed_cookie_session_factory(
    namespace: str,
    secrets: str | bytes | Sequence[str | bytes],
    *,
    cookie_name: str | None = None,
    hashalg: str = "sha512",
    serializer: Any = None,
    httponly: bool = True,
    **options: Any,
) -> Callable[[Request], Any]:
    """Make a factory of Pyramid's signed cookie sessions, with the namespace bound into the key.

    One secret serves any number of namespaces: none accepts another's cookie.

    :param namespace: ``[A-Za-z0-9_-]+``; also the cookie's name if ``cookie_name`` is not given.
    :param secrets: one secret of at least 32 bytes, ideally 64, or a sequence of them: the first
        signs, all verify. To rotate, put a new one in front, and remove the last one when the
        sessions that it signed have timed out.
    :param cookie_name: the name of the cookie.
    :param hashalg: the hash of the signature, an HMAC (RFC 2104): a name that :mod:`hashlib` knows.
    :param serializer: turns the data into bytes, with ``dumps`` and ``loads``; default: JSON.
    :param httponly: true hides the cookie from scripts.
    :param options: the other options of :func:`pyramid.session.SignedCookieSessionFactory`;
        ``timeout``, ``reissue_time`` and ``max_age`` are seconds. There is no ``salt``: the
        namespace is the salt.
    :returns: an :class:`pyramid.interfaces.ISessionFactory`.
    :raises pyramid.exceptions.ConfigurationError: for an invalid namespace or secret.
    :raises TypeError: for an unknown option.
    """
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise ConfigurationError(
            "A namespace of signed_cookie_session_factory, which is the first argument (secrets "
            f"are the second), must match {_NAMESPACE.pattern}: it becomes part of the key and "
            "the name of the cookie."
        )
    if "salt" in options:
        raise TypeError("signed_cookie_session_factory takes no salt: the namespace is its salt.")
    # WebOb joins salt and secret: without a delimiter, ("ab", "c") and ("a", "bc") are one key.
    salt = f"pyramid_session_multi.{namespace}\0"
    signers = [
        SignedSerializer(secret, salt, hashalg, serializer=serializer or JSONSerializer())
        for secret in _validated(secrets)
    ]
    factory: Callable[[Request], Any] = BaseCookieSessionFactory(
        RotatingSerializer(signers),
        cookie_name=namespace if cookie_name is None else cookie_name,
        httponly=httponly,
        **options,
    )
    return factory


def _validated(secrets: str | bytes | Sequence[str | bytes]) -> Sequence[str | bytes]:
    # The namespace is not shown: if the arguments are swapped, it is the secret.
    secret_list = [secrets] if isinstance(secrets, (str, bytes)) else secrets
    if not isinstance(secret_list, Sequence) or not secret_list:
        raise ConfigurationError(
            "The secrets of signed_cookie_session_factory must be a str or bytes, or a non-empty "
            "list of them: the first signs, all verify."
        )
    for position, secret in enumerate(secret_list, 1):
        if not isinstance(secret, (str, bytes)):
            raise ConfigurationError(
                f"Secret {position} of signed_cookie_session_factory must be a str or bytes, "
                f"not {type(secret).__name__}."
            )
        length = byte_length(secret)
        if length < MIN_SECRET_BYTES:
            raise ConfigurationError(
                f"signed_cookie_session_factory(namespace, secrets): secret {position} "
                f"{too_short(length)}. {secret_command('secrets.token_hex(64)')}"
            )
    return secret_list
