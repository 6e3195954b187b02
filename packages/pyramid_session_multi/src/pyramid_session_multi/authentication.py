"""Logins stored in one namespace."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from pyramid.authentication import SessionAuthenticationHelper
from pyramid.request import Request

from .exceptions import RefusedSession
from .keep import check_keep
from .request_session import bound_request


class SessionMultiAuthenticationHelper:
    """Pyramid's :class:`pyramid.authentication.SessionAuthenticationHelper` on one namespace.

    For use in a security policy. :meth:`remember` renews the session, as a login must against
    session fixation (OWASP ASVS 5.0, 7.2.4).

    :param namespace: its name.
    :param prefix: the prefix of the session key that holds the user id.
    :param keep: the session keys that survive a change from one user to another.
    :raises TypeError: when ``keep`` is one ``str`` or ``bytes``.
    """

    def __init__(self, namespace: str, prefix: str = "auth.", keep: Iterable[str] = ()) -> None:
        check_keep(keep)
        self.namespace = namespace
        self.keep: tuple[str, ...] = tuple(keep)
        self._helper = SessionAuthenticationHelper(prefix)

    def remember(self, request: Request, userid: Any, **kw: Any) -> list[tuple[str, str]]:
        """Store the user id in a renewed session; return an empty list of headers.

        All data stays when nobody was logged in, or the same user was. From one user to another
        only the keys in ``keep`` stay.

        :raises RefusedSession: if the discriminator refuses the request.
        """
        previous_userid = self.authenticated_userid(request)
        keep = None if previous_userid in (None, userid) else self.keep
        request.session_multi.renew(self.namespace, keep=keep)
        self._helper.remember(bound_request(request, self.namespace), userid, **kw)
        return []

    def forget(self, request: Request, **kw: Any) -> list[tuple[str, str]]:
        """Remove the user id from the session; return an empty list of headers."""
        with suppress(RefusedSession):  # nobody is logged in if the session does not exist
            self._helper.forget(bound_request(request, self.namespace), **kw)
        return []

    def authenticated_userid(self, request: Request) -> Any:
        """The stored user id; ``None`` without one, or if the discriminator refuses."""
        try:
            return self._helper.authenticated_userid(bound_request(request, self.namespace))
        except RefusedSession:
            return None
