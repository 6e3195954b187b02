"""Opens a namespace's session on first access and keeps it for the request."""

from __future__ import annotations

import logging
from _thread import allocate_lock, get_ident
from typing import Any

from pyramid.request import Request
from pyramid.threadlocal import manager as threadlocals

from ..exceptions import UnregisteredSession
from ..interfaces import ISessionMultiManagerConfig
from ..messages import dotted_name
from ..registry.namespace import Namespace
from ..registry.registered_namespaces import RegisteredNamespaces
from ..registry.registry import SessionMultiManagerConfig
from .enclosing_requests import protect_enclosing_responses
from .opening_claims import Claims, release, wait_for, wake
from .readonly_dict import ReadOnlyDict
from .request_cookies import as_bad_request
from .response_completion import complete_response
from .running_views import RUNNING_VIEWS

log: logging.Logger = logging.getLogger("pyramid_session_multi")

# Shared and empty; ``_is_allowed`` replaces it with a new dict, so most requests allocate none.
_NO_RESULTS: dict[str, bool] = {}
_results_lock = allocate_lock()

# Bypasses the read-only guard; a third faster than dict.__setitem__.
_dict_set = dict.setdefault
_DEBUG = logging.DEBUG


class SessionOpener(ReadOnlyDict, RegisteredNamespaces):
    """A read-only ``dict`` of the sessions requested so far, which opens a missing one.

    :param request: the request.
    :param config: the registry of namespaces; found through the request if it is left out.
    """

    __slots__ = (
        "_allowed",
        "_attributes",
        "_by_name",
        "_claims",
        "_config",
        "_is_used",
        "_notifies",
        "request",
    )

    def __init__(self, request: Request, config: SessionMultiManagerConfig | None = None) -> None:
        if config is None:
            config = _registry_of(request)
        self.request: Request = request
        self._attributes = request.__dict__
        self._config = config
        self._by_name = config._by_name
        self._allowed = _NO_RESULTS
        self._claims: Claims = {}
        self._is_used = not config.completes_responses
        self._notifies = config.observer is not None or log.isEnabledFor(_DEBUG)

    # Opening. Written out, as each extra call costs time in every request: see the benchmark.

    def __missing__(self, name: str) -> Any:  # noqa: C901
        try:
            namespace = self._by_name[name]
        except KeyError:
            raise UnregisteredSession(name, self.namespaces) from None
        attributes = self._attributes
        if RUNNING_VIEWS in attributes and name not in attributes[RUNNING_VIEWS].openable:
            raise attributes[RUNNING_VIEWS].undeclared(name)
        claims = self._claims
        # Only this thread claims with its ident, so no other thread can interfere.
        if name in claims or claims.setdefault(name, ident := get_ident()) != ident:
            return self._after(name)
        try:
            if self._notifies:
                self._notify_opening(name)
            if namespace.discriminator is not None and not self._is_allowed(namespace):
                session = None
            else:
                if not self._is_used:
                    self._use()
                session = namespace.open(self.request)
                if session is None:
                    raise _factory_returned_none(namespace)  # noqa: TRY301 - handled like its own
        except BaseException as error:  # noqa: BLE001 - it is raised again, or a 400 for it
            release(claims, name)
            raise self._failure(name, error)  # noqa: B904 - mostly the error itself
        _dict_set(self, name, session)
        # The claim stays, so that a thread that missed the session does not open another one.
        if None in claims:
            wake(claims, name)
        if self._notifies:
            self._notify_opened(name, session)
        return session

    def _after(self, name: str) -> Any:
        """The session that another thread is opening, or has just opened."""
        wait_for(self._claims, name, self)
        return self[name]

    def _notify_opening(self, name: str) -> None:
        observer = self._config.observer
        if observer is not None:
            observer.opening(self.request, name)

    def _notify_opened(self, name: str, session: Any) -> None:
        is_refused = self._allowed.get(name) is False
        log.debug("session %r %s", name, "refused" if is_refused else "opened")
        observer = self._config.observer
        if observer is not None and is_refused:
            observer.refused(self.request, name)
        elif observer is not None:
            observer.opened(self.request, name, session)

    def _failure(self, name: str, error: BaseException) -> BaseException:
        if not isinstance(error, Exception):
            return error  # such as a worker's timeout
        failure = as_bad_request(self.request, error)
        log.debug("session %r failed: %s", name, dotted_name(type(failure)))
        observer = self._config.observer
        if observer is not None:
            observer.failed(self.request, name, failure)
        return failure

    def _is_allowed(self, namespace: Namespace) -> bool:
        """Run the discriminator, at most once in a request."""
        if namespace.discriminator is None:
            return True
        is_allowed = self._allowed.get(namespace.name)
        if is_allowed is None:
            is_allowed = bool(namespace.discriminator(self.request))
            with _results_lock:  # threads of one request must not lose each other's result
                self._allowed = {**self._allowed, namespace.name: is_allowed}
        return is_allowed

    def _use(self) -> None:
        """Record that the response depends on a session, so that its headers are completed."""
        if not self._is_used:
            self._is_used = True
            self.request.response_callbacks.append(self._complete_response)
            if len(threadlocals.stack) > 1:
                protect_enclosing_responses(self)

    _complete_response = complete_response


def _registry_of(request: Request) -> SessionMultiManagerConfig:
    config: SessionMultiManagerConfig | None = request.registry.queryUtility(
        ISessionMultiManagerConfig
    )
    if config is None:
        raise AttributeError(
            "request.session_multi needs config.include('pyramid_session_multi') at start-up."
        )
    return config


def _factory_returned_none(namespace: Namespace) -> TypeError:
    return TypeError(
        f"The session factory {dotted_name(namespace.factory)} of the {namespace} returned None "
        "instead of a session. To refuse a request, register a discriminator."
    )
