"""Reads all namespaces in the last finished callback, while the request still exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from pyramid_session_multi import Namespace, SessionLibrary

from ..observe.namespace_access import NamespaceAccess, State
from ..observe.observation import Observation
from ..observe.session_access import (
    is_cookie_session,
    matching_library,
    opened_session,
    read_error,
    read_passively,
    run_discriminator,
    used_manager,
)
from ..safe.capture import CapturedSession, capture
from ..safe.names import type_name
from .detached_reader import DetachedReader
from .finished_request import FinishedRequest, finish

NEEDS_ACTIVATION = "stored on a server, and read only when this panel is activated, in Settings"
NOT_READ = "stored on a server, and not read"
NOT_DESCRIBED = "its session library is not described: see config.register_session_library"
INTERRUPTED = "a finished callback raised before it could be read"
REJECTED = "the cookie was rejected"


def collect(request: Request, observation: Observation) -> FinishedRequest:
    """Read all namespaces; called in the last finished callback."""
    finished = finish(request, observation)
    collector = _Collector(request, observation, finished, DetachedReader(request, finished))
    received = []  # read last: they can reuse the copy of the request that opened ones needed
    for namespace in finished.namespaces:
        access = finished.accesses.get(namespace.name)
        if access is None:
            if namespace.cookie_name in finished.incoming_cookies:
                received.append(namespace)
            continue
        access.outgoing_unknown = ""  # no callback has interrupted the request
        if access.state is State.OPENED:
            with observation.errors.guard("reading an opened session"):
                collector.read_opened(namespace, access)
    for namespace in received:
        access = finished.accesses[namespace.name] = NamespaceAccess(State.COOKIE_ONLY)
        with observation.errors.guard("reading a session that was not opened"):
            collector.read_received(namespace, access)
    collector.reader.close()
    finished.forget_other_cookies()
    return finished


def collect_interrupted(request: Request, observation: Observation) -> FinishedRequest:
    """Record the state in case a finished callback raises before the last one runs."""
    finished = finish(request, observation, interrupted=True)
    finished.accesses = dict(observation.accesses)
    for access in finished.accesses.values():
        access.outgoing_unknown = INTERRUPTED
    for namespace in finished.namespaces:
        is_received = namespace.cookie_name in finished.incoming_cookies
        if is_received and namespace.name not in finished.accesses:
            finished.accesses[namespace.name] = NamespaceAccess(
                State.COOKIE_ONLY, incoming_unknown=INTERRUPTED
            )
    finished.forget_other_cookies()
    return finished


@dataclass
class _Collector:
    request: Request
    observation: Observation
    finished: FinishedRequest
    reader: DetachedReader

    def capture(self, data: dict[str, Any]) -> CapturedSession:
        return capture(data, self.observation.budget, self.observation.csrf_keys)

    # Opened namespaces

    def read_opened(self, namespace: Namespace, access: NamespaceAccess) -> None:
        access.in_cookie = is_cookie_session(namespace)
        if access.incoming is None and not access.incoming_unknown:
            is_described = namespace.session_library is not None
            access.incoming_unknown = NEEDS_ACTIVATION if is_described else NOT_DESCRIBED
        access.outgoing = self.outgoing(namespace, access)
        if access.was_emptied and access.incoming is not None and access.outgoing is not None:
            outgoing = access.outgoing.snapshot
            access.restored_by_library = bool(outgoing.entries or outgoing.omitted) and (
                outgoing == access.incoming.snapshot
            )
            if access.restored_by_library:  # the application emptied it
                access.outgoing = self.capture({})
        if access.outgoing_unknown == NEEDS_ACTIVATION or self.may_be_written(namespace, access):
            access.read_back = self.read_back(namespace, access)
        if access.not_verified:  # its text already says to activate the panel
            access.incoming_unknown = access.incoming_unknown.replace(NEEDS_ACTIVATION, NOT_READ)
            access.outgoing_unknown = access.outgoing_unknown.replace(NEEDS_ACTIVATION, NOT_READ)

    def outgoing(self, namespace: Namespace, access: NamespaceAccess) -> CapturedSession | None:
        session = opened_session(self.request, namespace.name)
        library = matching_library(namespace, session)
        data = read_passively(library, session)
        if data is None and _loads_lazily(library):
            access.outgoing_unknown = "opened, but not used"
            return access.incoming
        if data is None:
            if not (access.in_cookie or self.observation.activated):
                access.outgoing_unknown = NEEDS_ACTIVATION
                return None
            callbacks = self.request.finished_callbacks
            callback_count = len(callbacks)
            try:
                # After all callbacks, nothing can notice side effects any more.
                data = dict(session.items()) if library is None else library.read(session)
            except Exception as error:  # noqa: BLE001 - for example a backend that is down
                access.outgoing_unknown = read_error(error)
                return None
            finally:
                while len(callbacks) > callback_count:  # only this reading added them
                    callbacks.pop()
        return self.capture(data)

    def may_be_written(self, namespace: Namespace, access: NamespaceAccess) -> bool:
        """False if it is certain that nothing was written to the session."""
        if access.outgoing is None:
            return False
        if any(cookie.name == namespace.cookie_name for cookie in self.finished.sent_cookies):
            return True
        if access.outgoing is access.incoming:
            return False
        before = access.incoming.snapshot if access.incoming is not None else None
        return access.outgoing.snapshot != before or not access.outgoing.snapshot.complete

    def read_back(self, namespace: Namespace, access: NamespaceAccess) -> CapturedSession | None:
        """Read the session from the cookies that the browser will hold."""
        if namespace.session_library is None or namespace.cookie_name is None:
            return None
        if namespace.cookie_name not in self.finished.browser_cookies:
            return self.capture({})  # known without querying a server
        if not (access.in_cookie or self.observation.activated):
            access.not_verified = True
            return None
        try:
            data = self.reader.read_next(namespace)
        except Exception as error:  # noqa: BLE001 - for example a backend that is down
            access.read_back_error = read_error(error)
            return None
        access.will_be_rejected = data is None
        return self.capture(data or {})

    # Namespaces whose cookie arrived, and that were not opened

    def read_received(self, namespace: Namespace, access: NamespaceAccess) -> None:
        """Read the cookie. Side effects in a backend, and the discriminator, need activation."""
        if not self.is_allowed(namespace, access):
            return
        if namespace.session_library is None:
            access.incoming_unknown = NOT_DESCRIBED
        elif not (is_cookie_session(namespace) or self.observation.activated):
            access.incoming_unknown = NEEDS_ACTIVATION
        else:
            try:
                data = self.reader.read_incoming(namespace)
            except Exception as error:  # noqa: BLE001 - a backend that nobody needed may be down
                access.incoming_unknown = read_error(error)
                return
            if data is None:
                access.rejected, access.incoming_unknown = True, REJECTED
            else:
                access.incoming = self.capture(data)

    def is_allowed(self, namespace: Namespace, access: NamespaceAccess) -> bool:
        discriminator = namespace.discriminator
        if discriminator is None:
            return True
        manager = used_manager(self.request)
        result = None if manager is None else manager.discriminator_result(namespace.name)
        if result is None and not self.observation.activated:
            access.state = State.NOT_ASKED
            access.incoming_unknown = "its discriminator did not run"
            return False
        try:
            if result is None:
                result = run_discriminator(self.request, discriminator)
        except Exception as error:  # noqa: BLE001 - the application did not need it
            access.incoming_unknown = (
                f"{type_name(type(error))} was raised by its discriminator, which only the panel "
                "called"
            )
            return False
        if not result:
            access.incoming_unknown = "its discriminator refuses this request"
        return result


def _loads_lazily(library: SessionLibrary | None) -> bool:
    """True if the library can read passively, except for a session that is not loaded yet."""
    return library is not None and type(library).read_passively is not SessionLibrary.read_passively
