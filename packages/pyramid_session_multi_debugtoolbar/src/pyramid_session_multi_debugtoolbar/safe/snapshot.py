"""A session's data at one moment, rendered for the page."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from pyramid.csrf import SessionCSRFStoragePolicy

from ..limits import MAX_NAME_CHARS
from .names import printable
from .redaction import looks_secret
from .safe_repr import DisplayValue, render

CSRF_TOKEN: str = SessionCSRFStoragePolicy().key  # Pyramid's default
_FLASH = "_f_"

# Identifies a key: a long one is shown truncated, but its hash differs.
KeyIdentity = tuple[str, int]


class Entry(NamedTuple):
    """A key of a session and its value.

    :ivar note: the purpose of a key that Pyramid uses.
    """

    label: str
    note: str
    value: DisplayValue


class Snapshot(NamedTuple):
    """Entries by the identity of their keys; ``omitted``: the number of keys left out."""

    entries: dict[KeyIdentity, Entry]
    omitted: int

    @property
    def key_count(self) -> int:
        """The number of keys, including those left out."""
        return len(self.entries) + self.omitted

    @property
    def complete(self) -> bool:
        """True if it holds the whole session."""
        return not self.omitted and all(entry.value.complete for entry in self.entries.values())


def entry_of(key: object, value: object, csrf_keys: Collection[str]) -> tuple[KeyIdentity, Entry]:
    """Render a key and its value.

    :param csrf_keys: the keys of CSRF tokens.
    """
    label, note, hidden = label_of(key), "", looks_secret(key)
    if type(key) is str:
        if key in csrf_keys:
            note, hidden = "CSRF token", True
        elif key.startswith(_FLASH):
            queue = key[len(_FLASH) :]
            note = f"flash queue {printable(queue)!r}" if queue else "flash queue"
    # The hash of a str in a dict is already known, and computing it runs no foreign code.
    identity = (label, hash(key) if type(key) is str else 0)
    return identity, Entry(label, note, render(value, hidden=hidden))


def label_of(key: object) -> str:
    """A key of a session as a heading: a ``str`` as it is, anything else rendered."""
    if type(key) is str:
        size = f" ({len(key):,} characters)" if len(key) > MAX_NAME_CHARS else ""
        return printable(key) + size
    return printable(render(key).text)
