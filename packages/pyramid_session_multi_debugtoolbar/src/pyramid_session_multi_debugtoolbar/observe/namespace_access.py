"""The record of one namespace in one request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..safe.capture import CapturedSession
from ..safe.error_text import ErrorText
from .call_stack import RawStack


class State(StrEnum):
    """The state of a namespace, as the page shows it."""

    UNTOUCHED = "untouched"
    COOKIE_ONLY = "received, not opened"
    NOT_ASKED = "received, discriminator not run"
    OPENING = "opening"  # while it lasts; an opening that never ended is shown as failed
    OPENED = "opened"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(slots=True)
class NamespaceAccess:
    """One namespace in one request that requested it, or at least sent its cookie.

    While the request runs:

    :ivar state: what happened to it.
    :ivar stack: the calls of the first access; ``None``: it was before the toolbar started.
    :ivar started: the moment of the last access, by ``time.perf_counter``.
    :ivar seconds: the duration of the last access.
    :ivar attempts: the number of accesses until it was opened.
    :ivar error: the exception of its discriminator or factory; ``None``: none.
    :ivar storing_error: the exception of its finished callback; ``None``: none.
    :ivar incoming: the data at the time of opening, or in its cookie; ``None``: not known, and
        ``incoming_unknown`` says why.
    :ivar rejected: true if the library rejected the cookie that arrived.
    :ivar was_emptied: true if it was empty before its cookie was written.

    At the end:

    :ivar in_cookie: true if the data are in the cookie itself, not on a server.
    :ivar outgoing: the data at the end; ``None``: not known, and ``outgoing_unknown`` says why.
    :ivar read_back: the data that the next request will find; ``None``: not known
        (``read_back_error`` may say why), or nothing to compare.
    :ivar not_verified: true if ``read_back`` would be known if the panel were activated.
    :ivar restored_by_library: true if the library restored the old data after the application had
        emptied the session.
    :ivar will_be_rejected: true if the library will reject the cookie that the browser holds now.
    """

    state: State
    stack: RawStack | None = None
    started: float = 0.0
    seconds: float | None = None
    attempts: int = 1
    error: ErrorText | None = None
    storing_error: ErrorText | None = None
    incoming: CapturedSession | None = None
    incoming_unknown: str = ""
    rejected: bool = False
    was_emptied: bool = False
    in_cookie: bool = False
    outgoing: CapturedSession | None = None
    outgoing_unknown: str = ""
    read_back: CapturedSession | None = None
    read_back_error: str = ""
    not_verified: bool = False
    restored_by_library: bool = False
    will_be_rejected: bool = False
