"""The namespaces that are being opened: one thread opens each, and none is built on itself."""

from __future__ import annotations

from _thread import allocate_lock, get_ident
from collections.abc import Container
from contextlib import suppress
from typing import Any, TypeAlias

from ..exceptions import RecursiveOpening

# The ident of the thread that opens the namespace, then (ident, lock) of each that waits for it.
Claim: TypeAlias = list[Any]
Claims: TypeAlias = dict[str, Claim]


def claim(claims: Claims, name: str, opened: Container[str]) -> Claim:
    """Claim a namespace, when no other thread is opening it any more.

    :param opened: the namespaces that need no opening any more; their claims stay.
    :raises RecursiveOpening: if this thread is opening the namespace already.
    """
    own: Claim = [get_ident()]
    while name not in opened and (other := claims.setdefault(name, own)) is not own:
        wait_for(claims, name, other, opened)
    return own


def wait_for(claims: Claims, name: str, other: Claim, opened: Container[str]) -> None:
    """Wait until the thread that opens the namespace has finished, with or without a session.

    :raises RecursiveOpening: if that is this thread, or one that waits for this one.
    """
    ident = get_ident()
    if name in opened:
        return
    if other[0] == ident:
        raise RecursiveOpening(name)
    lock = allocate_lock()
    lock.acquire()
    waiting = (ident, lock)
    other.append(waiting)
    try:
        _check_deadlock(claims, name, other, ident)
        # Looked at after the append: whoever finishes earlier than that wakes nobody.
        if claims.get(name) is other and name not in opened:
            lock.acquire()
    finally:
        with suppress(ValueError):
            other.remove(waiting)


def release(claims: Claims, name: str, own: Claim) -> None:
    """Give a claim back."""
    if claims.get(name) is own:
        del claims[name]
    wake(own)


def wake(own: Claim) -> None:
    """Wake the threads that wait for a claim."""
    waiting = own[1:]
    del own[1:]  # before they run: they wait no longer
    for _ident, lock in waiting:
        lock.release()


def own_claims(claims: Claims, opened: Container[str]) -> Claims:
    """What this thread is opening right now."""
    ident = get_ident()
    return {
        name: claim
        for name, claim in claims.copy().items()
        if claim[0] == ident and name not in opened
    }


def _check_deadlock(claims: Claims, name: str, other: Claim, ident: int) -> None:
    """Raise ``RecursiveOpening`` if the other thread waits for this one, directly or not."""
    blocked, pending = {ident}, [ident]
    while pending:
        thread = pending.pop()
        held = [claim for claim in claims.copy().values() if claim[0] == thread]
        waiters = {waiting[0] for claim in held for waiting in claim[1:]} - blocked
        blocked |= waiters
        pending += waiters
    if other[0] in blocked:
        raise RecursiveOpening(name)
