"""What can go wrong with a namespace. Each error carries what is known of it as attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest

from .messages import describe, nearest, quoted


class SessionMultiError(Exception):
    """The root of the errors that a namespace can raise in a request."""


class UnregisteredSession(SessionMultiError, KeyError):
    """A namespace was asked for that nobody registered.

    A ``KeyError``, because ``request.session_multi`` is a ``dict``.

    :ivar namespace: the name that was asked for.
    :ivar registered: the names that are registered, in their order of registration.
    """

    def __init__(self, namespace: object, registered: Sequence[str] = ()) -> None:
        super().__init__(namespace, registered)
        self.namespace = namespace
        self.registered: tuple[str, ...] = tuple(registered)

    def __str__(self) -> str:  # KeyError's own would print the arguments' repr
        if not self.registered:
            known = (
                "No namespace is registered: call config.register_session_factory(...) at start-up."
            )
        else:
            known = f"Registered: {quoted(self.registered)}.{self._suggestion()}"
        return f"No session is registered for the namespace {self.namespace!r}. {known}"

    def _suggestion(self) -> str:
        near = nearest(str(self.namespace), self.registered)
        return f" Did you mean {near!r}?" if near else ""


class RefusedSession(SessionMultiError, AttributeError):
    """A session was needed whose discriminator refuses this request.

    An ``AttributeError``, as Pyramid's own for a missing ``request.session`` is. An exception
    view for it can lead people to where the session exists, https for example.

    :ivar namespace: the refused namespace.
    :ivar discriminator: the callable that refused it.
    """

    def __init__(self, namespace: str, discriminator: Callable[..., Any] | None = None) -> None:
        super().__init__(namespace, discriminator)
        self.namespace = namespace
        self.discriminator = discriminator

    def __str__(self) -> str:
        return (
            f"The session {self.namespace!r} does not exist for this request: its discriminator "
            f"{describe(self.discriminator)} refused it. Ask for it only where the discriminator "
            "agrees, or register an exception view for RefusedSession."
        )


class RecursiveOpening(SessionMultiError, RuntimeError):
    """A namespace was asked for by its own factory or discriminator while it was being opened.

    :ivar namespace: the namespace that would need itself.
    """

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self.namespace = namespace

    def __str__(self) -> str:
        return (
            f"The session {self.namespace!r} is being opened, and its own factory or discriminator "
            f"asked for request.session_multi[{self.namespace!r}] meanwhile. A namespace cannot "
            "be built on itself: read the cookie, or keep that value in another namespace."
        )


class UndecodableCookies(HTTPBadRequest):
    """The ``Cookie`` header holds bytes that WebOb cannot decode: the client's fault, a 400."""

    def __init__(self) -> None:
        super().__init__("The Cookie header of this request is not valid UTF-8 once unquoted.")


class IsolationWarning(UserWarning):
    """Two sessions accept each other's cookies, and ``session_multi.isolation`` is ``warn``."""
