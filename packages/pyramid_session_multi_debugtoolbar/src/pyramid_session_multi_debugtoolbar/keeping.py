"""What a session holds, kept at little cost until somebody looks at the page.

Short texts and numbers are kept as they are: nothing can change them, and nothing hangs on them.
Everything else becomes what is shown of it at once. The toolbar keeps the request itself, with all
of its sessions, at least as long.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from itertools import islice
from typing import Any

from .snapshots import CSRF_TOKEN, Entry, Snapshot, entry_of

_MOST_KEYS = 100
_SHORT = 32
_LONGEST_NUMBER = 10**20
_LARGEST_SIDE = 20_000
_LARGEST_PAGE = 140_000

# Of a character, in bytes of HTML; and of what stands around a value.
_ESCAPED = 6
_AROUND = 40


class Room:
    """What is left on a page, in bytes of HTML.

    A side of a session may take a fourth of it: so the last one finds room as well.

    :ivar left: so many bytes.
    """

    def __init__(self) -> None:
        self.left: int = _LARGEST_PAGE

    def side(self) -> int:
        """The bytes that one side of a session may take."""
        return min(_LARGEST_SIDE, self.left // 4)

    def take(self, size: int) -> None:
        """Use some of it."""
        self.left -= size


class Kept:
    """What a session held at one moment.

    :ivar pairs: keys and values that can be kept as they are; else an identity and its entry.
    :ivar more: the number of keys that are left out.
    """

    def __init__(self, pairs: list[tuple[Any, Any]], more: int, tokens: Collection[str]) -> None:
        self.pairs = pairs
        self.more = more
        self._tokens = tokens
        self._snapshot: Snapshot | None = None

    @property
    def keys(self) -> int:
        """The number of keys, with those that are left out."""
        return len(self.pairs) + self.more

    @property
    def snapshot(self) -> Snapshot:
        """The same as it is shown."""
        if self._snapshot is None:
            entries = dict(
                (key, value) if type(value) is Entry else entry_of(key, value, self._tokens)
                for key, value in self.pairs
            )
            self._snapshot = Snapshot(entries, self.more)
        return self._snapshot


def keep(data: Any, room: Room, tokens: Collection[str] = (CSRF_TOKEN,)) -> Kept:
    """Keep what a library read.

    :param tokens: the keys of CSRF tokens.
    """
    if not issubclass(type(data), dict):
        raise TypeError("the description of a session library read something that is no dict")
    allowed, taken = room.side(), 0
    pairs: list[tuple[Any, Any]] = []
    for key, value in islice(dict.items(data), _MOST_KEYS):
        pair: tuple[Any, Any] = (key, value)
        size = _size_as_it_is(key, value)
        if size is None:
            pair = entry_of(key, value, tokens)
            size = _size(pair[1].label) + _size(pair[1].value.text)
        if taken + size > allowed:
            break
        taken += size
        pairs.append(pair)
    room.take(taken)
    return Kept(pairs, dict.__len__(data) - len(pairs), tokens)


def _size_as_it_is(key: Any, value: Any) -> int | None:
    """What it will take on the page at most; ``None``: it cannot be kept as it is."""
    if type(key) is not str or len(key) >= _SHORT or not key.isprintable():
        return None
    kind, size = type(value), _ESCAPED * len(key) + _AROUND
    if kind is str:
        short = len(value) < _SHORT and value.isprintable()
        return size + _ESCAPED * len(value) if short else None
    if kind is int:
        return size if -_LONGEST_NUMBER < value < _LONGEST_NUMBER else None
    return size if kind is bool or kind is float or value is None else None


def _size(text: str) -> int:
    # An escaped character has six bytes at most, one that is not has four.
    return _ESCAPED * len(text) if len(text) < _SHORT else len(escape(text).encode())
