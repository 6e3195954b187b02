"""The differences between two snapshots of a session."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ..safe.safe_repr import DisplayValue
from ..safe.snapshot import Entry, Snapshot


class ChangeKind(StrEnum):
    """The change of one key."""

    SAME = "unchanged"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    POSSIBLY_CHANGED = "may have changed"  # a limit truncated the comparison
    UNKNOWN = ""


class Change(NamedTuple):
    """A key with its texts before and after; ``None``: it did not exist, or is not known."""

    label: str
    note: str
    before: str | None
    after: str | None
    kind: ChangeKind

    @property
    def is_certain(self) -> bool:
        """True if the key certainly changed."""
        return self.kind in (ChangeKind.ADDED, ChangeKind.CHANGED, ChangeKind.REMOVED)


def compare(before: Snapshot | None, after: Snapshot | None) -> list[Change]:
    """Compare all keys; changed ones come first. Without one side, every kind is unknown."""
    earlier = before.entries if before is not None else {}
    later = after.entries if after is not None else {}
    changes = []
    for key, entry in {**earlier, **later}.items():
        old, new = earlier.get(key), later.get(key)
        kind = ChangeKind.UNKNOWN
        if before is not None and after is not None:
            is_complete = not (before.omitted if old is None else after.omitted)
            kind = _change_kind(old, new, complete=is_complete)
        changes.append(Change(entry.label, entry.note, _text(old), _text(new), kind))
    # It is stable: the session's order remains.
    return sorted(changes, key=lambda change: not change.is_certain)


def _change_kind(old: Entry | None, new: Entry | None, *, complete: bool) -> ChangeKind:
    if old is not None and new is not None:
        return _value_change(old.value, new.value)
    if not complete:  # the key may be among those left out on the other side
        return ChangeKind.POSSIBLY_CHANGED
    return ChangeKind.ADDED if old is None else ChangeKind.REMOVED


def _value_change(old: DisplayValue, new: DisplayValue) -> ChangeKind:
    if old.text != new.text or old.fingerprint != new.fingerprint:
        return ChangeKind.CHANGED
    is_complete = old.complete and new.complete
    return ChangeKind.SAME if is_complete else ChangeKind.POSSIBLY_CHANGED


def _text(entry: Entry | None) -> str | None:
    return None if entry is None else entry.value.text
