"""The report of one request that the template shows: texts and numbers only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..cookies import SentCookie
from ..observe.call_stack import CallStack
from ..observe.namespace_access import NamespaceAccess, State
from .differences import Change, ChangeKind
from .lost_writes import LostWrite


@dataclass(slots=True)
class Row:
    """One namespace in one request.

    :ivar access: what the request did with it. The row holds the texts of its data.
    :ivar detail: an addition to its state.
    :ivar error: the message of the exception with which it failed; empty: none.
    :ivar stack: the calls of the first access; ``None``: none, or before the toolbar started.
    :ivar incoming_bytes: name and value of its cookie in the request; ``None``: it did not arrive.
    :ivar key_count: the keys at the end, or in the cookie if it was not opened; ``None``: unknown.
    :ivar omitted: the number of keys that are not shown.
    :ivar not_stored: the reason why writes would not be stored without the toolbar; else empty.
    :ivar note: an explanation of something that is correct.
    :ivar warnings: sentences.
    """

    name: str
    cookie: str | None
    access: NamespaceAccess
    detail: str = ""
    error: str = ""
    refusal: str = ""
    stack: CallStack | None = None
    incoming_bytes: int | None = None
    sent_cookies: list[SentCookie] = field(default_factory=list)
    key_count: int | None = None
    omitted: int = 0
    changes: list[Change] = field(default_factory=list)
    lost: list[LostWrite] = field(default_factory=list)
    reason: str = ""
    not_stored: str = ""
    note: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """True if the request used it."""
        return self.access.state is not State.UNTOUCHED or bool(self.sent_cookies)

    @property
    def has_details(self) -> bool:
        """True if there is more to show than the row."""
        return self.access.state in (State.OPENED, State.FAILED) or bool(
            self.sent_cookies
            or self.changes
            or self.warnings
            or self.note
            or self.access.incoming_unknown
            or self.refusal
        )

    @property
    def is_amber(self) -> bool:
        """True if a write was lost, or its cookie was rejected."""
        return bool(self.lost or self.access.rejected or self.not_stored)

    @property
    def outgoing_bytes(self) -> int | None:
        """The bytes of its cookies in the response; ``None``: none was set."""
        sizes = [cookie.size for cookie in self.sent_cookies if not cookie.deletes]
        return sum(sizes) if self.sent_cookies else None

    def count(self, kind: ChangeKind) -> int:
        """The number of keys with this change."""
        return sum(change.kind == kind for change in self.changes)


class Note(NamedTuple):
    """A sentence about the request as a whole.

    :ivar style: Bootstrap's class for it: warning or danger.
    """

    style: str
    text: str


@dataclass(slots=True)
class Report:
    """All namespaces in one request.

    :ivar view: the view that declares the namespaces it can open; empty: no declaration.
    :ivar declared: these namespaces.
    :ivar failed: true if something failed, so that the panel is red.
    :ivar too_many_bytes: a sentence about too large session cookies; empty: they are not.
    """

    rows: list[Row]
    activated: bool
    notes: list[Note] = field(default_factory=list)
    view: str = ""
    declared: list[str] = field(default_factory=list)
    failed: bool = False
    too_many_bytes: str = ""

    @property
    def opened(self) -> int:
        """The number of opened namespaces."""
        return sum(row.access.state is State.OPENED for row in self.rows)

    @property
    def has_warnings(self) -> bool:
        """True if a write was lost, a cookie was rejected, or cookies are too large together."""
        return bool(self.too_many_bytes) or any(row.is_amber for row in self.rows)

    @property
    def incoming_bytes(self) -> int:
        """The bytes of all session cookies in the request."""
        return sum(row.incoming_bytes or 0 for row in self.rows)

    @property
    def outgoing_bytes(self) -> int:
        """The bytes of all session cookies in the response."""
        return sum(row.outgoing_bytes or 0 for row in self.rows)
