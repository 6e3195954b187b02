"""The errors and warnings of the package. Each carries its data as attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest

from .messages import did_you_mean, dotted_name, quoted


class SessionMultiError(Exception):
    """The base class of the errors that a namespace raises in a request."""


class UnregisteredSession(SessionMultiError, KeyError):
    """The requested namespace is not registered.

    A ``KeyError``, because ``request.session_multi`` is a ``dict``.

    :ivar namespace: the requested name.
    :ivar registered: the names that are registered, in their order of registration.
    """

    def __init__(self, namespace: object, registered: Sequence[str] = ()) -> None:
        super().__init__(namespace, registered)
        self.namespace = namespace
        self.registered: tuple[str, ...] = tuple(registered)

    def __str__(self) -> str:  # KeyError's own would print the arguments' repr
        if not self.registered:
            registered = (
                "No namespace is registered: call config.register_session_factory(...) at start-up."
            )
        else:
            hint = did_you_mean(str(self.namespace), self.registered, " Did you mean")
            registered = f"Registered: {quoted(self.registered)}.{hint}"
        return f"No session is registered for the namespace {self.namespace!r}. {registered}"


class RefusedSession(SessionMultiError, AttributeError):
    """A session is required, but its discriminator refuses this request.

    It is an ``AttributeError``, like Pyramid's own error for a missing ``request.session``. An
    exception view for it can redirect to a url where the session exists, for example to https.

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
            f"{dotted_name(self.discriminator)} refused it. Use the session only for requests that "
            "the discriminator allows, or register an exception view for RefusedSession."
        )


class UndeclaredSession(SessionMultiError):
    """A view, or code that runs for it, uses a namespace that the view does not declare.

    :ivar namespace: the name of the namespace.
    :ivar declared: the names that the view declares.
    :ivar view: the view callable.
    """

    def __init__(
        self, namespace: str, declared: Sequence[str], view: Callable[..., Any] | None = None
    ) -> None:
        super().__init__(namespace, declared, view)
        self.namespace = namespace
        self.declared: tuple[str, ...] = tuple(declared)
        self.view = view

    def __str__(self) -> str:
        return (
            f"The view {dotted_name(self.view)} declares "
            f"{f'session_multi={self.declared!r}' if self.declared else 'no session'}, so neither "
            "the view nor its permission check, CSRF check or renderer can use the session "
            f"{self.namespace!r}. To fix this, declare it for the view, as in session_multi="
            f"{(*self.declared, self.namespace)!r}, or do not use it while the view runs."
        )


class RecursiveOpening(SessionMultiError, RuntimeError):
    """A namespace is requested by its own factory or discriminator while it is being opened.

    :ivar namespace: the name of the namespace.
    """

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self.namespace = namespace

    def __str__(self) -> str:
        return (
            f"The session {self.namespace!r} is being opened, and its own factory or discriminator "
            f"requested request.session_multi[{self.namespace!r}]. A namespace cannot depend on "
            "itself: read the request's cookie, or keep that value in another namespace."
        )


class UndecodableCookies(HTTPBadRequest):
    """WebOb cannot decode the ``Cookie`` header. This is the client's fault, so it is a 400."""

    def __init__(self) -> None:
        super().__init__("The Cookie header of this request is not valid UTF-8 once unquoted.")


class IsolationWarning(UserWarning):
    """Two sessions accept each other's cookies, and ``session_multi.isolation`` is ``warn``."""
