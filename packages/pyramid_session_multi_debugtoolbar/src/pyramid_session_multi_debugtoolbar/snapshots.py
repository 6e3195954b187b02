"""What a session held at one moment, bounded when it is taken."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from itertools import islice
from typing import Any, NamedTuple

from .hiding import looks_secret
from .naming import plain
from .values import Shown, show

CSRF_TOKEN = "_csrft_"  # noqa: S105 - Pyramid's key of it
_FLASH = "_f_"

_MOST_KEYS = 100
_SHORT = 32
_LONGEST_LABEL = 100
_LARGEST_SIDE = 20_000
_LARGEST_PAGE = 140_000


class Room:
    """What is left on a page, in bytes of HTML.

    A side of a session may take a fourth of it: so the last one finds room as well.
    """

    def __init__(self) -> None:
        self._left = _LARGEST_PAGE

    def side(self) -> int:
        """The bytes that one side of a session may take."""
        return min(_LARGEST_SIDE, self._left // 4)

    def take(self, size: int) -> None:
        """Use some of it."""
        self._left -= size


class Entry(NamedTuple):
    """A key of a session, and its value.

    :ivar note: what Pyramid keeps there, where it is Pyramid's.
    """

    label: str
    note: str
    value: Shown


class Snapshot(NamedTuple):
    """Entries by what identifies their keys; ``more``: the number of keys that are left out."""

    entries: dict[tuple[str, int], Entry]
    more: int

    @property
    def keys(self) -> int:
        """The number of keys, with those that are left out."""
        return len(self.entries) + self.more

    @property
    def whole(self) -> bool:
        """Is all of the session in it?"""
        return not self.more and all(entry.value.whole for entry in self.entries.values())


EMPTY = Snapshot({}, 0)


def take(data: Any, room: Room, tokens: Collection[str] = (CSRF_TOKEN,)) -> Snapshot:
    """A snapshot of what a library read.

    :param tokens: the keys of CSRF tokens.
    """
    if not issubclass(type(data), dict):
        raise TypeError("the description of a session library read something that is no dict")
    allowed, taken = room.side(), 0
    entries: dict[tuple[str, int], Entry] = {}
    for key, value in islice(dict.items(data), _MOST_KEYS):
        entry = _entry(key, value, tokens)
        size = _size(entry.label) + _size(entry.value.text)
        if taken + size > allowed:
            break
        taken += size
        # A long key is shown cut off: its hash, known since it is in the dict, tells it apart.
        entries[entry.label, hash(key) if type(key) is str else 0] = entry
    room.take(taken)
    return Snapshot(entries, dict.__len__(data) - len(entries))


def label(key: object) -> str:
    """A key of a session as a heading: a ``str`` as it is, anything else as a value."""
    if type(key) is str:
        more = f" ({len(key):,} characters)" if len(key) > _LONGEST_LABEL else ""
        return plain(key) + more
    return plain(show(key).text)


def _size(text: str) -> int:
    # An escaped character has six bytes at most, one that is not has four.
    return 6 * len(text) if len(text) < _SHORT else len(escape(text).encode())


def _entry(key: object, value: object, tokens: Collection[str]) -> Entry:
    note = ""
    if type(key) is str:
        if key in tokens:
            return Entry(label(key), "CSRF token", show(value, hidden=True))
        if key.startswith(_FLASH):
            queue = key[len(_FLASH) :]
            note = f"flash queue {plain(queue)!r}" if queue else "flash queue"
    return Entry(label(key), note, show(value, hidden=looks_secret(key)))
