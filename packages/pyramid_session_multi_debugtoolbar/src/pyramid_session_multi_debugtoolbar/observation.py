"""What is noted of one request while it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
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
    peek_session,
)
from webob.request import BaseRequest

from .callstack import Noted, note_calls
from .cookies import NO_COOKIES, Cookies, came_in, cookies_in
from .faults import Faults
from .keeping import Kept, Room, keep
from .naming import type_name
from .reading import (
    Decoder,
    decoder_of,
    glance,
    in_the_cookie,
    session_in,
    session_library_of,
    unreadable,
)
from .snapshots import CSRF_TOKEN
from .states import State


@dataclass(slots=True)
class Access:
    """A namespace that was asked for.

    :ivar state: what came of it.
    :ivar calls: who asked first; ``None``: it was opened before the toolbar looked.
    :ivar began: when it was asked for last, by ``time.perf_counter``.
    :ivar seconds: how long that took.
    :ivar error: the type of what discriminator or factory raised.
    :ivar incoming: what the session held when it was opened; ``None``: not known, or postponed.
    :ivar accepted: did the library take the cookie that came? ``None``: not known, or postponed.
    :ivar decode: works the two out of ``cookies`` when somebody looks; ``None``: not postponed.
    :ivar cookies: what the request had when it was opened.
    :ivar unreadable: what was raised when ``incoming`` was read.
    :ivar emptied: was it empty when the response was there, but cookies were not written yet?
    """

    state: State
    calls: Noted | None = None
    began: float = 0.0
    seconds: float | None = None
    attempts: int = 1
    error: str = ""
    incoming: Kept | None = None
    accepted: bool | None = None
    decode: Decoder | None = None
    cookies: Cookies = NO_COOKIES
    unreadable: str = ""
    emptied: bool = False


@dataclass(slots=True, eq=False)
class Observation:
    """One request, seen by the panel.

    :ivar namespaces: what is registered.
    :ivar came: the values of each cookie in the request.
    :ivar response: the response as the callbacks get it, which is the one that is sent.
    :ivar around: what was being handled when the request began, so none of its own failures.
    :ivar replaced: the type of an exception for which the toolbar serves a page of its own.
    :ivar decoder_of: the function of that name, or what remembers its answers.
    """

    namespaces: SessionMultiManagerConfig
    faults: Faults
    activated: bool = False
    accesses: dict[str, Access] = field(default_factory=dict)
    came: dict[str, list[str]] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset([CSRF_TOKEN])
    response: Response | None = None
    around: BaseException | None = None
    replaced: str = ""
    room: Room = field(default_factory=Room)
    decoder_of: Callable[[Namespace], Decoder | None] = decoder_of

    # What the observer is told

    def opening(self, name: str, frame: FrameType | None) -> None:
        access = self.accesses.get(name)
        if access is None:
            access = self.accesses[name] = Access(State.OPENING, note_calls(frame))
        else:
            access.state = State.OPENING
            access.attempts += 1
        access.began = time.perf_counter()

    def _ended(self, name: str, state: State) -> Access:
        now = time.perf_counter()
        access = self.accesses.setdefault(name, Access(state))
        access.state = state
        access.seconds = now - access.began if access.began else None
        return access

    def refused(self, name: str) -> None:
        self._ended(name, State.REFUSED)

    def failed(self, name: str, error: BaseException) -> None:
        self._ended(name, State.FAILED).error = type_name(type(error))

    def opened(self, request: Request, name: str, session: Any) -> None:
        access = self._ended(name, State.OPENED)
        namespace = self.namespaces.get(name)
        access.decode = self.decoder(request, namespace)
        if access.decode is not None:
            access.cookies = cookies_in(request.environ)
        else:
            self._note_incoming(request, namespace, session, access)

    def decoder(self, request: Request, namespace: Namespace) -> Decoder | None:
        """What reads the namespace's cookies at any later time; ``None``: nothing can."""
        # A request of the application's own making may have cookies in a way of its own.
        usual = type(request).cookies is BaseRequest.cookies
        return self.decoder_of(namespace) if usual else None

    def responded(self, request: Request, response: Response) -> None:
        """The response is there, and response callbacks will write the cookies."""
        self.response = response
        for name, access in list(self.accesses.items()):
            if access.state is State.OPENED and access.decode is None:
                namespace = self.namespaces.get(name)
                if in_the_cookie(namespace):
                    session = session_in(request, name)
                    access.emptied = glance(session_library_of(namespace, session), session) == {}

    def _note_incoming(
        self, request: Request, namespace: Namespace, session: Any, access: Access
    ) -> None:
        library = session_library_of(namespace, session)
        seen = glance(library, session)
        cookie_came = namespace.cookie_name in self.came
        if seen is not None:
            access.incoming = keep(seen, self.room, self.tokens)
            if cookie_came and library is not None:
                access.accepted = library.came_from_cookie(session)
        elif namespace.session_library is not None and namespace.cookie_name is not None:
            if not cookie_came:
                access.incoming = keep({}, self.room)
            elif self.activated or in_the_cookie(namespace):
                # Now, as it will be too late once the application has written.
                try:
                    data = peek_session(request, namespace)
                except Exception as error:  # noqa: BLE001 - a backend that is down, maybe
                    access.unreadable = unreadable(error)
                    return
                access.accepted = data is not None
                access.incoming = keep(data or {}, self.room, self.tokens)


def begin(request: Request, faults: Faults) -> Observation | None:
    """Start to look at a request, which may have sessions already: an outer tween's.

    ``None``: the application does not include the core.
    """
    registry = request.registry
    namespaces = registry.queryUtility(ISessionMultiManagerConfig)
    if namespaces is None:
        return None
    observation = Observation(namespaces, faults, around=sys.exc_info()[1])
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
