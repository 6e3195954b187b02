"""``request.session_multi``: the manager of a request's sessions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from ..csrf import renew_csrf_token
from ..exceptions import RefusedSession
from ..interfaces import ISessionMultiManager
from ..keep import check_keep
from ..messages import quoted
from ..registry.name_checks import check_name, check_name_or_all
from ..registry.view_contract import ViewContract
from . import invalidation
from .opening_claims import claim, own_claims, release
from .peek import peek_session
from .renewal_check import expect_new_id
from .request_cookies import has_cookie, may_have_cookie
from .running_views import check_declared, first_contract
from .session_opener import SessionOpener
from .unreadable_cookies import delete_unreadable_cookie


def new_session_multi(request: Request) -> SessionMultiManager:
    """Create a manager for a request that has no ``session_multi`` of its own.

    :raises AttributeError: if the application does not include ``pyramid_session_multi``.
    """
    return SessionMultiManager(request)


@implementer(ISessionMultiManager)
class SessionMultiManager(SessionOpener):
    """The sessions requested so far in this request, by namespace.

    A special ``dict``: ``manager[namespace]`` opens the session on first access and keeps it for
    the request, or keeps ``None`` if the discriminator refuses the request. ``in``, ``len``,
    iteration, ``keys``, ``values`` and ``items`` cover what was requested and open nothing.
    Every other change raises ``ValueError``, and copying raises ``TypeError``.

    ``manager[namespace]`` raises :class:`UnregisteredSession` for an unknown namespace,
    :class:`RecursiveOpening` if the namespace is being opened already,
    :class:`pyramid.httpexceptions.HTTPBadRequest` for a ``Cookie`` header that WebOb cannot
    decode, and the exceptions of discriminator and factory; the next access then tries again.

    :param request: the request.
    :param config: the registry of namespaces; found through the request if it is left out.
    :raises AttributeError: if the application does not include ``pyramid_session_multi``.
    :ivar request: the request.
    """

    __slots__ = ()

    def get(self, namespace: str, default: Any = None) -> Any:
        """Open like ``[namespace]``; ``default`` is for unregistered names, not refused ones."""
        return self[namespace] if self.has_namespace(namespace) else default

    def require(self, namespace: str) -> Any:
        """Open like ``[namespace]``, and never return ``None``.

        :raises RefusedSession: if the discriminator refuses the request.
        :raises UnregisteredSession: for an unknown namespace.
        """
        try:
            session = self[namespace]
        except TypeError:
            check_name(namespace)
            raise
        if session is None:
            raise RefusedSession(namespace, self.get_namespace_discriminator(namespace))
        return session

    # Cookies, without opening

    def has_cookie(self, namespace: str) -> bool | None:
        """True if the request has the namespace's cookie; ``None`` if its name is not known.

        The discriminator does not run.

        :raises UnregisteredSession: for an unknown namespace.
        :raises pyramid.httpexceptions.HTTPBadRequest: for an undecodable ``Cookie`` header.
        """
        cookie_name = self._config.get(namespace).cookie_name
        check_declared(self.request, namespace)
        self._use()
        return None if cookie_name is None else has_cookie(self.request, cookie_name)

    def peek(self, namespace: str) -> dict[str, Any] | None:
        """Read the data that the request's cookie holds for the namespace, without opening it.

        The factory runs on a detached copy of the request: nothing is opened, renewed, written
        or sent. The discriminator runs on the real one. Keys are the application's and Pyramid's
        (``_csrft_``, ``_f_*``), not the library's own.

        ``None`` without a cookie, if the discriminator refuses, if the cookie is rejected, if the
        session's lifetime is over, and for a session library that is not described. Exceptions of
        the discriminator and the factory are passed on, for example those of a backend that is
        down.

        :returns: a new ``dict``, nested values copied.
        :raises UnregisteredSession: for an unknown namespace.
        :raises RecursiveOpening: while the namespace is being opened or peeked at.
        :raises pyramid.httpexceptions.HTTPBadRequest: for an undecodable ``Cookie`` header.
        """
        registered = self._config.get(namespace)
        check_declared(self.request, namespace)
        is_claimed = claim(self._claims, namespace, self)
        try:
            if not self._is_allowed(registered):
                return None
            self._use()
            cookie_name = registered.cookie_name
            if cookie_name is None or not has_cookie(self.request, cookie_name):
                return None
            return peek_session(self.request, registered)
        finally:
            if is_claimed:
                release(self._claims, namespace)

    def discriminator_result(self, namespace: str) -> bool | None:
        """The discriminator's result for this request; ``None`` if it has not run.

        :raises UnregisteredSession: for an unknown namespace.
        """
        return self._allowed.get(self._config.get(namespace).name)

    @property
    def view_contract(self) -> ViewContract | None:
        """The declaration of the request's view, also after it has returned.

        ``None`` if no contract binds it. Later views are ignored: those that it calls, and the
        exception view after it.
        """
        return first_contract(self.request)

    def for_copy(self, request: Request) -> SessionMultiManager:
        """Create the manager of a detached copy, which knows what is being opened here."""
        manager = SessionMultiManager(request)
        manager._claims = own_claims(self._claims, self)
        return manager

    # Ending and renewing

    def invalidate(self, namespace: str | None = None) -> None:
        """End the session of a namespace, or all sessions that are open or whose cookie arrived.

        If the name of a session's cookie is not known, or was only declared, it is ended as well.

        With a described library, this also ends the old id on the server. The session's own
        ``invalidate`` leaves the old data there or sends it again, with some libraries.

        Refused sessions are skipped. If a session fails, the others are ended all the same, and
        then the exception is raised; several are raised as an ``ExceptionGroup``. A cookie that
        holds all the data, but that its library cannot read, is deleted without an error.

        :param namespace: its name; ``None``: all.
        :raises TypeError: for a list of names, or anything else that is not a ``str``.
        :raises UnregisteredSession: for an unknown namespace.
        :raises pyramid.httpexceptions.HTTPBadRequest: for an undecodable ``Cookie`` header.
        """
        check_name_or_all(namespace)
        names = self.namespaces if namespace is None else [self._config.get(namespace).name]
        for name in names:  # before any is ended
            if name not in self:
                check_declared(self.request, name)
        try:
            invalidation.call_all({name: partial(self._invalidate, name) for name in names})
        finally:
            # Without the cookies, other sessions or none would have been ended.
            if any(self._allowed.get(name) is not False for name in names):
                self._use()

    def _invalidate(self, name: str) -> None:
        namespace = self._config.get(name)
        if name not in self and not may_have_cookie(self.request, namespace):
            return
        try:
            session = self[name]
            if session is not None:
                namespace.session_library_of(session).invalidate(session)
        except Exception as error:
            is_allowed = namespace.discriminator is None or self._allowed.get(name)
            if not is_allowed or not delete_unreadable_cookie(self.request, namespace, error):
                raise

    def renew(self, namespace: str, keep: Iterable[str] | None = None) -> Any:
        """Give the session a new id and a new CSRF token, against session fixation at a login.

        If the library keeps sessions on a server, the old id ends there. A library that is not
        described may keep it: a warning is then logged, as the cookie does not change.

        :param keep: the keys whose values stay, absent ones ignored; ``None``: all.
        :returns: the session, which is the same object as before.
        :raises RefusedSession: if the discriminator refuses the request.
        :raises TypeError: if ``keep`` is one ``str`` or ``bytes``.
        :raises UnregisteredSession: for an unknown namespace.
        """
        check_keep(keep)
        check_name(namespace)
        with invalidation.note_on_errors(namespace):
            session, registered = self.require(namespace), self._config.get(namespace)
            invalidation.renew(registered, session, keep)
            renew_csrf_token(self.request, namespace)
        expect_new_id(self.request, registered, session, self._config)
        return session

    def __repr__(self) -> str:
        """Names of namespaces, never data."""
        by_state: dict[str, list[str]] = {"opened": [], "refused": [], "untouched": []}
        for name in self.namespaces:
            state = "refused" if self._allowed.get(name) is False else "opened"
            by_state[state if name in self else "untouched"].append(name)
        states = [f"{state} {quoted(names)}" for state, names in by_state.items() if names]
        return f"<{type(self).__name__}: {'; '.join(states) or 'nothing registered'}>"
