"""The namespaces that are being opened: one thread opens each, and none is built on itself."""

from __future__ import annotations

from _thread import LockType, allocate_lock, get_ident
from collections.abc import Container
from contextlib import suppress
from typing import Any, TypeAlias

from ..exceptions import RecursiveOpening

# The ident of the thread that opens each namespace; under ``None``, the threads that wait for one.
# While no thread waits, it has no objects that the garbage collector would track.
Claims: TypeAlias = dict[str | None, Any]
Waiting: TypeAlias = tuple[str, int, LockType]


def claim(claims: Claims, name: str, opened: Container[str]) -> bool:
    """Claim a namespace for this thread, as soon as no other thread is opening it.

    :param opened: the namespaces that are open already; their claims stay.
    :returns: false if the namespace is open already.
    :raises RecursiveOpening: if this thread is opening the namespace already.
    """
    ident = get_ident()
    while name not in opened:
        # Nobody but this thread claims with its ident.
        if name not in claims and claims.setdefault(name, ident) == ident:
            return True
        wait_for(claims, name, opened)
    return False


def wait_for(claims: Claims, name: str, opened: Container[str]) -> None:
    """Wait until the thread that opens the namespace has finished, with or without a session.

    :raises RecursiveOpening: if that is this thread, or one that waits for this one.
    """
    if name in opened:
        return
    ident, other = get_ident(), claims.get(name)
    if other == ident:
        raise RecursiveOpening(name)
    lock = allocate_lock()
    lock.acquire()
    own: Waiting = (name, ident, lock)
    waiting: list[Waiting] = claims.setdefault(None, [])
    waiting.append(own)
    try:
        if other is not None:
            _check_deadlock(claims, name, other, ident)
        # Checked after the append: a thread that finishes before it wakes nobody.
        if name in claims and name not in opened:
            lock.acquire()
    finally:
        with suppress(ValueError):
            waiting.remove(own)


def release(claims: Claims, name: str) -> None:
    """Give a claim back."""
    del claims[name]
    if None in claims:
        wake(claims, name)


def wake(claims: Claims, name: str) -> None:
    """Wake the threads that wait for a namespace."""
    waiting: list[Waiting] = claims[None]
    for each in [each for each in waiting if each[0] == name]:
        with suppress(ValueError):
            waiting.remove(each)  # before it runs: it waits no longer
        each[2].release()


def own_claims(claims: Claims, opened: Container[str]) -> Claims:
    """The claims of this thread: the namespaces that it is opening."""
    ident = get_ident()
    return {
        name: thread
        for name, thread in claims.copy().items()
        if thread == ident and name is not None and name not in opened
    }


def _check_deadlock(claims: Claims, name: str, other: int, ident: int) -> None:
    """Raise ``RecursiveOpening`` if the other thread waits for this one, directly or not."""
    blocked, pending = {ident}, [ident]
    while pending:
        thread = pending.pop()
        names = {name for name, holder in claims.copy().items() if holder == thread}
        waiters = {waiter for waited, waiter, _lock in claims[None][:] if waited in names} - blocked
        blocked |= waiters
        pending += waiters
    if other in blocked:
        raise RecursiveOpening(name)
