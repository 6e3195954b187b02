"""Session factories of our own: one secret for many namespaces, and ``request.session`` as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.session import BaseCookieSessionFactory, JSONSerializer
from webob.cookies import SignedSerializer

from .signing import SHORTEST_SECRET, RotatingSerializer, length_of

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
    """Pyramid's signed cookie session, with the namespace bound into the key.

    One secret serves any number of namespaces: none accepts another's cookie.

    :param namespace: ``[A-Za-z0-9_-]+``; also the name of the cookie, unless ``cookie_name`` is.
    :param secrets: one secret of at least 32 bytes, better 64, or a sequence of them: the first
        signs, all verify. To rotate, put a new one in front and drop the last when the sessions
        that it signed have timed out.
    :param cookie_name: of the cookie, where the namespace is not to be its name.
    :param hashalg: of the signature, an HMAC (RFC 2104): a name that :mod:`hashlib` knows.
    :param serializer: turns the data into bytes, with ``dumps`` and ``loads``; JSON without it.
    :param httponly: is the cookie hidden from scripts?
    :param options: the others of :func:`pyramid.session.SignedCookieSessionFactory`; ``timeout``,
        ``reissue_time`` and ``max_age`` are seconds. There is no ``salt``: the namespace is it.
    :returns: an :class:`pyramid.interfaces.ISessionFactory`.
    :raises pyramid.exceptions.ConfigurationError: for a namespace or a secret as they must not be.
    :raises TypeError: for an option that there is not.
    """
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise ConfigurationError(
            "A namespace of signed_cookie_session_factory, which is the first argument (secrets "
            f"are the second), must match {_NAMESPACE.pattern}: it becomes part of the key and "
            "the name of the cookie."
        )
    if "salt" in options:
        raise TypeError("signed_cookie_session_factory takes no salt: the namespace is its salt.")
    # WebOb joins salt and secret: without an end, ("ab", "c") and ("a", "bc") are one key.
    salt = f"pyramid_session_multi.{namespace}\0"
    signers = [
        SignedSerializer(secret, salt, hashalg, serializer=serializer or JSONSerializer())
        for secret in _checked(secrets)
    ]
    factory: Callable[[Request], Any] = BaseCookieSessionFactory(
        RotatingSerializer(signers),
        cookie_name=namespace if cookie_name is None else cookie_name,
        httponly=httponly,
        **options,
    )
    return factory


def _checked(secrets: str | bytes | Sequence[str | bytes]) -> Sequence[str | bytes]:
    # The namespace is not shown: where the arguments are swapped, it is the secret.
    several = [secrets] if isinstance(secrets, (str, bytes)) else secrets
    if not isinstance(several, Sequence) or not several:
        raise ConfigurationError(
            "The secrets of signed_cookie_session_factory must be a str or bytes, or a non-empty "
            "list of them: the first signs, all verify."
        )
    for number, secret in enumerate(several, 1):
        if not isinstance(secret, (str, bytes)):
            raise ConfigurationError(
                f"Secret {number} of signed_cookie_session_factory must be a str or bytes, "
                f"not {type(secret).__name__}."
            )
        length = length_of(secret)
        if length < SHORTEST_SECRET:
            raise ConfigurationError(
                f"Secret {number} of signed_cookie_session_factory, whose first argument is the "
                f"namespace and whose second the secrets, has {length} bytes; it must have at "
                f"least {SHORTEST_SECRET}, better 64. One can be made with: "
                "python -c 'import secrets; print(secrets.token_hex(64))'"
            )
    return several
