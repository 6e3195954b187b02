"""The report of one request that the template shows: texts and numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..cookies import SentCookie
from ..observe.call_stack import Call
from ..observe.namespace_access import State
from .differences import Change, ChangeKind
from .lost_writes import LostWrite


@dataclass(slots=True)
class Row:
    """One namespace in one request.

    :ivar detail: more about its state.
    :ivar caller: the application's line that requested it first, and ``calls``: all of them.
    :ivar incoming_bytes: name and value of its cookie in the request; ``None``: it did not arrive.
    :ivar incoming_unknown: why the incoming values are not known; empty if they are.
    :ivar outgoing_unknown: the same for the outgoing values.
    :ivar not_verified: true if lost writes would be detected if the panel was activated.
    :ivar key_count: the keys at the end, or in the cookie if it was not opened; ``None``: unknown.
    :ivar omitted: the keys that are not shown.
    :ivar warnings: sentences.
    """

    name: str
    cookie: str | None
    state: State = State.UNTOUCHED
    detail: str = ""
    refusal: str = ""
    caller: Call | None = None
    calls: Sequence[Call] = ()
    seconds: float | None = None
    incoming_bytes: int | None = None
    sent_cookies: list[SentCookie] = field(default_factory=list)
    incoming_unknown: str = ""
    outgoing_unknown: str = ""
    not_verified: bool = False
    key_count: int | None = None
    omitted: int = 0
    changes: list[Change] = field(default_factory=list)
    lost: list[LostWrite] = field(default_factory=list)
    reason: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """True if the request used it."""
        return self.state is not State.UNTOUCHED or bool(self.sent_cookies)

    @property
    def has_details(self) -> bool:
        """True if there is more to show than fits a row."""
        return self.state is State.OPENED or bool(
            self.sent_cookies
            or self.changes
            or self.warnings
            or self.incoming_unknown
            or self.refusal
        )

    @property
    def outgoing_bytes(self) -> int | None:
        """The bytes of its cookies in the response; ``None``: none was set."""
        sizes = [cookie.size for cookie in self.sent_cookies if not cookie.deletes]
        return sum(sizes) if self.sent_cookies else None

    def count(self, kind: ChangeKind) -> int:
        """The number of keys with this change."""
        return sum(change.kind == kind for change in self.changes)


@dataclass(slots=True)
class Report:
    """All namespaces in one request.

    :ivar notes: sentences about the response as a whole.
    :ivar failed: true if something failed, so that the panel is red.
    """

    rows: list[Row]
    activated: bool
    notes: list[str] = field(default_factory=list)
    failed: bool = False

    @property
    def opened(self) -> int:
        """The number of opened namespaces."""
        return sum(row.state is State.OPENED for row in self.rows)

    @property
    def has_lost_writes(self) -> bool:
        """True if a write was lost."""
        return any(row.lost for row in self.rows)

    @property
    def incoming_bytes(self) -> int:
        """The bytes of all session cookies in the request."""
        return sum(row.incoming_bytes or 0 for row in self.rows)

    @property
    def outgoing_bytes(self) -> int:
        """The bytes of all session cookies in the response."""
        return sum(row.outgoing_bytes or 0 for row in self.rows)
