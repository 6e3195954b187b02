"""Builds the report of a finished request when somebody looks at it."""

from __future__ import annotations

from pyramid_session_multi import Namespace

from ..cookies import MAX_COOKIE_BYTES, SentCookie, nearly_too_large, rejection_reason
from ..end.finished_request import FinishedRequest
from ..observe.call_stack import readable_stack
from ..observe.namespace_access import NamespaceAccess, State
from ..panel_errors import PanelErrors
from ..safe.names import callable_name, printable
from .differences import compare
from .lost_writes import Circumstances, explain, find_lost_writes
from .report import Report, Row

_REJECTED = (
    "The cookie arrived and was rejected: its signature is invalid, it timed out, or the server "
    "does not know its id."
)


def build_report(finished: FinishedRequest, errors: PanelErrors) -> Report:
    """Build the report of a request."""
    rows = [_row(namespace, finished, errors) for namespace in finished.namespaces]
    report = Report(rows, finished.activated)
    has_failed_row = any(row.state is State.FAILED for row in rows)
    report.failed = has_failed_row or finished.interrupted or bool(finished.unhandled_exception)
    if finished.unhandled_exception:
        report.notes.append(
            f"No response was sent: {finished.unhandled_exception} left the application, and no "
            "cookie was set."
        )
    elif finished.interrupted:
        report.notes.append(
            "This request is still running, or one of its finished callbacks raised: then no "
            "response was sent, and sessions may not have been stored. See the server's log."
        )
    if finished.toolbar_exception:
        report.notes.append(
            f"The toolbar answered {finished.toolbar_exception} with its own page, and that page "
            "carries the cookies below. Without the toolbar the server would answer and set none."
        )
    return report


def _row(namespace: Namespace, finished: FinishedRequest, errors: PanelErrors) -> Row:
    cookie = namespace.cookie_name
    row = Row(printable(namespace.name), cookie and printable(cookie))
    values = finished.incoming_cookies.get(cookie or "", ())
    if values:
        row.incoming_bytes = sum(len(cookie or "") + len(value) for value in values)
    row.sent_cookies = [sent for sent in finished.sent_cookies if sent.name == cookie]
    access = finished.accesses.get(namespace.name)
    if access is not None:
        _add_access(row, access)
        _add_values(row, access)
        _add_lost_writes(row, access, finished)
        if access.rejected:
            row.warnings.append(_REJECTED)
    if row.state is State.REFUSED:
        row.refusal = _refusal(namespace, errors)
    row.warnings += _cookie_warnings(row.sent_cookies, len(values), finished)
    if access is not None and access.read_back_error:
        row.warnings.append(f"The next request's data are not known: {access.read_back_error}.")
    return row


def _refusal(namespace: Namespace, errors: PanelErrors) -> str:
    discriminator = "its discriminator"
    with errors.guard("naming a discriminator"):
        discriminator = callable_name(namespace.discriminator)
    name = printable(namespace.name)
    return f"{discriminator} refused it, so request.session_multi[{name!r}] was None."


def _add_access(row: Row, access: NamespaceAccess) -> None:
    row.state, row.seconds = access.state, access.seconds
    if access.stack is not None:
        row.calls, row.caller = readable_stack(access.stack)
    elif access.state not in (State.COOKIE_ONLY, State.NOT_ASKED):
        row.detail = "by a tween outside of the toolbar"
    if access.state is State.FAILED:
        row.detail = f"its discriminator or factory raised {access.error}"
    elif access.state is State.OPENING:  # it ended with something that is not an Exception
        row.state, row.detail = State.FAILED, "its opening did not end"
    if access.attempts > 1:
        row.detail = f"{row.detail} (attempt {access.attempts})".strip()


def _add_values(row: Row, access: NamespaceAccess) -> None:
    row.incoming_unknown = access.incoming_unknown
    row.outgoing_unknown = access.outgoing_unknown
    row.not_verified = access.not_verified
    before, after = (
        None if captured is None else captured.snapshot
        for captured in (access.incoming, access.outgoing)
    )
    row.changes = compare(before, after)
    row.omitted = max((side.omitted for side in (before, after) if side is not None), default=0)
    is_unopened = access.state in (State.COOKIE_ONLY, State.NOT_ASKED)
    last = before if is_unopened else after
    row.key_count = None if last is None else last.key_count


def _add_lost_writes(row: Row, access: NamespaceAccess, finished: FinishedRequest) -> None:
    if access.read_back is None or access.outgoing is None:
        return
    row.lost = find_lost_writes(access.outgoing.snapshot, access.read_back.snapshot)
    if row.lost:
        circumstances = Circumstances(
            sent_cookies=row.sent_cookies,
            origin=finished.origin,
            unhandled_exception=finished.unhandled_exception,
            handled_exception=finished.handled_exception,
            will_be_rejected=access.will_be_rejected,
            restored_by_library=access.restored_by_library,
            on_server=not access.in_cookie,
        )
        row.reason = explain(row.lost, row.changes, circumstances)


def _cookie_warnings(
    sent: list[SentCookie], times_received: int, finished: FinishedRequest
) -> list[str]:
    warnings = []
    if times_received > 1:
        warnings.append(
            f"The cookie arrived {times_received} times: the browser holds it for several paths "
            "or domains, and which one counts is undefined."
        )
    if len(sent) > 1:
        warnings.append(f"The cookie is set {len(sent)} times in this one response.")
    for cookie in sent[-1:]:
        reason = rejection_reason(cookie, finished.origin)
        if reason:
            warnings.append(f"Browsers drop the cookie that was sent: {reason}.")
        elif "secure" in cookie.attributes and finished.origin.scheme != "https":
            warnings.append(
                "A Secure cookie on an http request: some browsers keep it only because this is "
                "the local machine, others drop it even here."
            )
        if nearly_too_large(cookie.size):
            warnings.append(
                f"The cookie has {cookie.size:,} bytes, close to the {MAX_COOKIE_BYTES:,} that "
                "browsers keep. They drop a longer one silently."
            )
    return warnings
