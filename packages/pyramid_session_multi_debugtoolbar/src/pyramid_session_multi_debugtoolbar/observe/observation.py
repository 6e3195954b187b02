"""The record of one request while it runs."""

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
    peek_session,
)

from ..cookies import parse_cookie_header
from ..panel_errors import PanelErrors
from ..safe.capture import PageBudget, capture
from ..safe.error_text import ErrorText, error_text
from ..safe.snapshot import CSRF_TOKEN
from .call_stack import capture_stack
from .namespace_access import NamespaceAccess, State
from .session_access import (
    is_cookie_session,
    matching_library,
    opened_session,
    read_error,
    read_passively,
    used_manager,
)


@dataclass(slots=True, eq=False)
class Observation:
    """The record of one request that the panel observes.

    :ivar config: the registry of namespaces.
    :ivar accesses: by namespace.
    :ivar cookie_header: the ``Cookie`` header of the request.
    :ivar received_cookies: the names of the namespaces' cookies in it. Parsed values would take
        forty times the memory of the header, for as long as the toolbar keeps the request.
    :ivar response: the response that is sent, as response callbacks receive it.
    :ivar outer_exception: the exception being handled when the request began (a subrequest in an
        ``except`` block); not this request's.
    :ivar toolbar_exception: an exception that the toolbar answered with its own page.
    """

    config: SessionMultiManagerConfig
    errors: PanelErrors
    activated: bool = False
    accesses: dict[str, NamespaceAccess] = field(default_factory=dict)
    cookie_header: str = ""
    received_cookies: frozenset[str] = frozenset()
    csrf_keys: frozenset[str] = frozenset([CSRF_TOKEN])
    response: Response | None = None
    outer_exception: BaseException | None = None
    toolbar_exception: ErrorText | None = None
    budget: PageBudget = field(default_factory=PageBudget)

    # Called by the observer

    def opening(self, name: str, frame: FrameType | None) -> None:
        access = self.accesses.get(name)
        if access is None:
            access = self.accesses[name] = NamespaceAccess(State.OPENING, capture_stack(frame))
        else:
            access.state = State.OPENING
            access.attempts += 1
        access.started = time.perf_counter()

    def _finish(self, name: str, state: State) -> NamespaceAccess:
        now = time.perf_counter()
        access = self.accesses.setdefault(name, NamespaceAccess(state))
        access.state = state
        access.seconds = now - access.started if access.started else None
        return access

    def refused(self, name: str) -> None:
        self._finish(name, State.REFUSED)

    def failed(self, name: str, error: BaseException) -> None:
        access = self.accesses.get(name)
        if access is not None and access.state is State.OPENED:
            access.storing_error = error_text(error)
        else:
            self._finish(name, State.FAILED).error = error_text(error)

    def opened(self, request: Request, name: str, session: Any) -> None:
        access = self._finish(name, State.OPENED)
        self._capture_incoming(request, self.config.get(name), session, access)

    def response_created(self, request: Request, response: Response) -> None:
        """Record the response; its cookies are not written yet."""
        self.response = response
        for name, access in list(self.accesses.items()):
            if access.state is State.OPENED:
                namespace = self.config.get(name)
                if is_cookie_session(namespace):
                    session = opened_session(request, name)
                    data = read_passively(matching_library(namespace, session), session)
                    access.was_emptied = data == {}

    def _capture_incoming(
        self, request: Request, namespace: Namespace, session: Any, access: NamespaceAccess
    ) -> None:
        library = matching_library(namespace, session)
        data = read_passively(library, session)
        has_cookie = namespace.cookie_name in self.received_cookies
        if data is not None:
            access.incoming = capture(data, self.budget, self.csrf_keys)
            if has_cookie and library is not None:
                access.rejected = not library.came_from_cookie(session)
        elif namespace.session_library is not None and namespace.cookie_name is not None:
            if not has_cookie:
                access.incoming = capture({}, self.budget)
            elif self.activated or is_cookie_session(namespace):
                # Read it now, before the application writes to it.
                try:
                    data = peek_session(request, namespace)
                except Exception as error:  # noqa: BLE001 - for example a backend that is down
                    access.incoming_unknown = read_error(error)
                    return
                access.rejected = data is None
                access.incoming = capture(data or {}, self.budget, self.csrf_keys)


def start_observing(request: Request, errors: PanelErrors) -> Observation | None:
    """Start to observe a request. An outer tween may have opened sessions already.

    ``None`` if the application does not include the core.
    """
    registry = request.registry
    config = registry.queryUtility(ISessionMultiManagerConfig)
    if config is None:
        return None
    observation = Observation(config, errors, outer_exception=sys.exc_info()[1])
    observation.cookie_header = request.environ.get("HTTP_COOKIE", "")
    cookies = parse_cookie_header(observation.cookie_header)
    names = (namespace.cookie_name for namespace in config)
    observation.received_cookies = frozenset(name for name in names if name in cookies and name)
    observation.csrf_keys = _csrf_keys(registry.queryUtility(ICSRFStoragePolicy))
    for name, session in list(dict.items(used_manager(request) or {})):
        with observation.errors.guard(f"looking at {name!r}"):
            if session is None:
                observation.refused(name)
            else:
                observation.opened(request, name, session)
    return observation


def _csrf_keys(policy: Any) -> frozenset[str]:
    key = getattr(policy, "key", None)
    return frozenset([CSRF_TOKEN, key] if type(key) is str else [CSRF_TOKEN])
