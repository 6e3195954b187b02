"""``signed_cookie_session_factory``: one secret for any number of namespaces."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.session import BaseCookieSessionFactory, JSONSerializer
from webob.cookies import SignedSerializer

from ..messages import did_you_mean, dotted_name, may_be_secret
from .library_options import same_option_elsewhere
from .signing import (
    MIN_SECRET_BYTES,
    NOT_TEXT,
    RotatingSerializer,
    byte_length,
    secret_command,
    too_short,
)

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
    """Create a factory of Pyramid's signed cookie sessions, with the namespace bound into the key.

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
    :returns: an :class:`~pyramid.interfaces.ISessionFactory`.
    :raises pyramid.exceptions.ConfigurationError: for an invalid namespace or secret.
    :raises TypeError: for an unknown option.
    """
    call = _Call(namespace, sys._getframe(1))
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise ConfigurationError(
            f"{call}: the namespace (the first argument; secrets are the second) must match "
            f"{_NAMESPACE.pattern}, as it becomes part of the key and the name of the cookie."
        )
    call.check_options(options)
    # WebOb joins salt and secret: without a delimiter, ("ab", "c") and ("a", "bc") are one key.
    salt = f"pyramid_session_multi.{namespace}\0"
    signers = [
        SignedSerializer(secret, salt, hashalg, serializer=serializer or JSONSerializer())
        for secret in call.valid_secrets(secrets)
    ]
    factory: Callable[[Request], Any] = BaseCookieSessionFactory(
        RotatingSerializer(signers, namespace),
        cookie_name=namespace if cookie_name is None else cookie_name,
        httponly=httponly,
        **options,
    )
    return factory


class _Call:
    """A call of ``signed_cookie_session_factory``; its ``str`` begins messages.

    The namespace is shown only if it cannot be a secret, which is in its place if the arguments are
    swapped.
    """

    def __init__(self, namespace: object, frame: FrameType) -> None:
        text = namespace if isinstance(namespace, str) else ""
        is_name = _NAMESPACE.fullmatch(text) and not may_be_secret(text)
        self._namespace = f"{text!r}, " if is_name else ""
        self._hint = "" if is_name else " Is the namespace, not a secret, the first argument?"
        self._frame = frame

    def __str__(self) -> str:
        call = f"signed_cookie_session_factory({self._namespace}...)"
        module = str(self._frame.f_globals.get("__name__"))
        if module.startswith("pyramid_session_multi."):
            return call  # the settings say where they are themselves
        return f"{call} at {self._frame.f_code.co_filename}:{self._frame.f_lineno}"

    def check_options(self, options: Mapping[str, Any]) -> None:
        if "salt" in options:
            raise TypeError(f"{self}: 'salt' is not an option: the namespace is the salt.")
        parameters = inspect.signature(BaseCookieSessionFactory).parameters
        for option in options:
            if option not in parameters:
                names = [*parameters, "hashalg", "secrets"]
                hint = same_option_elsewhere(option, names) or did_you_mean(option, names) or "."
                raise TypeError(f"{self}: {option!r} is not an option{hint}")

    def valid_secrets(self, secrets: str | bytes | Sequence[str | bytes]) -> Sequence[str | bytes]:
        secret_list = [secrets] if isinstance(secrets, (str, bytes)) else secrets
        if not isinstance(secret_list, Sequence) or not secret_list:
            raise ConfigurationError(
                f"{self}: secrets must be a str or bytes, or a non-empty list of these (the first "
                f"signs, all verify), not {_type_or_empty(secrets)}."
            )
        for position, secret in enumerate(secret_list, 1):
            problem = _secret_problem(secret)
            if problem:
                which = f"secret {position}" if len(secret_list) > 1 else "the secret"
                raise ConfigurationError(f"{self}: {which} {problem}{self._hint}")
        return secret_list


def _type_or_empty(secrets: object) -> str:
    return dotted_name(type(secrets)) if secrets or secrets is None else "an empty one"


def _secret_problem(secret: object) -> str | None:
    if not isinstance(secret, (str, bytes)):
        return f"must be a str or bytes, not {dotted_name(type(secret))}."
    try:
        length = byte_length(secret)
    except UnicodeEncodeError:
        return f"{NOT_TEXT}."
    if length >= MIN_SECRET_BYTES:
        return None
    return f"{too_short(length)}. {secret_command()}"
