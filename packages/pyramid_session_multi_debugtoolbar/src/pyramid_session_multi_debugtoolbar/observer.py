"""The one observer of an application, told by the core what happens to its namespaces."""

from __future__ import annotations

import sys
from typing import Any
from weakref import WeakKeyDictionary

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    ISessionMultiObserver,
    Namespace,
    SessionMultiManagerConfig,
)
from zope.interface import implementer

from .observation import Observation
from .reading import Decoder, decoder_of


@implementer(ISessionMultiObserver)
class SessionMultiObserver:
    """Hands what it is told to the observation of the request, where there is one.

    It runs inside the application's own access to a session, and lets nothing out.
    """

    def __init__(self) -> None:
        # By the request itself: a copy of it, as made for reading, is not being observed.
        self._observations: WeakKeyDictionary[Request, Observation] = WeakKeyDictionary()
        self._decoders: dict[str, tuple[Namespace, Decoder | None]] = {}

    def watch(self, request: Request, observation: Observation) -> None:
        """From now on this observation is told of this request."""
        self._observations[request] = observation

    def forget(self, request: Request) -> None:
        """The request is over."""
        self._observations.pop(request, None)

    def decoder_of(self, namespace: Namespace) -> Decoder | None:
        """As the function of that name, which need not be asked in each request."""
        known = self._decoders.get(namespace.name)
        if known is None or known[0] is not namespace:
            known = self._decoders[namespace.name] = namespace, decoder_of(namespace)
        return known[1]

    def _of(self, request: Request) -> Observation | None:
        try:
            return self._observations.get(request)
        except TypeError:  # a request class of the application's own that cannot be a key
            return None

    def opening(self, request: Request, namespace: str) -> None:
        """The namespace was asked for."""
        observation = self._of(request)
        if observation is not None:
            try:
                observation.opening(namespace, sys._getframe(1))
            except Exception as error:  # noqa: BLE001 - never the application's problem
                observation.faults.note("noting an access", error)

    def opened(self, request: Request, namespace: str, session: Any) -> None:
        """The factory made the session."""
        observation = self._of(request)
        if observation is not None:
            try:
                observation.opened(request, namespace, session)
            except Exception as error:  # noqa: BLE001 - never the application's problem
                observation.faults.note("looking at a session that was opened", error)

    def refused(self, request: Request, namespace: str) -> None:
        """The discriminator refused the namespace."""
        observation = self._of(request)
        if observation is not None:
            try:
                observation.refused(namespace)
            except Exception as error:  # noqa: BLE001 - never the application's problem
                observation.faults.note("noting a refusal", error)

    def failed(self, request: Request, namespace: str, exception: BaseException) -> None:
        """The discriminator or the factory raised."""
        observation = self._of(request)
        if observation is not None:
            try:
                observation.failed(namespace, exception)
            except Exception as error:  # noqa: BLE001 - never the application's problem
                observation.faults.note("noting a failure", error)


def observe_application(config: Configurator) -> None:
    """Become the observer of an application, unless it has one; called when it is made."""
    registry = config.registry
    namespaces = registry.queryUtility(ISessionMultiManagerConfig)
    enabled = (registry.settings or {}).get("debugtoolbar.enabled", True)
    if namespaces is not None and namespaces.observer is None and enabled:
        namespaces.observer = SessionMultiObserver()


def observer_of(namespaces: SessionMultiManagerConfig) -> SessionMultiObserver | None:
    """The application's observer, where it is this one."""
    observer = namespaces.observer
    return observer if isinstance(observer, SessionMultiObserver) else None
