"""From what was seen of a request to what the panel shows of it, when somebody looks."""

from __future__ import annotations

from pyramid_session_multi import Namespace

from .callstack import calls
from .changes import compare
from .cookies import LARGEST, SentCookie, Visited, nearly_too_large, refusal
from .ending import Ended
from .faults import Faults
from .keeping import Kept
from .lost import Circumstances, lost_writes, reason
from .naming import callable_name, plain
from .observation import Access
from .postponed import read_postponed
from .report import Report, Row
from .seen import Seen
from .snapshots import Snapshot
from .states import State

_REJECTED = (
    "The cookie came and was rejected: its signature is wrong, it timed out, or the server does "
    "not know its id."
)


def make_report(ended: Ended, faults: Faults) -> Report:
    """What the panel shows of a request."""
    made = Report([_row(each, ended, faults) for each in ended.namespaces], ended.activated)
    made.failed = any(row.state is State.FAILED for row in made.rows) or bool(ended.raised)
    if ended.raised:
        made.response.append(
            f"No response was sent: {ended.raised} left the application, and no cookie was set."
        )
    elif ended.interrupted:
        made.failed = True
        made.response.append(
            "This request is not over yet, or one of its finished callbacks raised: then no "
            "response was sent, and sessions may not have been stored. The server's log tells."
        )
    if ended.replaced:
        made.response.append(
            f"The toolbar answered {ended.replaced} with a page of its own, and that page carries "
            "the cookies below. Without the toolbar the server would answer, and set none."
        )
    return made


def _row(namespace: Namespace, ended: Ended, faults: Faults) -> Row:
    cookie = namespace.cookie_name
    row = Row(plain(namespace.name), cookie and plain(cookie))
    values = ended.came.get(cookie or "", ())
    if values:
        row.came = sum(len(cookie or "") + len(value) for value in values)
    row.sent = [each for each in ended.sent if each.name == cookie]
    seen = ended.seen.get(namespace.name)
    if seen is not None:
        with faults.caught("reading cookies"):
            read_postponed(seen, ended, namespace)
        _add_seen(row, seen, ended)
    if row.state is State.REFUSED:
        row.refusal = _refusal(namespace, faults)
    rejected = seen is not None and seen.rejected
    row.cautions = _cautions(row.sent, len(values), ended.visited, rejected=rejected)
    if seen is not None and seen.no_found:
        row.cautions.append(f"What the next request will find is not known: {seen.no_found}.")
    return row


def _refusal(namespace: Namespace, faults: Faults) -> str:
    who = "its discriminator"
    with faults.caught("naming a discriminator"):
        who = callable_name(namespace.discriminator)
    return f"{who} said no, so request.session_multi[{plain(namespace.name)!r}] was None."


def _add_seen(row: Row, seen: Seen, ended: Ended) -> None:
    if seen.access is not None:
        _add_access(row, seen.access)
    else:
        row.state = State.NOT_ASKED if seen.not_asked else State.SENT
    row.incoming, row.outgoing = seen.no_incoming, seen.no_outgoing
    before, after = _snapshot(seen.incoming), _snapshot(seen.outgoing)
    row.changes = compare(before, after)
    row.unchecked = seen.unchecked
    row.more = max((side.more for side in (before, after) if side is not None), default=0)
    last = before if seen.access is None else after
    row.keys = None if last is None else last.keys
    _add_lost(row, seen, ended)


def _snapshot(kept: Kept | None) -> Snapshot | None:
    return None if kept is None else kept.snapshot


def _add_access(row: Row, access: Access) -> None:
    row.state, row.seconds = access.state, access.seconds
    if access.calls is not None:
        row.stack, row.first = calls(access.calls)
    else:
        row.detail = "by a tween outside of the toolbar"
    if access.state is State.FAILED:
        row.detail = f"its discriminator or factory raised {access.error}"
    elif access.state is State.OPENING:  # ended by something that is no Exception
        row.state, row.detail = State.FAILED, "its opening did not end"
    if access.attempts > 1:
        row.detail = f"{row.detail} (attempt {access.attempts})".strip()


def _add_lost(row: Row, seen: Seen, ended: Ended) -> None:
    if seen.found is None or seen.outgoing is None:
        return
    row.lost = lost_writes(seen.outgoing.snapshot, seen.found.snapshot)
    if row.lost:
        how = Circumstances(
            sent=row.sent,
            visited=ended.visited,
            raised=ended.raised,
            exception=ended.exception,
            rejected=seen.will_be_rejected,
            refilled=seen.refilled,
            on_a_server=not seen.in_cookie,
        )
        row.reason = reason(row.lost, row.changes, how)


def _cautions(sent: list[SentCookie], came: int, visited: Visited, *, rejected: bool) -> list[str]:
    cautions = [_REJECTED] if rejected else []
    if came > 1:
        cautions.append(
            f"The cookie came {came} times: the browser holds it for several paths or domains, "
            "and which one counts is a matter of luck."
        )
    if len(sent) > 1:
        cautions.append(f"The cookie is set {len(sent)} times in this one response.")
    for cookie in sent[-1:]:
        why = refusal(cookie, visited)
        if why:
            cautions.append(f"Browsers drop the cookie that was sent: {why}.")
        elif "secure" in cookie.attributes and visited.scheme != "https":
            cautions.append(
                "A Secure cookie on an http request: some browsers keep it only because this is "
                "the local machine, others drop it even here."
            )
        if nearly_too_large(cookie.size):
            cautions.append(
                f"The cookie has {cookie.size:,} bytes: close to the {LARGEST:,} that "
                "browsers keep. What is longer they drop without a word."
            )
    return cautions
