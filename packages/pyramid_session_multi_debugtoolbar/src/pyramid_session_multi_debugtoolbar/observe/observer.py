"""The application's observer, which the core notifies of every access to a namespace."""

from __future__ import annotations

import sys
from typing import Any
from weakref import WeakKeyDictionary

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    ISessionMultiObserver,
    SessionMultiManagerConfig,
)
from zope.interface import implementer

from .observation import Observation


@implementer(ISessionMultiObserver)
class SessionMultiObserver:
    """Forwards each event to the observation of its request, if there is one.

    It runs inside the application's own access to a session, so it never raises.
    """

    def __init__(self) -> None:
        # By the request itself: the copies that are made for reading are not observed.
        self._observations: WeakKeyDictionary[Request, Observation] = WeakKeyDictionary()

    def watch(self, request: Request, observation: Observation) -> None:
        """Forward this request's events to this observation."""
        self._observations[request] = observation

    def forget(self, request: Request) -> None:
        """Stop observing a request, which is over."""
        self._observations.pop(request, None)

    def _observation_of(self, request: Request) -> Observation | None:
        try:
            return self._observations.get(request)
        except TypeError:  # the application's own request class, which cannot be a key
            return None

    def opening(self, request: Request, namespace: str) -> None:
        """The namespace was requested."""
        observation = self._observation_of(request)
        if observation is not None:
            frame = sys._getframe(1)
            with observation.errors.guard("recording an access"):
                observation.opening(namespace, frame)

    def opened(self, request: Request, namespace: str, session: Any) -> None:
        """The factory returned the session."""
        observation = self._observation_of(request)
        if observation is not None:
            with observation.errors.guard("looking at an opened session"):
                observation.opened(request, namespace, session)

    def refused(self, request: Request, namespace: str) -> None:
        """The discriminator refused the namespace."""
        observation = self._observation_of(request)
        if observation is not None:
            with observation.errors.guard("recording a refusal"):
                observation.refused(namespace)

    def failed(self, request: Request, namespace: str, exception: BaseException) -> None:
        """The discriminator, the factory or a finished callback of the session raised."""
        observation = self._observation_of(request)
        if observation is not None:
            with observation.errors.guard("recording a failure"):
                observation.failed(namespace, exception)


def observe_application(config: Configurator) -> None:
    """Become the observer of an application, unless it has one; called when it is created."""
    registry = config.registry
    namespaces = registry.queryUtility(ISessionMultiManagerConfig)
    is_enabled = (registry.settings or {}).get("debugtoolbar.enabled", True)
    if namespaces is not None and namespaces.observer is None and is_enabled:
        namespaces.observer = SessionMultiObserver()


def observer_of(namespaces: SessionMultiManagerConfig) -> SessionMultiObserver | None:
    """The application's observer, if it is this one."""
    observer = namespaces.observer
    return observer if isinstance(observer, SessionMultiObserver) else None
