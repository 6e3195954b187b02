"""Two snapshots of a session side by side."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from .snapshots import Entry, Snapshot
from .values import Shown


class Kind(StrEnum):
    """What became of a key."""

    SAME = "unchanged"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    MAYBE = "may have changed"  # a bound cut the comparison short
    UNKNOWN = ""


class Change(NamedTuple):
    """A key before and after; ``None``: it was not there, or is not known."""

    label: str
    note: str
    before: str | None
    after: str | None
    kind: Kind


def compare(before: Snapshot | None, after: Snapshot | None) -> list[Change]:
    """All keys, in the order of the session; nothing is marked where one side is not known."""
    known = before is not None and after is not None
    earlier = before.entries if before is not None else {}
    later = after.entries if after is not None else {}
    changes = []
    for key, entry in {**earlier, **later}.items():
        old, new = earlier.get(key), later.get(key)
        kind = Kind.UNKNOWN
        if before is not None and after is not None:
            kind = _kind(old, new, whole=not (before.more if old is None else after.more))
        changes.append(Change(entry.label, entry.note, _text(old), _text(new), kind))
    return sorted(changes, key=_prominence) if known else changes


def count(changes: Iterable[Change], *kinds: Kind) -> int:
    """How many of them are of these kinds."""
    return sum(change.kind in kinds for change in changes)


def _kind(old: Entry | None, new: Entry | None, *, whole: bool) -> Kind:
    if old is not None and new is not None:
        return _value_kind(old.value, new.value)
    if not whole:  # it may be among the keys that were left out on the other side
        return Kind.MAYBE
    return Kind.ADDED if old is None else Kind.REMOVED


def _value_kind(old: Shown, new: Shown) -> Kind:
    if old.text != new.text or old.hidden != new.hidden:
        return Kind.CHANGED
    return Kind.SAME if old.whole and new.whole else Kind.MAYBE


def _text(entry: Entry | None) -> str | None:
    return None if entry is None else entry.value.text


def _prominence(change: Change) -> bool:
    return change.kind in (Kind.SAME, Kind.MAYBE)
