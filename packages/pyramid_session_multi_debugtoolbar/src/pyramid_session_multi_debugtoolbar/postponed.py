"""What a cookie holds that was kept as it came or was sent, read when somebody looks."""

from __future__ import annotations

from pyramid_session_multi import Namespace

from .ending import Ended
from .keeping import keep
from .reading import unreadable
from .seen import Seen

REJECTED = "the cookie was rejected"


def read_postponed(seen: Seen, ended: Ended, namespace: Namespace) -> None:
    """Add what the cookies hold, as it would have been read when the request ended."""
    decode = seen.decode
    if decode is None:
        return
    if seen.access is None:
        try:
            data = decode(*ended.cookies)
        except Exception as error:  # noqa: BLE001 - nobody needed the session
            seen.no_incoming = unreadable(error)
            return
        if data is None:
            seen.rejected, seen.no_incoming = True, REJECTED
        else:
            seen.incoming = keep(data, ended.room, ended.tokens)
        return
    data = decode(*seen.access.cookies)
    seen.rejected = data is None and namespace.cookie_name in ended.came
    seen.incoming = keep(data or {}, ended.room, ended.tokens)
    if is_written(seen, ended, namespace):
        data = {}
        if namespace.cookie_name in ended.held:
            data = decode(*ended.next)
            seen.will_be_rejected = data is None
        seen.found = keep(data or {}, ended.room, ended.tokens)


def is_written(seen: Seen, ended: Ended, namespace: Namespace) -> bool:
    """May a session that was opened have been written to? Where not, nothing can be lost."""
    if seen.outgoing is None:
        return False
    if any(cookie.name == namespace.cookie_name for cookie in ended.sent):
        return True
    if seen.outgoing is seen.incoming:
        return False
    before = seen.incoming.snapshot if seen.incoming is not None else None
    return seen.outgoing.snapshot != before or not seen.outgoing.snapshot.whole
