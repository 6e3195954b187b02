"""What the panel shows of a request that is over: texts and numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .callstack import Call
from .changes import Change, Kind, count
from .cookies import SentCookie
from .lost import Lost
from .states import State


@dataclass(slots=True)
class Row:
    """One namespace in one request.

    :ivar detail: what else is to be said of its state.
    :ivar came: bytes of name and value of its cookie in the request; ``None``: it did not come.
    :ivar sent: its cookies in the response.
    :ivar incoming: why the incoming values are not known; empty where they are.
    :ivar outgoing: the same of the outgoing values.
    :ivar unchecked: would lost writes be looked for if the panel was activated?
    :ivar refusal: who refused it, and what that meant; empty: nobody did.
    :ivar keys: how many it had at the end, or when it came if it was not opened; ``None``: not
        known.
    :ivar cautions: what is worth a warning.
    """

    name: str
    cookie: str | None
    state: State = State.UNTOUCHED
    detail: str = ""
    first: Call | None = None
    stack: Sequence[Call] = ()
    seconds: float | None = None
    came: int | None = None
    sent: list[SentCookie] = field(default_factory=list)
    incoming: str = ""
    outgoing: str = ""
    unchecked: bool = False
    refusal: str = ""
    keys: int | None = None
    more: int = 0
    changes: list[Change] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    reason: str = ""
    cautions: list[str] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Is there anything to say of it?"""
        return self.state is not State.UNTOUCHED or bool(self.sent)

    @property
    def told(self) -> bool:
        """Is there more to say of it than fits a row?"""
        return self.state is State.OPENED or bool(
            self.sent or self.changes or self.cautions or self.incoming or self.refusal
        )

    @property
    def sent_size(self) -> int | None:
        """Bytes of its cookies in the response; ``None``: none was set."""
        kept = [cookie.size for cookie in self.sent if not cookie.deletes]
        return sum(kept) if self.sent else None

    def count(self, kind: Kind) -> int:
        """How many keys are of this kind."""
        return count(self.changes, kind)


@dataclass(slots=True)
class Report:
    """All namespaces in one request.

    :ivar response: what is to be said of the response as a whole.
    :ivar failed: did something fail, so that the panel is red?
    """

    rows: list[Row]
    activated: bool
    response: list[str] = field(default_factory=list)
    failed: bool = False

    @property
    def opened(self) -> int:
        """The number of namespaces that were opened."""
        return sum(row.state is State.OPENED for row in self.rows)

    @property
    def lost(self) -> bool:
        """Was anything that was written lost?"""
        return any(row.lost for row in self.rows)

    @property
    def came(self) -> int:
        """Bytes of all session cookies in the request."""
        return sum(row.came or 0 for row in self.rows)

    @property
    def sent(self) -> int:
        """Bytes of all session cookies in the response."""
        return sum(row.sent_size or 0 for row in self.rows)
