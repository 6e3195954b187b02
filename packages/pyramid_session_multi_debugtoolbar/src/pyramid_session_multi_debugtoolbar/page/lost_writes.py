"""Lost writes: the session at the end, compared with what the browser's next request will find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..cookies import SentCookie, rejection_reason
from ..end.finished_request import FinishedRequest
from ..observe.namespace_access import NamespaceAccess
from ..safe.error_text import ErrorText
from ..safe.snapshot import Snapshot
from .differences import Change, ChangeKind, compare

# Frequent causes of exceptions that are raised while cookies are written.
_TOO_LARGE = "a session that has become too large for its cookie"
_CAUSES = {
    "TypeError": "a value that its serializer cannot write",
    "ValueError": _TOO_LARGE,
    "beaker.exceptions.BeakerException": _TOO_LARGE,
}


class LostWrite(NamedTuple):
    """A key whose value at the end is not what the next request will find.

    :ivar at_end: the value at the end; ``None``: the key was removed.
    :ivar next_request: the value in the next request; ``None``: no such key.
    """

    label: str
    at_end: str | None
    next_request: str | None


def find_lost_writes(outgoing: Snapshot, read_back: Snapshot) -> list[LostWrite]:
    """The keys that certainly differ."""
    changes = compare(read_back, outgoing)
    return [LostWrite(c.label, c.after, c.before) for c in changes if c.is_certain]


def explain(
    lost: Sequence[LostWrite],
    changes: Sequence[Change],
    sent: Sequence[SentCookie],
    access: NamespaceAccess,
    finished: FinishedRequest,
) -> str:
    """The likely reason of lost writes, in sentences.

    :param sent: the cookies that were set for the namespace.
    """
    if access.restored_by_library:
        return (
            "The session was ended, but its library restored the old values and sent them again, "
            "so a user who was logged in still is. Beaker's own invalidate() does this with type "
            "'cookie'; request.session_multi.invalidate(namespace) does not."
        )
    if finished.unhandled_exception:
        return _no_response(finished.unhandled_exception)
    reasons = [reason for cookie in sent if (reason := rejection_reason(cookie, finished.origin))]
    if reasons:
        return f"Browsers drop the cookie that was sent: {reasons[0]}."
    if sent:
        return _cookie_sent(lost, access)
    if finished.handled_exception:
        return (
            f"No cookie was sent with the response to {finished.handled_exception.type_name}: "
            "the factory is configured not to (set_on_exception, cookie_on_exception)."
        )
    return _no_cookie(lost, changes, access)


def _no_response(exception: ErrorText) -> str:
    message = (
        f"The session was not stored: {exception.type_name} left the application, so no response "
        "was sent. No exception view handles it, or it was raised by a tween or a callback."
    )
    cause = _CAUSES.get(exception.type_name)
    if cause is None:
        return message
    return f"{message} While cookies are written, this is often caused by {cause}."


def _cookie_sent(lost: Sequence[LostWrite], access: NamespaceAccess) -> str:
    if access.will_be_rejected:
        return "The library will not accept the cookie that was sent."
    is_different = all(w.next_request is not None and w.at_end is not None for w in lost)
    if is_different and access.in_cookie:
        return (
            "The values come back different: the serializer converts them (JSON turns tuples "
            "into lists), or they were changed after the cookie was written."
        )
    return (
        "The session was changed after it was stored and its cookie was written: by a response "
        "callback, a NewResponse subscriber or a finished callback. Or another request wrote to it "
        "at the same time."
    )


def _no_cookie(
    lost: Sequence[LostWrite], changes: Sequence[Change], access: NamespaceAccess
) -> str:
    changed = {change.label for change in changes if change.kind == ChangeKind.CHANGED}
    if not access.in_cookie:
        return (
            "The session was not stored again: a value inside it was changed in place without "
            "session.changed(), or after the session was stored."
        )
    if changed and all(w.label in changed and (w.at_end or "")[:1] in "[{(" for w in lost):
        return (
            "No cookie was sent: a value inside the session was changed in place, which the "
            "session cannot notice. Call session.changed()."
        )
    return (
        "No cookie was sent: the session was changed after cookies had been written, by a response "
        "callback, a NewResponse subscriber or a finished callback."
    )
