"""Lost writes: the session at the end, against what the browser's next request will find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .changes import Change, Kind, compare
from .cookies import SentCookie, Visited, refusal
from .snapshots import Snapshot

# Of what is raised while cookies are written, what is often the cause.
_TOO_LARGE = "a session that has become too large for its cookie"
_CAUSES = {
    "TypeError": "a value that its serializer cannot write",
    "ValueError": _TOO_LARGE,
    "beaker.exceptions.BeakerException": _TOO_LARGE,
}


class Lost(NamedTuple):
    """A key whose value at the end is not what the next request will find.

    :ivar now: the value at the end; ``None``: the key was removed.
    :ivar then: what will be found; ``None``: nothing.
    """

    label: str
    now: str | None
    then: str | None


def lost_writes(outgoing: Snapshot, found: Snapshot) -> list[Lost]:
    """Every key that differs for certain."""
    certain = (Kind.ADDED, Kind.CHANGED, Kind.REMOVED)
    changes = compare(found, outgoing)
    return [Lost(c.label, c.after, c.before) for c in changes if c.kind in certain]


class Circumstances(NamedTuple):
    """What decides whether a session reaches the browser.

    :ivar sent: the cookies that were set for it.
    :ivar raised: the type of an exception for which no response was sent; empty: one was.
    :ivar exception: the type of an exception that a view or the toolbar answered; empty: none.
    :ivar rejected: will the library reject the cookie that the browser holds?
    :ivar refilled: did the library put back what the application had removed?
    :ivar on_a_server: are the data kept on a server?
    """

    sent: Sequence[SentCookie]
    visited: Visited
    raised: str
    exception: str
    rejected: bool
    refilled: bool
    on_a_server: bool


def reason(lost: Sequence[Lost], changes: Sequence[Change], how: Circumstances) -> str:
    """The likely reason of lost writes, for a sentence of its own."""
    if how.refilled:
        return (
            "The session was ended, but its library filled it again and sent the old values once "
            "more: whoever was logged in still is. Beaker's own invalidate() does so in cookies of "
            "type 'cookie'; request.session_multi.invalidate(namespace) does not."
        )
    refused = [refusal(cookie, how.visited) for cookie in how.sent]
    if how.raised:
        return _no_response(how.raised)
    if any(refused):
        return f"Browsers drop the cookie that was sent: {next(filter(None, refused))}."
    if how.sent:
        return _although_sent(lost, how)
    if how.exception:
        return (
            f"No cookie was sent with the answer to {how.exception}: the factory was made not to "
            "(set_on_exception, cookie_on_exception)."
        )
    return _silent(lost, changes, how)


def _no_response(raised: str) -> str:
    told = (
        f"No response was sent: {raised} was raised after the last exception view, by a tween or "
        "a callback."
    )
    cause = _CAUSES.get(raised)
    if cause is None:
        return told
    return f"{told} One that is raised while cookies are written is often {cause}."


def _although_sent(lost: Sequence[Lost], how: Circumstances) -> str:
    if how.rejected:
        return "The library will not accept the cookie that was sent."
    if all(each.then is not None and each.now is not None for each in lost) and not how.on_a_server:
        return (
            "The values come back different: the serializer turns them into something else (JSON "
            "makes lists of tuples), or they were changed after the cookie was written."
        )
    return (
        "It was written after the session was stored and its cookie written: by a response "
        "callback, a NewResponse subscriber or a finished callback. Or a request beside this one "
        "has written meanwhile."
    )


def _silent(lost: Sequence[Lost], changes: Sequence[Change], how: Circumstances) -> str:
    nested = {change.label for change in changes if change.kind == Kind.CHANGED}
    if how.on_a_server:
        return (
            "The session was not stored again: a value inside it was changed in place without "
            "session.changed(), or after the session was stored."
        )
    if nested and all(each.label in nested and (each.now or "")[:1] in "[{(" for each in lost):
        return (
            "No cookie was sent: a value inside the session was changed in place, which the "
            "session cannot see. Tell it: session.changed()."
        )
    return (
        "No cookie was sent: it was written when cookies had been written already, by a response "
        "callback, a NewResponse subscriber or a finished callback."
    )
