"""Reading all namespaces at the end of a request."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid_session_multi import Namespace, SessionLibrary

from .ending import Ended, Ending
from .naming import type_name
from .observation import OPENED, Observation
from .reading import ask, described, glance, in_the_cookie, read_at_the_end, verdict
from .seen import Seen
from .snapshots import EMPTY, Snapshot, take

ACTIVATE = "kept on a server, and read from there only when this panel is activated, in Settings"
UNDESCRIBED = "nobody described its session library: see config.register_session_library"


def collect(request: Request, observation: Observation) -> Ended:
    """To be called in the last finished callback."""
    ending = Ending(request, observation)
    unopened = []  # they can use what the others needed
    for namespace in observation.namespaces or ():
        access = observation.accesses.get(namespace.name)
        came = namespace.cookie_name in observation.came
        seen = Seen(namespace.name, namespace.cookie_name, access=access, came=came)
        ending.ended.namespaces.append(seen)
        if access is None and came:
            unopened.append((seen, namespace))
        elif access is not None and access.state == OPENED:
            with observation.faults.caught("reading a session that was opened"):
                _read_opened(seen, ending, namespace)
    for seen, namespace in unopened:
        with observation.faults.caught("reading a session that came"):
            _read_unopened(seen, ending, namespace)
    ending.close()
    return ending.ended


def _take(ending: Ending, data: dict[str, Any]) -> Snapshot:
    observation = ending.observation
    return take(data, observation.room, observation.tokens)


# Opened


def _read_opened(seen: Seen, ending: Ending, namespace: Namespace) -> None:
    access = ending.observation.accesses[namespace.name]
    seen.in_cookie = in_the_cookie(namespace)
    seen.incoming, seen.rejected = access.incoming, access.accepted is False
    if access.incoming is None:
        seen.no_incoming = UNDESCRIBED if namespace.library is None else ACTIVATE
    seen.outgoing = _outgoing(seen, ending, namespace)
    if seen.outgoing is not None:
        # Where nothing was written, nothing can be lost.
        written = (
            seen.outgoing is not seen.incoming
            and (seen.outgoing != seen.incoming or not seen.outgoing.whole)
        ) or any(cookie.name == namespace.cookie_name for cookie in ending.ended.sent)
        if written:
            seen.found = _found(seen, ending, namespace)


def _outgoing(seen: Seen, ending: Ending, namespace: Namespace) -> Snapshot | None:
    session = dict.get(vars(ending.request).get("session_multi", {}), namespace.name)
    data = glance(namespace, session)
    if data is None and _lazy(namespace, session):
        seen.no_outgoing = "opened, but not looked into"
        return seen.incoming
    if data is None:
        if not (seen.in_cookie or ending.observation.activated):
            seen.no_outgoing = ACTIVATE
            return None
        callbacks = ending.request.finished_callbacks
        waiting = len(callbacks)
        data = read_at_the_end(namespace, session)
        while len(callbacks) > waiting:  # what only this reading would cause
            callbacks.pop()
    return _take(ending, data)


def _lazy(namespace: Namespace, session: Any) -> bool:
    """Is a session that cannot be seen one that is not loaded yet?"""
    sees = type(namespace.library).glance if namespace.library is not None else None
    return sees not in (None, SessionLibrary.glance) and described(namespace, session)


def _found(seen: Seen, ending: Ending, namespace: Namespace) -> Snapshot | None:
    """Read back from the cookies that the browser will hold."""
    if namespace.library is None or namespace.cookie_name is None:
        return None
    if namespace.cookie_name not in ending.held:
        return EMPTY  # known without asking a server
    if not (seen.in_cookie or ending.observation.activated):
        return None
    data = ending.read_next(namespace)
    seen.will_be_rejected = data is None
    return _take(ending, data or {})


# Not opened


def _read_unopened(seen: Seen, ending: Ending, namespace: Namespace) -> None:
    """Reading can be an event in a backend, and a discriminator may do anything.

    Both only when the panel is activated.
    """
    seen.in_cookie = in_the_cookie(namespace)
    if not _admitted(seen, ending, namespace):
        return
    if namespace.library is None:
        seen.no_incoming = UNDESCRIBED
    elif not (seen.in_cookie or ending.observation.activated):
        seen.no_incoming = ACTIVATE
    else:
        try:
            data = ending.read_incoming(namespace)
        except Exception as error:  # noqa: BLE001 - a backend may be down that nobody needed
            seen.no_incoming = f"{type_name(type(error))} was raised when it was read"
            return
        if data is None:
            seen.rejected, seen.no_incoming = True, "the cookie was rejected"
        else:
            seen.incoming = _take(ending, data)


def _admitted(seen: Seen, ending: Ending, namespace: Namespace) -> bool:
    if namespace.discriminator is None:
        return True
    allowed = verdict(ending.request, namespace.name)
    if allowed is None and not ending.observation.activated:
        seen.not_asked, seen.no_incoming = True, "its discriminator was not asked"
        return False
    try:
        allowed = ask(ending.request, namespace) if allowed is None else allowed
    except Exception as error:  # noqa: BLE001 - the application did not ask for it
        seen.no_incoming = (
            f"{type_name(type(error))} was raised by its discriminator, which only the panel asked"
        )
        return False
    if not allowed:
        seen.no_incoming = "its discriminator refuses this request"
    return allowed
