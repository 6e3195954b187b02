"""From what was seen of a request to what the panel shows of it, when somebody looks."""

from __future__ import annotations

from . import report
from .callstack import calls
from .changes import compare
from .cookies import SentCookie, Visited, nearly_too_large, refusal
from .ending import Ended
from .lost import Circumstances, lost_writes, reason
from .naming import plain
from .observation import FAILED, OPENED, OPENING, REFUSED, Access
from .report import Report, Row
from .seen import Seen

_STATES = {
    OPENED: report.OPENED,
    REFUSED: report.REFUSED,
    FAILED: report.FAILED,
    OPENING: report.FAILED,  # ended by something that is no Exception
}
_REJECTED = (
    "The cookie came and was rejected: its signature is wrong, it timed out, or the server does "
    "not know its id."
)


def make_report(ended: Ended) -> Report:
    """What the panel shows of a request."""
    made = Report([_row(seen, ended) for seen in ended.namespaces], activated=ended.activated)
    made.failed = any(row.state == report.FAILED for row in made.rows) or bool(ended.raised)
    if ended.raised:
        made.response.append(
            f"No response was sent: {ended.raised} left the application, and no cookie was set."
        )
    if ended.replaced:
        made.response.append(
            f"The toolbar answered {ended.replaced} with a page of its own, and that page carries "
            "the cookies below. Without the toolbar the server would answer, and set none."
        )
    return made


def _row(seen: Seen, ended: Ended) -> Row:
    row = Row(plain(seen.name), seen.cookie_name and plain(seen.cookie_name))
    values = ended.came.get(seen.cookie_name or "", ())
    if values:
        row.came = sum(len(seen.cookie_name or "") + len(value) for value in values)
    row.sent = [cookie for cookie in ended.sent if cookie.name == seen.cookie_name]
    if seen.access is not None:
        _add_access(row, seen.access)
    elif seen.came:
        row.state = report.NOT_ASKED if seen.not_asked else report.SENT
    row.incoming, row.outgoing = seen.no_incoming, seen.no_outgoing
    row.changes = compare(seen.incoming, seen.outgoing)
    known = [side for side in (seen.incoming, seen.outgoing) if side is not None]
    if known:
        row.keys, row.more = known[-1].keys, max(side.more for side in known)
    row.cautions = _cautions(row.sent, len(values), ended.visited, rejected=seen.rejected)
    _add_lost(row, seen, ended)
    return row


def _add_access(row: Row, access: Access) -> None:
    row.state, row.seconds = _STATES[access.state], access.seconds
    if access.calls is not None:
        row.stack, row.first = calls(access.calls)
    else:
        row.detail = "by a tween outside of the toolbar"
    if access.state == FAILED:
        row.detail = f"its discriminator or factory raised {access.error}"
    elif access.state == OPENING:
        row.detail = "its opening did not end"
    if access.attempts > 1:
        row.detail = f"{row.detail} (attempt {access.attempts})".strip()


def _add_lost(row: Row, seen: Seen, ended: Ended) -> None:
    if seen.found is None or seen.outgoing is None:
        return
    row.lost = lost_writes(seen.outgoing, seen.found)
    if row.lost:
        how = Circumstances(
            sent=row.sent,
            visited=ended.visited,
            raised=ended.raised,
            exception=ended.exception,
            rejected=seen.will_be_rejected,
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
        if nearly_too_large(cookie):
            cautions.append(
                f"The cookie has {cookie.size:,} bytes: close to the 4,096 that browsers keep. "
                "What is longer they drop without a word."
            )
    return cautions
