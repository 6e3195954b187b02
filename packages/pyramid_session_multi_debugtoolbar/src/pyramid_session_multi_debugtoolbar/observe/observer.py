"""The application's observer, which the core notifies of every access to a namespace."""

from __future__ import annotations

import sys
from collections.abc import Callable
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

_Event = Callable[[Observation], None]


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

    def _record(self, request: Request, activity: str, event: _Event) -> None:
        try:
            observation = self._observations.get(request)
        except TypeError:  # the application's own request class, which cannot be a key
            return
        if observation is not None:
            with observation.errors.guard(activity):
                event(observation)

    def opening(self, request: Request, namespace: str) -> None:
        """The namespace was requested."""
        frame = sys._getframe(1)
        self._record(request, "recording an access", lambda o: o.opening(namespace, frame))

    def opened(self, request: Request, namespace: str, session: Any) -> None:
        """The factory returned the session."""
        activity = "looking at an opened session"
        self._record(request, activity, lambda o: o.opened(request, namespace, session))

    def refused(self, request: Request, namespace: str) -> None:
        """The discriminator refused the namespace."""
        self._record(request, "recording a refusal", lambda o: o.refused(namespace))

    def failed(self, request: Request, namespace: str, exception: BaseException) -> None:
        """The discriminator, the factory or a finished callback of the session raised."""
        self._record(request, "recording a failure", lambda o: o.failed(namespace, exception))


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
