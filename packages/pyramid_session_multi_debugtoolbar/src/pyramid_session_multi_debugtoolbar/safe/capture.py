"""Captures a session's data at little cost; it is rendered when the page is viewed.

Short texts and numbers are kept as they are: they are immutable and refer to no other object.
Everything else is rendered at once. The toolbar keeps the request itself, with all of its
sessions, at least as long.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import islice
from typing import Any

from .. import limits
from .snapshot import CSRF_TOKEN, Entry, Snapshot, entry_of


class PageBudget:
    """The bytes of HTML that are left for a page."""

    def __init__(self) -> None:
        self.remaining: int = limits.MAX_PAGE_BYTES


@dataclass(eq=False, repr=False)
class CapturedSession:
    """A session's data at one moment.

    :ivar pairs: keys and values that are kept as they are; for others, an identity and its entry.
    :ivar omitted: the number of keys left out.
    """

    pairs: list[tuple[Any, Any]]
    omitted: int
    csrf_keys: Collection[str]

    @cached_property
    def snapshot(self) -> Snapshot:
        """The data, rendered."""
        entries = dict(
            (key, value) if type(value) is Entry else entry_of(key, value, self.csrf_keys)
            for key, value in self.pairs
        )
        return Snapshot(entries, self.omitted)


def capture(
    data: Any, budget: PageBudget, csrf_keys: Collection[str] = (CSRF_TOKEN,)
) -> CapturedSession:
    """Capture the data that a session library read.

    :param csrf_keys: the keys of CSRF tokens.
    """
    if not issubclass(type(data), dict):
        raise TypeError("the read method of a SessionLibrary did not return a dict")
    # One side of a session may use a fourth, so that some are left for the last session.
    share, used = min(limits.MAX_SIDE_BYTES, budget.remaining // 4), 0
    pairs: list[tuple[Any, Any]] = []
    for key, value in islice(dict.items(data), limits.MAX_KEYS):
        pair: tuple[Any, Any] = (key, value)
        size = _size_as_it_is(key, value)
        if size is None:
            pair = entry_of(key, value, csrf_keys)
            size = _size(pair[1].label) + _size(pair[1].value.text)
        if used + size > share:
            break
        used += size
        pairs.append(pair)
    budget.remaining -= used
    return CapturedSession(pairs, dict.__len__(data) - len(pairs), csrf_keys)


def _size_as_it_is(key: Any, value: Any) -> int | None:
    """The maximal bytes of a pair on the page; ``None`` if it cannot be kept as it is."""
    if type(key) is not str or len(key) >= limits.MAX_SHORT_CHARS or not key.isprintable():
        return None
    cls, size = type(value), limits.MAX_BYTES_PER_CHAR * len(key) + limits.MAX_MARKUP_BYTES
    if cls is str:
        is_short = len(value) < limits.MAX_SHORT_CHARS and value.isprintable()
        return size + limits.MAX_BYTES_PER_CHAR * len(value) if is_short else None
    if cls is int:
        return size if -limits.MAX_SHORT_NUMBER < value < limits.MAX_SHORT_NUMBER else None
    return size if cls is bool or cls is float or value is None else None


def _size(text: str) -> int:
    # An escaped character has at most six bytes, others have four.
    is_short = len(text) < limits.MAX_SHORT_CHARS
    return limits.MAX_BYTES_PER_CHAR * len(text) if is_short else len(escape(text).encode())
