"""What a session held at one moment, as a page shows it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .hiding import looks_secret
from .naming import plain
from .values import Shown, show

CSRF_TOKEN = "_csrft_"  # noqa: S105 - Pyramid's key of it
_FLASH = "_f_"

_LONGEST_LABEL = 100

# What identifies a key: a long one is shown cut off, but its hash tells it apart.
Identity = tuple[str, int]


class Entry(NamedTuple):
    """A key of a session, and its value.

    :ivar note: what Pyramid keeps there, where it is Pyramid's.
    """

    label: str
    note: str
    value: Shown


class Snapshot(NamedTuple):
    """Entries by what identifies their keys; ``more``: the number of keys that are left out."""

    entries: dict[Identity, Entry]
    more: int

    @property
    def keys(self) -> int:
        """The number of keys, with those that are left out."""
        return len(self.entries) + self.more

    @property
    def whole(self) -> bool:
        """Is all of the session in it?"""
        return not self.more and all(entry.value.whole for entry in self.entries.values())


def entry_of(key: object, value: object, tokens: Collection[str]) -> tuple[Identity, Entry]:
    """A key and its value as they are shown.

    :param tokens: the keys of CSRF tokens.
    """
    label, note, hidden = label_of(key), "", looks_secret(key)
    if type(key) is str:
        if key in tokens:
            note, hidden = "CSRF token", True
        elif key.startswith(_FLASH):
            queue = key[len(_FLASH) :]
            note = f"flash queue {plain(queue)!r}" if queue else "flash queue"
    # The hash of a str is known, since it is in a dict, and does not run anybody's code.
    return (label, hash(key) if type(key) is str else 0), Entry(
        label, note, show(value, hidden=hidden)
    )


def label_of(key: object) -> str:
    """A key of a session as a heading: a ``str`` as it is, anything else as a value."""
    if type(key) is str:
        more = f" ({len(key):,} characters)" if len(key) > _LONGEST_LABEL else ""
        return plain(key) + more
    return plain(show(key).text)
