"""Who is logged in, kept in one namespace."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from pyramid.authentication import SessionAuthenticationHelper
from pyramid.request import Request

from .exceptions import RefusedSession
from .request_session import with_session


class SessionMultiAuthenticationHelper:
    """Pyramid's :class:`pyramid.authentication.SessionAuthenticationHelper` on one namespace.

    For use in a security policy. :meth:`remember` renews the session, as a login must against
    session fixation (OWASP ASVS 5.0, 7.2.4).

    :param namespace: which.
    :param prefix: of the session key that holds the user id.
    :param keep: the session keys that outlive a change from one user to another.
    :raises TypeError: when ``keep`` is one ``str`` or ``bytes``.
    """

    def __init__(self, namespace: str, prefix: str = "auth.", keep: Iterable[str] = ()) -> None:
        if isinstance(keep, (str, bytes)):
            raise TypeError(f"keep takes a collection of keys: keep=[{keep!r}], not keep={keep!r}.")
        self.namespace = namespace
        self.keep: tuple[str, ...] = tuple(keep)
        self._helper = SessionAuthenticationHelper(prefix)

    def remember(self, request: Request, userid: Any, **kw: Any) -> list[tuple[str, str]]:
        """Store the user id in a renewed session; the headers to send are none.

        From nobody to somebody all data stays, also when the same user logs in again; from one
        user to another only ``keep`` does.

        :raises RefusedSession: where the discriminator refuses the request.
        """
        before = self.authenticated_userid(request)
        keep = None if before in (None, userid) else self.keep
        request.session_multi.renew(self.namespace, keep=keep)
        self._helper.remember(with_session(request, self.namespace), userid, **kw)
        return []

    def forget(self, request: Request, **kw: Any) -> list[tuple[str, str]]:
        """Remove the user id from the session; the headers to send are none."""
        with suppress(RefusedSession):  # nobody is logged in where the session does not exist
            self._helper.forget(with_session(request, self.namespace), **kw)
        return []

    def authenticated_userid(self, request: Request) -> Any:
        """The stored user id; ``None`` without one, and where the discriminator refuses."""
        try:
            return self._helper.authenticated_userid(with_session(request, self.namespace))
        except RefusedSession:
            return None
