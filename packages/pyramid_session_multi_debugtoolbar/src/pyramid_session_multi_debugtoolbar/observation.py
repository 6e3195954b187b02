"""What is noted of one request while it runs."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from pyramid.interfaces import ICSRFStoragePolicy
from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    Namespace,
    SessionMultiManagerConfig,
    read_detached,
)

from .callstack import Noted, note_calls
from .cookies import came_in
from .faults import Faults
from .naming import type_name
from .reading import described, glance, in_the_cookie
from .snapshots import CSRF_TOKEN, Room, Snapshot, take

OPENING, OPENED, REFUSED, FAILED = "opening", "opened", "refused", "failed"


@dataclass(slots=True)
class Access:
    """A namespace that was asked for.

    :ivar state: what came of it.
    :ivar calls: who asked first; ``None``: it was opened before the toolbar looked.
    :ivar began: when it was asked for last, by ``time.perf_counter``.
    :ivar seconds: how long that took.
    :ivar error: the type of what discriminator or factory raised.
    :ivar incoming: what the session held when it was opened; ``None``: not known.
    :ivar accepted: did the library take the cookie that came? ``None``: not known.
    """

    state: str
    calls: Noted | None = None
    began: float = 0.0
    seconds: float | None = None
    attempts: int = 1
    error: str = ""
    incoming: Snapshot | None = None
    accepted: bool | None = None


@dataclass(slots=True, eq=False)
class Observation:
    """One request, seen by the panel.

    :ivar namespaces: what is registered; ``None``: the application does not include the core.
    :ivar came: the values of each cookie in the request.
    :ivar response: the response as the callbacks get it, which is the one that is sent.
    :ivar around: what was being handled when the request began, so none of its own failures.
    :ivar replaced: the type of an exception for which the toolbar serves a page of its own.
    """

    namespaces: SessionMultiManagerConfig | None
    activated: bool = False
    accesses: dict[str, Access] = field(default_factory=dict)
    came: dict[str, list[str]] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset([CSRF_TOKEN])
    response: Response | None = None
    around: BaseException | None = None
    replaced: str = ""
    room: Room = field(default_factory=Room)
    faults: Faults = field(default_factory=Faults)

    # What the observer is told

    def opening(self, name: str, frame: FrameType | None) -> None:
        access = self.accesses.get(name)
        if access is None:
            access = self.accesses[name] = Access(OPENING, note_calls(frame))
        else:
            access.state = OPENING
            access.attempts += 1
        access.began = time.perf_counter()

    def _ended(self, name: str, state: str) -> Access:
        now = time.perf_counter()
        access = self.accesses.setdefault(name, Access(state))
        access.state = state
        access.seconds = now - access.began if access.began else None
        return access

    def refused(self, name: str) -> None:
        self._ended(name, REFUSED)

    def failed(self, name: str, error: BaseException) -> None:
        self._ended(name, FAILED).error = type_name(type(error))

    def opened(self, request: Request, name: str, session: Any) -> None:
        access = self._ended(name, OPENED)
        if self.namespaces is not None:
            self._note_incoming(request, self.namespaces.get(name), session, access)

    def _note_incoming(
        self, request: Request, namespace: Namespace, session: Any, access: Access
    ) -> None:
        seen = glance(namespace, session)
        cookie_came = namespace.cookie_name in self.came
        if seen is not None:
            access.incoming = take(seen, self.room, self.tokens)
            if cookie_came and namespace.library is not None and described(namespace, session):
                access.accepted = namespace.library.accepted(session)
        elif namespace.library is not None and namespace.cookie_name is not None:
            if not cookie_came:
                access.incoming = take({}, self.room)
            elif self.activated or in_the_cookie(namespace):
                # Now, as it will be too late once the application has written.
                data = read_detached(request, namespace)
                access.accepted = data is not None
                access.incoming = take(data or {}, self.room, self.tokens)


def begin(request: Request) -> Observation:
    """Start to look at a request, which may have sessions already: an outer tween's."""
    registry = request.registry
    namespaces = registry.queryUtility(ISessionMultiManagerConfig)
    observation = Observation(namespaces, around=sys.exc_info()[1])
    if namespaces is None:
        return observation
    observation.came = came_in(request.environ.get("HTTP_COOKIE", ""))
    observation.tokens = _token_keys(registry.queryUtility(ICSRFStoragePolicy))
    earlier = vars(request).get("session_multi")
    if earlier is not None:
        for name, session in list(dict.items(earlier)):
            with observation.faults.caught(f"looking at {name!r}"):
                if session is None:
                    observation.refused(name)
                else:
                    observation.opened(request, name, session)
    return observation


def _token_keys(policy: Any) -> frozenset[str]:
    key = getattr(policy, "key", None)
    return frozenset([CSRF_TOKEN, key] if type(key) is str else [CSRF_TOKEN])
