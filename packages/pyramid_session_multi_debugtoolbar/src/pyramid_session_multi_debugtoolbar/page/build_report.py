"""Builds the report of a finished request when its page is viewed."""

from __future__ import annotations

from copy import copy

from pyramid_session_multi import Namespace

from ..end.finished_request import FinishedRequest
from ..observe.call_stack import readable_stack
from ..observe.namespace_access import NamespaceAccess, State
from ..panel_errors import PanelErrors
from ..safe.error_text import ErrorText
from ..safe.names import callable_name, printable
from .cookie_warnings import (
    header_size_note,
    local_cookie_note,
    received_cookie_warnings,
    rejected_cookie_warning,
    sent_cookie_warnings,
)
from .differences import compare
from .lost_writes import explain, find_lost_writes
from .report import Note, Report, Row

_NOT_REQUESTED = (State.UNTOUCHED, State.COOKIE_ONLY, State.NOT_ASKED)


def build_report(finished: FinishedRequest, errors: PanelErrors) -> Report:
    """Build the report of a request."""
    rows = []
    for namespace in finished.namespaces:
        cookie = namespace.cookie_name
        access = finished.accesses.get(namespace.name) or NamespaceAccess(State.UNTOUCHED)
        # A copy: the request may still be running.
        rows.append(Row(printable(namespace.name), cookie and printable(cookie), copy(access)))
        with errors.guard(f"describing {rows[-1].name!r}"):  # the other rows are still shown
            _fill_row(rows[-1], namespace, finished)
    report = Report(rows, finished.activated)
    has_failed_row = any(row.access.state is State.FAILED for row in rows)
    report.failed = has_failed_row or finished.interrupted or bool(finished.unhandled_exception)
    report.notes = _notes(finished, report)
    if finished.view_contract is not None:
        report.view = callable_name(finished.view_contract.view)
        report.declared = [printable(name) for name in finished.view_contract.declared]
    return report


def _notes(finished: FinishedRequest, report: Report) -> list[Note]:
    notes = []
    if finished.unhandled_exception:
        error = finished.unhandled_exception
        text = (
            f"No response was sent: {error.type_name} left the application, and no cookie was set."
        )
        notes.append(Note("danger", text + _message(error)))
    elif finished.interrupted:
        text = (
            "This request is still running, or one of its finished callbacks raised: then no "
            "response was sent, and sessions may not have been stored. See the server's log."
        )
        notes.append(Note("danger", text))
    if finished.toolbar_exception:
        error = finished.toolbar_exception
        text = (
            f"The toolbar answered {error.type_name} with its own page, and that page carries the "
            "cookies below. Without the toolbar the server would answer and set none."
        )
        notes.append(Note("warning", text + _message(error)))
    browser_bytes = sum(len(name) + len(value) for name, value in finished.browser_cookies.items())
    report.too_many_bytes = header_size_note(max(report.incoming_bytes, browser_bytes))
    if report.too_many_bytes:
        notes.append(Note("warning", report.too_many_bytes))
    return notes


def _message(error: ErrorText) -> str:
    return f" Its message: {error.message}" if error.message else ""


def _fill_row(row: Row, namespace: Namespace, finished: FinishedRequest) -> None:
    cookie = namespace.cookie_name or ""
    values = finished.incoming_cookies.get(cookie, [])
    if values:
        row.incoming_bytes = sum(len(cookie) + len(value) for value in values)
    row.sent_cookies = [sent for sent in finished.sent_cookies if sent.name == cookie]
    access = row.access
    _add_state(row, access)
    _add_values(row, access)
    _add_lost_writes(row, access, finished)
    _add_not_stored(row, finished)
    access.incoming = access.outgoing = access.read_back = None  # their texts are in the row
    if access.rejected:
        row.warnings.append(rejected_cookie_warning(namespace, values[-1]))
    if access.state is State.REFUSED:
        discriminator = callable_name(namespace.discriminator)
        name = f"request.session_multi[{printable(namespace.name)!r}]"
        row.refusal = f"{discriminator} refused it, so {name} was None."
    row.note = local_cookie_note(namespace, len(values), finished.origin)
    row.warnings += received_cookie_warnings(namespace, len(values), finished.origin)
    row.warnings += sent_cookie_warnings(row.sent_cookies, finished.origin)
    if access.read_back_error:
        row.warnings.append(f"The next request's data are not known: {access.read_back_error}.")


def _add_state(row: Row, access: NamespaceAccess) -> None:
    if access.stack is not None:
        row.stack = readable_stack(access.stack)
    elif access.state not in _NOT_REQUESTED:
        row.detail = "requested by a tween outside the toolbar"
    if access.error is not None and access.state is State.FAILED:
        row.detail = f"its discriminator or factory raised {access.error.type_name}"
        row.error = access.error.message
    elif access.storing_error is not None:
        row.detail = f"its finished callback raised {access.storing_error.type_name}"
        row.error = access.storing_error.message
    elif access.state is State.OPENING:  # it ended with something that is not an Exception
        access.state, row.detail = State.FAILED, "its opening did not finish"
    if access.attempts > 1:
        row.detail = f"{row.detail} (attempt {access.attempts})".strip()


def _add_values(row: Row, access: NamespaceAccess) -> None:
    before, after = (
        None if captured is None else captured.snapshot
        for captured in (access.incoming, access.outgoing)
    )
    row.changes = compare(before, after)
    row.omitted = max((side.omitted for side in (before, after) if side is not None), default=0)
    last = before if access.state in _NOT_REQUESTED else after
    row.key_count = None if last is None else last.key_count


def _add_lost_writes(row: Row, access: NamespaceAccess, finished: FinishedRequest) -> None:
    if access.read_back is None or access.outgoing is None:
        return
    row.lost = find_lost_writes(access.outgoing.snapshot, access.read_back.snapshot)
    if row.lost:
        row.reason = explain(row.lost, row.changes, row.sent_cookies, access, finished)


def _add_not_stored(row: Row, finished: FinishedRequest) -> None:
    """Say that only the toolbar's page set the cookie with the written data."""
    received = finished.incoming_cookies.get(row.cookie or "", ())
    is_new = any(cookie.value not in received[-1:] for cookie in row.sent_cookies)
    is_changed = any(change.is_certain for change in row.changes)
    if finished.toolbar_exception and is_new and is_changed and not row.lost:
        row.not_stored = (
            f"Without the toolbar, these writes are not stored: no view answers "
            f"{finished.toolbar_exception.type_name}, and the server's own answer sets no cookie."
        )
