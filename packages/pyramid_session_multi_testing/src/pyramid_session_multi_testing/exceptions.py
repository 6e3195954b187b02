"""The errors of the testing package, with their data as attributes, and its warning."""

from __future__ import annotations

from typing import Any

from pyramid_session_multi import SessionMultiError


class ApplicationNotFound(SessionMultiError, LookupError):
    """The ``TestApp`` does not contain exactly one Pyramid application with sessions.

    :ivar wsgi_app: the WSGI application that was searched.
    :ivar problem: a sentence that says what it contains instead.
    """

    def __init__(self, wsgi_app: Any, problem: str) -> None:
        super().__init__(wsgi_app, problem)
        self.wsgi_app = wsgi_app
        self.problem = problem

    def __str__(self) -> str:
        return (
            f"{self.problem} Pass the application that has the session: app=..., with the return "
            "value of config.make_wsgi_app()."
        )


class SessionDataWarning(UserWarning):
    """Data of a :class:`DummySessionMulti` that a real session would lose or change."""


class CookieNotReturned(SessionMultiError, ValueError):
    """The cookie jar would not send the namespace's cookie back to the url.

    :ivar namespace: the namespace.
    :ivar cookie_name: the name of its cookie; ``None`` if it is not known.
    :ivar url: the url of the request that the session was opened for.
    :ivar reason: the reason why the jar does not send the cookie.
    :ivar fix: a sentence that says what to do.
    """

    def __init__(
        self, namespace: str, cookie_name: str | None, url: str, reason: str, fix: str
    ) -> None:
        super().__init__(namespace, cookie_name, url, reason, fix)
        self.namespace = namespace
        self.cookie_name = cookie_name
        self.url = url
        self.reason = reason
        self.fix = fix

    def __str__(self) -> str:
        cookie = "cookie" if self.cookie_name is None else f"cookie {self.cookie_name!r}"
        return (
            f"The cookie jar would not send the {cookie} of the session {self.namespace!r} to "
            f"{self.url}: {self.reason}. {self.fix}"
        )
