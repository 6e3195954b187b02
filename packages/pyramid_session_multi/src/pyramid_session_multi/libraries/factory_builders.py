"""Making a session factory from the options that a namespace has in the settings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from .options import Option, Resolve

# What the libraries call what a word stands for. It does not take what ``use`` is called with.
WORDS = {
    "pyramid.session.SignedCookieSessionFactory": "signed_cookie",
    "pyramid_beaker.BeakerSessionFactoryConfig": "beaker",
    "pyramid_nacl_session.session.EncryptedCookieSessionFactory": "nacl",
    "pyramid_session_multi.libraries.signed_cookie.signed_cookie_session_factory": "signed_cookie",
    "pyramid_session_redis.RedisSessionFactory": "redis",
}


class Maker(ABC):
    """What a word after ``use =`` stands for; ``backends/`` holds those that there are.

    :cvar use: the word.
    :cvar extra: the extra of this distribution that installs the library; ``None``: none is needed.
    :cvar samesite: the names of the options for SameSite and Secure.
    :cvar made_with: the expression of Python's that makes a good secret.
    """

    use: str
    extra: str | None = None
    samesite: tuple[str, str] = ("samesite", "secure")
    made_with = "secrets.token_hex(64)"

    def required(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """The options of which one has to be given."""
        return ("secret",)

    @abstractmethod
    def options(self, given: Mapping[str, str], resolve: Resolve) -> Mapping[str, Option]:
        """The options that are understood beside those given, or an ``OptionError``."""

    @abstractmethod
    def make(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        """The session factory for converted options, or an ``OptionError``.

        The cookie's name is among the options.
        """
