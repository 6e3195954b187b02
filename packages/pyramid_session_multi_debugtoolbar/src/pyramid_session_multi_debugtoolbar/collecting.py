"""Reading all namespaces at the end of a request: what cannot wait until somebody looks."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid_session_multi import Namespace, SessionLibrary

from .ending import Ended, Ending
from .keeping import Kept, keep
from .naming import type_name
from .observation import Access, Observation
from .postponed import REJECTED, is_written
from .reading import (
    ask,
    glance,
    in_the_cookie,
    read_at_the_end,
    session_in,
    session_library_of,
    unreadable,
    verdict,
)
from .seen import Seen
from .states import State

ACTIVATE = "kept on a server, and read from there only when this panel is activated, in Settings"
NOT_READ = "kept on a server, and not read from there"
UNDESCRIBED = "nobody described its session library: see config.register_session_library"

INTERRUPTED = "a finished callback raised before it could be read"


def collect(request: Request, observation: Observation) -> Ended:
    """To be called in the last finished callback."""
    ending = Ending(request, observation)
    ended = ending.ended
    unopened = []  # they can use what the others needed
    for namespace in ended.namespaces:
        access = observation.accesses.get(namespace.name)
        if access is not None:
            ended.seen[namespace.name] = seen = Seen(access)
            if access.state is State.OPENED:
                try:
                    _read_opened(seen, access, ending, namespace)
                except Exception as error:  # noqa: BLE001 - never the application's problem
                    observation.faults.note("reading a session that was opened", error)
        elif namespace.cookie_name in ended.came:
            ended.seen[namespace.name] = seen = Seen()
            unopened.append((seen, namespace))
    for seen, namespace in unopened:
        try:
            _read_unopened(seen, ending, namespace)
        except Exception as error:  # noqa: BLE001 - never the application's problem
            observation.faults.note("reading a session that came", error)
    ending.close()
    return ended


def _keep(ending: Ending, data: dict[str, Any]) -> Kept:
    observation = ending.observation
    return keep(data, observation.room, observation.tokens)


def interrupted(request: Request, observation: Observation) -> Ended:
    """What is known if a finished callback raises before the last one has its turn."""
    ended = Ending(request, observation).ended
    ended.interrupted, ended.headers = True, []  # then no response is sent
    for namespace in ended.namespaces:
        access = observation.accesses.get(namespace.name)
        if access is not None:
            ended.seen[namespace.name] = seen = Seen(access, no_outgoing=INTERRUPTED)
            seen.decode, seen.incoming = access.decode, access.incoming
        elif namespace.cookie_name in ended.came:
            ended.seen[namespace.name] = Seen(no_incoming=INTERRUPTED)
    return ended


# Opened


def _read_opened(seen: Seen, access: Access, ending: Ending, namespace: Namespace) -> None:
    seen.decode = access.decode
    seen.in_cookie = seen.decode is not None or in_the_cookie(namespace)
    seen.incoming, seen.rejected = access.incoming, access.accepted is False
    if access.incoming is None and seen.decode is None:
        unread = UNDESCRIBED if namespace.session_library is None else ACTIVATE
        seen.no_incoming = access.unreadable or unread
    seen.outgoing = _outgoing(seen, ending, namespace)
    if access.emptied and seen.incoming is not None and seen.outgoing is not None:
        seen.refilled = seen.outgoing.keys > 0 and seen.outgoing.snapshot == seen.incoming.snapshot
        if seen.refilled:  # by the library: the application left it empty
            seen.outgoing = _keep(ending, {})
    if seen.decode is not None:
        return  # the rest when somebody looks
    if seen.no_outgoing == ACTIVATE or is_written(seen, ending.ended, namespace):
        seen.found = _found(seen, ending, namespace)
    if seen.unchecked:  # which says how to have all of it read
        seen.no_incoming = seen.no_incoming.replace(ACTIVATE, NOT_READ)
        seen.no_outgoing = seen.no_outgoing.replace(ACTIVATE, NOT_READ)


def _outgoing(seen: Seen, ending: Ending, namespace: Namespace) -> Kept | None:
    session = session_in(ending.request, namespace.name)
    library = session_library_of(namespace, session)
    data = glance(library, session)
    if data is None and _lazy(library):
        seen.no_outgoing = "opened, but not looked into"
        return seen.incoming
    if data is None:
        if not (seen.in_cookie or ending.observation.activated):
            seen.no_outgoing = ACTIVATE
            return None
        callbacks = ending.request.finished_callbacks
        waiting = len(callbacks)
        try:
            data = read_at_the_end(library, session)
        except Exception as error:  # noqa: BLE001 - a backend that is down, maybe
            seen.no_outgoing = unreadable(error)
            return None
        finally:
            while len(callbacks) > waiting:  # what only this reading would cause
                callbacks.pop()
    return _keep(ending, data)


def _lazy(library: SessionLibrary | None) -> bool:
    """Is a session that cannot be seen one that is not loaded yet?"""
    return library is not None and type(library).read_passively is not SessionLibrary.read_passively


def _found(seen: Seen, ending: Ending, namespace: Namespace) -> Kept | None:
    """Read back from the cookies that the browser will hold."""
    if namespace.session_library is None or namespace.cookie_name is None:
        return None
    if namespace.cookie_name not in ending.ended.held:
        return _keep(ending, {})  # known without asking a server
    if not (seen.in_cookie or ending.observation.activated):
        seen.unchecked = True
        return None
    try:
        data = ending.read_next(namespace)
    except Exception as error:  # noqa: BLE001 - a backend that is down, maybe
        seen.no_found = unreadable(error)
        return None
    seen.will_be_rejected = data is None
    return _keep(ending, data or {})


# Not opened


def _read_unopened(seen: Seen, ending: Ending, namespace: Namespace) -> None:
    """Reading can be an event in a backend, and a discriminator may do anything.

    Both only when the panel is activated.
    """
    if not _admitted(seen, ending, namespace):
        return
    seen.decode = ending.observation.decoder(ending.request, namespace)
    if seen.decode is not None:
        return
    if namespace.session_library is None:
        seen.no_incoming = UNDESCRIBED
    elif not (in_the_cookie(namespace) or ending.observation.activated):
        seen.no_incoming = ACTIVATE
    else:
        try:
            data = ending.read_incoming(namespace)
        except Exception as error:  # noqa: BLE001 - a backend may be down that nobody needed
            seen.no_incoming = unreadable(error)
            return
        if data is None:
            seen.rejected, seen.no_incoming = True, REJECTED
        else:
            seen.incoming = _keep(ending, data)


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
