"""What can be known of a session library: one description serves all its factories."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

# See SessionLibrary.decoder.
Decoder = Callable[[str, float], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class SharedResource:
    """Something that an application has only one of, and how a factory wants it.

    :ivar name: what it is, for messages.
    :ivar configuration: compared between factories; never shown, it may hold a password.
    :ivar fix: how a factory gets one of its own.
    """

    name: str
    configuration: object
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieAttributes:
    """How a session cookie is sent (RFC 6265 4.1.2).

    :ivar path: of the urls that it is sent to.
    :ivar domain: the host that it is sent to, with its subdomains; ``None``: to the host alone.
    :ivar max_age: seconds; ``None``: until the browser is closed.
    :ivar secure: is it sent over https only?
    :ivar httponly: is it hidden from scripts?
    :ivar samesite: ``Lax``, ``Strict``, ``None`` as a word, or ``None``: not sent.
    """

    path: str = "/"
    domain: str | None = None
    max_age: int | None = None
    secure: bool = False
    httponly: bool = False
    samesite: str | None = None

    def flags(self) -> list[str]:
        """As they stand in ``Set-Cookie``."""
        parts = [f"Path={self.path}"]
        parts += [f"Domain={self.domain}"] if self.domain else []
        parts += [f"Max-Age={self.max_age}"] if self.max_age is not None else []
        parts += ["Secure"] if self.secure else []
        parts += ["HttpOnly"] if self.httponly else []
        parts += [f"SameSite={self.samesite}"] if self.samesite else []
        return parts


class SessionLibrary:
    """The description of a session library; ``backends/`` has one file for each that is built in.

    Every method but :meth:`recognizes_factory` has a default that is right for a library which obeys
    :class:`pyramid.interfaces.ISession` and of which nothing more is known. ``factory`` is always
    one that :meth:`recognizes_factory` recognized, freed of what the application wrapped around it.

    :cvar fix: what to do when two factories accept each other's cookies.
    """

    fix = "give each of them a key of its own"

    def recognizes_factory(self, candidate: object) -> bool:
        """Is this object a session factory that the library made?"""
        raise NotImplementedError

    def cookie_name(self, factory: Callable[..., Any]) -> str | None:
        """The name of the cookie that the factory's sessions read and write, where it is known."""
        return None

    def cookie_attributes(self, factory: Callable[..., Any]) -> CookieAttributes | None:
        """How the factory's sessions send their cookie, where it is known."""
        return None

    def server_side(self, factory: Callable[..., Any]) -> bool:
        """Are the data kept on a server, so that reading them asks a backend?"""
        return True

    # Whose cookies does a factory accept? Either from keys, or by trying.

    def key_tokens(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        """What tells the factory's own cookies from others: the first makes them, all accept them.

        Factories with a key in common accept each other's cookies, others do not. Give tokens,
        not secrets. Empty: that can only be found out by trying.
        """
        return ()

    def sample_cookie(self, factory: Callable[..., Any]) -> bytes | None:
        """A cookie value as the factory's sessions send it, made without a backend.

        ``None``, or an error: that cannot be told.
        """
        return None

    def accepts_cookie(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        """Would the factory's sessions take this cookie value for one of theirs?

        What it raises counts as no.
        """
        return None

    def secret_bytes(self, factory: Callable[..., Any]) -> int | None:
        """How long the shortest secret is that signs or verifies; ``None``: not known."""
        return None

    def unsigned(self, factory: Callable[..., Any]) -> bool:
        """Is it known that the cookie can be made up by anybody?"""
        return False

    def shared_resource(self, factory: Callable[..., Any]) -> SharedResource | None:
        """What all factories of the library in one application have to agree on.

        Two that do not are a ``ConfigurationError`` at start-up. ``None``: nothing.
        """
        return None

    def decoder(self, factory: Callable[..., Any]) -> Decoder | None:
        """A function that reads a ``Cookie`` header as a session would have, at any later time.

        It takes the header and the moment in seconds, as of :func:`time.time`, at which the
        session would have been made, and returns what :meth:`read` would have, a new ``dict``, or
        ``None`` where the cookie would have been rejected. What such a session raises comes out.

        ``None``: there is none, as other things decide as well: a backend, or code of the
        application's own.
        """
        return None

    # Sessions

    def recognizes_session(self, session: Any) -> bool:
        """Is this one of the library's sessions? A wrapped factory may return another object."""
        return True

    def came_from_cookie(self, session: Any) -> bool:
        """Did the session come from the request's cookie, rather than start anew?"""
        return not session.new

    def read(self, session: Any) -> dict[str, Any]:
        """What the application and Pyramid (``_csrft_``, ``_f_*``) keep in the session.

        A new ``dict``, whose values may be the session's own.
        """
        return dict(session.items())

    def read_passively(self, session: Any) -> dict[str, Any] | None:
        """What :meth:`read` tells, seen without the session noticing: while it is still in use.

        Nothing may be loaded, marked as accessed or refreshed for it. ``None`` when that cannot
        be had, as with a session that is not loaded yet.
        """
        return None

    def invalidate(self, session: Any) -> None:
        """Empty the session and end its id on the server, where the library has ids."""
        session.invalidate()
