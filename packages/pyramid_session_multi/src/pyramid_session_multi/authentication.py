"""Logins stored in one namespace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from pyramid.authentication import SessionAuthenticationHelper
from pyramid.request import Request

from .exceptions import RefusedSession
from .keep import check_keep
from .request_session import bound_request

Generation = Callable[[Request, Any], Any]


class SessionMultiAuthenticationHelper:
    """Pyramid's :class:`pyramid.authentication.SessionAuthenticationHelper` on one namespace.

    For use in a security policy. :meth:`remember` renews the session, as a login must against
    session fixation (OWASP ASVS 5.0, 7.2.4), and :meth:`forget` ends it (7.4.1).

    :param namespace: its name.
    :param prefix: the prefix of the session keys that hold the user id and its generation.
    :param keep: the session keys that survive a logout, and a change from one user to another.
    :param generation: called with the request and a user id; returns a value that changes when
        all logins of the user are to end, for example a number in the users table that a new
        password increments (ASVS 7.4.2, 7.4.3, 7.4.5). It is stored at :meth:`remember`, and a
        login whose stored value differs in type or value is not valid. ``None``: the account is
        disabled. It is called by each :meth:`authenticated_userid`, so that a change takes effect
        with the next request. Return an ``int``, a ``str``, or another value that JSON keeps as it
        is. Some session libraries let visitors read the value: do not return a password hash.
    :raises TypeError: if ``keep`` is one ``str`` or ``bytes``, or ``generation`` is not callable.
    """

    def __init__(
        self,
        namespace: str,
        prefix: str = "auth.",
        keep: Iterable[str] = (),
        generation: Generation | None = None,
    ) -> None:
        check_keep(keep)
        if generation is not None and not callable(generation):
            raise TypeError(
                "generation takes a callable of the request and a user id, or None, not an "
                f"instance of {type(generation).__name__}."
            )
        self.namespace = namespace
        self.keep: tuple[str, ...] = tuple(keep)
        self.generation = generation
        self._userid_key = f"{prefix}userid"
        self._generation_key = f"{prefix}generation"
        self._helper = SessionAuthenticationHelper(prefix)

    def remember(self, request: Request, userid: Any, **kw: Any) -> list[tuple[str, str]]:
        """Store the user id in a renewed session; return an empty list of headers.

        All data stays if nobody was logged in, or if the same user was (same type and value). From
        one user to another, only the keys in ``keep`` stay. A login that is no longer valid counts
        as the login of its user, since the session still holds that user's data. A library that is
        not described may keep the id, which is logged as ``request.session_multi.renew`` does.

        :raises RefusedSession: if the discriminator refuses the request.
        :raises TypeError: if ``generation`` returns a value that JSON changes, such as a tuple, or
            cannot hold, such as a date. The session does not change.
        """
        generation = None if self.generation is None else self.generation(request, userid)
        _check_generation(generation)
        previous_userid = self._data(request).get(self._userid_key)
        keeps_all = previous_userid is None or _is_same(previous_userid, userid)
        keep = None if keeps_all else self.keep
        session = request.session_multi.renew(self.namespace, keep=keep)
        self._helper.remember(bound_request(request, self.namespace), userid, **kw)
        if self.generation is not None:
            session[self._generation_key] = generation
        return []

    def forget(self, request: Request, **kw: Any) -> list[tuple[str, str]]:
        """End the session, except for the keys in ``keep``; return an empty list of headers.

        The next user of the same browser finds no other data of the previous user. A cookie that
        its library cannot read is replaced or deleted, as ``request.session_multi.invalidate``
        does.
        """
        with suppress(RefusedSession):  # nobody is logged in if the session does not exist
            if self._keeps_any(request):
                request.session_multi.renew(self.namespace, keep=self.keep)
            else:
                request.session_multi.invalidate(self.namespace)
        return []

    def _keeps_any(self, request: Request) -> bool:
        """True if the session has data to keep; false if it cannot be opened, as by its cookie."""
        if not self.keep:
            return False
        try:
            session_data = self._data(request)
        except RefusedSession:
            raise
        except Exception:  # noqa: BLE001 - invalidate raises it again, unless the cookie caused it
            return False
        return any(key in session_data for key in self.keep)

    def _data(self, request: Request) -> dict[str, Any]:
        """The session's data; empty if the cookie holds all, and its library cannot read it."""
        manager = request.session_multi
        session = manager.require(self.namespace)
        namespace = manager._config.get(self.namespace)
        data: dict[str, Any] = namespace.session_library_of(session).read(session)
        return data

    def authenticated_userid(self, request: Request) -> Any:
        """The user id of a valid login; ``None`` without one, or if the discriminator refuses."""
        try:
            session_request = bound_request(request, self.namespace)
        except RefusedSession:
            return None
        userid = self._helper.authenticated_userid(session_request)
        if userid is None or self.generation is None:
            return userid
        generation = self.generation(request, userid)
        at_login = session_request.session.get(self._generation_key)
        return userid if generation is not None and _is_same(at_login, generation) else None


def _check_generation(generation: Any) -> None:
    """Reject a value that would not be the same in the next request, for every library alike."""
    try:
        is_kept = _is_same(json.loads(json.dumps(generation)), generation)
    except (TypeError, ValueError, RecursionError):
        is_kept = False
    if not is_kept:
        raise TypeError(
            f"generation returned a value of type {type(generation).__name__} that JSON changes or "
            "cannot hold, so the login would not be valid in the next request. Return an int, a "
            "str, or another value that JSON keeps as it is."
        )


def _is_same(one: Any, other: Any) -> bool:
    """Compare type and value: ``1``, ``True``, ``1.0`` and ``"1"`` are four user ids."""
    return type(one) is type(other) and bool(one == other)
