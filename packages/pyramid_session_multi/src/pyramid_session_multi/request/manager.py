"""In a request: ``request.session_multi``, where namespaces are opened."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from ..csrf import renew_stored_token
from ..exceptions import (
    RefusedSession,
    UnregisteredSession,
)
from ..interfaces import ISessionMultiManager, ISessionMultiManagerConfig
from ..messages import describe, quoted
from ..registry.namespace import Namespace
from ..registry.registered_namespaces import RegisteredNamespaces
from ..registry.registry import SessionMultiManagerConfig
from .invalidation import end, start_anew, try_all
from .peek import peek_session
from .readonly_dict import OpenedSessions
from .recursion import Opening, refuse_recursion
from .request_cookies import blame, came
from .response_headers import vary_on_cookie

log: logging.Logger = logging.getLogger("pyramid_session_multi")

# Replaced, never changed: most requests need none of their own.
_NO_VERDICTS: dict[str, bool] = {}

# Past what makes it unchangeable; called in two thirds of the time of dict.__setitem__.
_keep = dict.setdefault
_DEBUG = logging.DEBUG


def new_session_multi(request: Request) -> SessionMultiManager:
    """Make the manager of a request, for a request that has no ``session_multi`` of its own.

    :raises AttributeError: where the application does not include ``pyramid_session_multi``.
    """
    return SessionMultiManager(request)


@implementer(ISessionMultiManager)
class SessionMultiManager(OpenedSessions, RegisteredNamespaces):
    """The sessions that were asked for in this request, by namespace.

    A special ``dict``: ``manager[namespace]`` opens the session on first access and keeps it for
    the request, or keeps ``None`` when the discriminator refuses the request. ``in``, ``len``,
    iteration, ``keys``, ``values`` and ``items`` tell what was asked for and open nothing.
    Nothing else can change it: what would, raises ``ValueError``, and a copy ``TypeError``.

    ``manager[namespace]`` raises :class:`UnregisteredSession` for an unknown namespace,
    :class:`RecursiveOpening` when the namespace is being opened already,
    :class:`pyramid.httpexceptions.HTTPBadRequest` for a ``Cookie`` header that WebOb cannot
    decode, and what the discriminator or the factory raises; the next access then tries again.

    :param request: the request.
    :param namespaces: the registry of them, where it is at hand.
    :raises AttributeError: where the application does not include ``pyramid_session_multi``.
    :ivar request: the request.
    """

    __slots__ = ("_config", "_opening", "_varies", "_verdicts", "_watched", "request")

    def __init__(
        self, request: Request, namespaces: SessionMultiManagerConfig | None = None
    ) -> None:
        if namespaces is None:
            namespaces = _namespaces_of(request)
        self.request: Request = request
        self._config = namespaces
        self._verdicts = _NO_VERDICTS
        self._opening: Opening = ()
        self._varies = not namespaces.vary
        self._watched = namespaces.observer is not None or log.isEnabledFor(_DEBUG)

    # Opening. Written out, as each call less is felt in every request: see the benchmark.

    def __missing__(self, namespace: str) -> Any:
        try:
            registered = self._config.by_name[namespace]
        except KeyError:
            raise UnregisteredSession(namespace, self._config.namespaces) from None
        outer = self._opening
        if outer:
            refuse_recursion(namespace, outer)
        if self._watched:
            self._announce(namespace)
        self._opening = (namespace, outer)
        try:
            if registered.discriminator is not None and not self._admits(registered):
                session = None
            else:
                if not self._varies:
                    self._vary()
                session = registered.factory(self.request)
                if session is None:
                    raise _no_session(registered)  # noqa: TRY301 - told like its own errors
        except Exception as error:  # noqa: BLE001 - it is raised again, or a 400 for it
            raise self._failed(namespace, error)  # noqa: B904 - mostly the error itself
        finally:
            self._opening = outer
        _keep(self, namespace, session)
        if self._watched:
            self._tell(namespace, session)
        return session

    def _announce(self, namespace: str) -> None:
        observer = self._config.observer
        if observer is not None:
            observer.opening(self.request, namespace)

    def _tell(self, namespace: str, session: Any) -> None:
        refused = self._verdicts.get(namespace) is False
        log.debug("session %r %s", namespace, "refused" if refused else "opened")
        observer = self._config.observer
        if observer is not None and refused:
            observer.refused(self.request, namespace)
        elif observer is not None:
            observer.opened(self.request, namespace, session)

    def _failed(self, namespace: str, error: Exception) -> Exception:
        failure = blame(self.request, error)
        log.debug("session %r failed: %s", namespace, describe(type(failure)))
        observer = self._config.observer
        if observer is not None:
            observer.failed(self.request, namespace, failure)
        return failure

    def _admits(self, registered: Namespace) -> bool:
        """The discriminator's verdict, asked for once in a request."""
        if registered.discriminator is None:
            return True
        verdict = self._verdicts.get(registered.name)
        if verdict is None:
            verdict = bool(registered.discriminator(self.request))
            self._verdicts = {**self._verdicts, registered.name: verdict}
        return verdict

    def _vary(self) -> None:
        if not self._varies:
            self._varies = True
            self.request.add_response_callback(vary_on_cookie)

    def get(self, namespace: str, default: Any = None) -> Any:
        """Open like ``[namespace]``; ``default`` is for names that nobody registered.

        A refused namespace is ``None``, whatever the default.
        """
        return self[namespace] if self._config.has_namespace(namespace) else default

    # Cookies, without opening

    def has_cookie(self, namespace: str) -> bool | None:
        """Did the request bring the namespace's cookie? ``None``: its name is not known.

        The discriminator is not asked.

        :raises UnregisteredSession: for an unknown namespace.
        :raises pyramid.httpexceptions.HTTPBadRequest: for an undecodable ``Cookie`` header.
        """
        cookie_name = self._config.get(namespace).cookie_name
        self._vary()
        return None if cookie_name is None else came(self.request, cookie_name)

    def peek(self, namespace: str) -> dict[str, Any] | None:
        """What the request's cookie holds for the namespace: a new ``dict``, nested values copied.

        The factory runs on a detached copy of the request: nothing is opened, renewed, written
        or sent. The discriminator is asked on the real one. Keys are the application's and
        Pyramid's (``_csrft_``, ``_f_*``), not the library's own.

        ``None`` without a cookie, when the discriminator refuses, when the cookie is rejected,
        and for a session library that nobody described. What the discriminator or the factory
        raises comes out, as from a backend that is down.

        :raises UnregisteredSession: for an unknown namespace.
        :raises RecursiveOpening: within the namespace's own opening or peeking.
        :raises pyramid.httpexceptions.HTTPBadRequest: for an undecodable ``Cookie`` header.
        """
        registered = self._config.get(namespace)
        outer = self._opening
        refuse_recursion(namespace, outer)
        self._opening = (namespace, outer)
        try:
            if not self._admits(registered):
                return None
            self._vary()
            cookie_name = registered.cookie_name
            if cookie_name is None or not came(self.request, cookie_name):
                return None
            return peek_session(self.request, registered)
        finally:
            self._opening = outer

    def discriminator_result(self, namespace: str) -> bool | None:
        """What the discriminator said of this request; ``None``: it was not asked.

        It is not asked for this, and nothing is opened.

        :raises UnregisteredSession: for an unknown namespace.
        """
        return self._verdicts.get(self._config.get(namespace).name)

    def detached(self, request: Request) -> SessionMultiManager:
        """The manager of a detached copy of the request, which knows what is being opened here."""
        manager = SessionMultiManager(request)
        manager._opening = self._opening
        return manager

    # Ending and renewing

    def invalidate(self, namespace: str | None = None) -> None:
        """Invalidate a namespace, or all; not one unopened whose known cookie did not come.

        As the session's own ``invalidate``, but for libraries that leave the old data where it
        is, or send it once more: here the old id is dead on the server.

        Refused namespaces are left alone, and none is skipped because an earlier one failed: one
        failure is raised as itself, several as an ``ExceptionGroup``, after all were tried.

        :param namespace: which; ``None``: all.
        :raises UnregisteredSession: for an unknown namespace.
        :raises pyramid.httpexceptions.HTTPBadRequest: for an undecodable ``Cookie`` header.
        """
        every = self._config.namespaces if namespace is None else [self._config.get(namespace).name]
        try_all({name: partial(self._invalidate, name) for name in every})

    def _invalidate(self, namespace: str) -> None:
        session = self[namespace] if self._may_hold(namespace) else None
        if session is not None:
            end(self._config.get(namespace), session)

    def _may_hold(self, namespace: str) -> bool:
        if namespace in self:
            return True
        cookie_name = self._config.get_namespace_cookiename(namespace)
        return cookie_name is None or came(self.request, cookie_name)

    def renew(self, namespace: str, keep: Iterable[str] | None = None) -> Any:
        """Give the session a new id and a new CSRF token: against session fixation, at a login.

        Where the library keeps sessions on a server, the old id is dead there. It stays the same
        session object.

        :param keep: the keys whose values stay, those that are absent ignored; ``None``: all.
        :returns: the session.
        :raises RefusedSession: where the discriminator refuses the request.
        :raises TypeError: when ``keep`` is one ``str`` or ``bytes``.
        :raises UnregisteredSession: for an unknown namespace.
        """
        if isinstance(keep, (str, bytes)):
            raise TypeError(f"keep takes a collection of keys: keep=[{keep!r}], not keep={keep!r}.")
        session = self[namespace]
        if session is None:
            raise RefusedSession(namespace, self._config.get_namespace_discriminator(namespace))
        start_anew(self._config.get(namespace), session, keep)
        renew_stored_token(self.request, namespace)
        return session

    def __repr__(self) -> str:
        """Names of namespaces, never data."""
        names: dict[str, list[str]] = {"opened": [], "refused": [], "untouched": []}
        for namespace in self.namespaces:
            state = "refused" if self._verdicts.get(namespace) is False else "opened"
            names[state if namespace in self else "untouched"].append(namespace)
        states = [f"{state} {quoted(those)}" for state, those in names.items() if those]
        return f"<{type(self).__name__}: {'; '.join(states) or 'nothing registered'}>"


def _namespaces_of(request: Request) -> SessionMultiManagerConfig:
    namespaces: SessionMultiManagerConfig | None = request.registry.queryUtility(
        ISessionMultiManagerConfig
    )
    if namespaces is None:
        raise AttributeError(
            "request.session_multi needs config.include('pyramid_session_multi') at start-up."
        )
    return namespaces


def _no_session(registered: Namespace) -> TypeError:
    return TypeError(
        f"The session factory {describe(registered.factory)} of the {registered} returned None "
        "and no session. To refuse a request, give a discriminator."
    )
