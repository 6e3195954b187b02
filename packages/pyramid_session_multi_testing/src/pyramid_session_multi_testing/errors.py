"""Why a test cannot get at a session. Each error carries what is known of it as attributes."""

from __future__ import annotations

from typing import Any

from pyramid_session_multi import SessionMultiError


class ApplicationNotFound(SessionMultiError, LookupError):
    """A WSGI application was looked through, and not one Pyramid application was found in it.

    :ivar looked_through: the WSGI application.
    :ivar problem: what was found instead.
    """

    def __init__(self, looked_through: Any, problem: str) -> None:
        super().__init__(looked_through, problem)
        self.looked_through = looked_through
        self.problem = problem

    def __str__(self) -> str:
        return (
            f"{self.problem} Say which application has the session, with app=..., as it came from "
            "config.make_wsgi_app()."
        )


class CookieNotReturned(SessionMultiError, ValueError):
    """The jar would not send a namespace's cookie back to the url whose session was asked for.

    :ivar namespace: the namespace.
    :ivar cookie_name: the name of its cookie, where it is known.
    :ivar url: where the session was asked for.
    :ivar reason: what the jar goes by.
    :ivar fix: what to do.
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
