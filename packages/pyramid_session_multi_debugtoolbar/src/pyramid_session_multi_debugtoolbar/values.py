"""Values of a session as a bounded text, so that nothing in a session can do harm.

Only builtin and standard-library types are ever asked for their ``repr``; containers are walked
through their base classes' own methods; everything else shows as its type.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import ipaddress
import os
import pathlib
import uuid
import zoneinfo
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

from .hiding import looks_secret
from .naming import type_name

LONGEST_STRING = 300
LONGEST_TEXT = 1200
_MOST_ITEMS = 40
_DEEPEST = 5
_BITS = 512
_PAIR = 2  # ('password', '...')

# By their ids: hashing or comparing a class is up to its metaclass.
_SAFE_REPR = frozenset(
    id(kind) for kind in [
        bool, float, complex, type(None), type(...), range, uuid.UUID,
        decimal.Decimal, fractions.Fraction, zoneinfo.ZoneInfo,
        datetime.date, datetime.timedelta, datetime.timezone,
        pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.PosixPath, pathlib.WindowsPath,
        ipaddress.IPv4Address, ipaddress.IPv6Address, ipaddress.IPv4Network,
        ipaddress.IPv6Network, ipaddress.IPv4Interface, ipaddress.IPv6Interface,
    ]
)  # fmt: skip
_SAFE_ZONES = frozenset(map(id, [type(None), datetime.timezone, zoneinfo.ZoneInfo]))

# Fingerprints of hidden values stay in the history of the toolbar: of no use without this.
_KEY = os.urandom(16)


class Shown(NamedTuple):
    """What is kept of a value.

    Two of the same value are equal.

    :ivar text: how it is shown.
    :ivar hidden: a fingerprint of what is hidden in it.
    :ivar whole: is all of the value in these two? Else equal ones may still differ.
    """

    text: str
    hidden: bytes
    whole: bool


def show(value: object, *, hidden: bool = False) -> Shown:
    """What a page may show of a value; of a hidden one its type and size."""
    if not hidden and type(value) is str and len(value) <= LONGEST_STRING:  # most of them
        return Shown(repr(value), b"", True)
    writer = _Writer()
    try:
        if hidden:
            writer.hide(value)
        else:
            writer.write(value, 0)
    except _Full:
        writer.parts.append("…")
        writer.whole = False
    return Shown("".join(writer.parts), b"".join(writer.hidden), writer.whole)


class _Full(Exception):
    """No room is left."""


class _Writer:
    def __init__(self, *, revealing: bool = False) -> None:
        self.parts: list[str] = []
        self.whole = True
        self.revealing = revealing
        self.hidden: list[bytes] = []
        self._room = LONGEST_TEXT
        self._inside: set[int] = set()

    def put(self, text: str) -> None:
        self.parts.append(text)
        self._room -= len(text)
        if self._room < 0:
            raise _Full

    def cut(self, text: str) -> None:
        self.whole = False
        self.put(text)

    def write(self, value: Any, depth: int) -> None:
        kind = type(value)
        if id(kind) in _SAFE_REPR:
            self.long(repr(value))
        elif issubclass(kind, str):
            self.text(value, kind)
        elif issubclass(kind, int):
            self.number(value, kind)
        elif issubclass(kind, (bytes, bytearray)):
            self.octets(value, kind)
        elif issubclass(kind, _CONTAINERS):
            self.container(value, kind, depth)
        elif kind is datetime.datetime or kind is datetime.time:
            self.moment(value)
        else:
            self.stranger(kind)

    def stranger(self, kind: type) -> None:
        self.cut(f"<{type_name(kind)}>")

    def long(self, text: str) -> None:
        if len(text) > LONGEST_STRING:
            self.cut(f"{text[:LONGEST_STRING]}… ({len(text):,} characters)")
        else:
            self.put(text)

    def text(self, value: str, kind: type) -> None:
        length = str.__len__(value)
        shown = repr(str.__getitem__(value, slice(0, LONGEST_STRING)))
        shown = shown if kind is str else f"{type_name(kind)}({shown})"
        if length > LONGEST_STRING:
            self.cut(f"{shown}… ({length:,} characters)")
        else:
            self.put(shown)

    def octets(self, value: Any, kind: type) -> None:
        base: Any = bytes if issubclass(kind, bytes) else bytearray
        length = base.__len__(value)
        piece = bytes(base.__getitem__(value, slice(0, LONGEST_STRING)))
        shown = repr(piece) if kind is bytes else f"{type_name(kind)}({piece!r})"
        if length > LONGEST_STRING:
            self.cut(f"{shown}… ({length:,} bytes)")
        else:
            self.put(shown)

    def number(self, value: int, kind: type) -> None:
        bits = int.bit_length(value)
        shown = int.__repr__(value) if bits <= _BITS else f"a number of {bits:,} bits"
        shown = shown if kind is int else f"{type_name(kind)}({shown})"
        (self.put if bits <= _BITS else self.cut)(shown)

    def moment(self, value: datetime.datetime | datetime.time) -> None:
        if id(type(value.tzinfo)) in _SAFE_ZONES:
            self.put(repr(value))
        else:  # its repr would call that of the zone
            self.cut(f"{value.replace(tzinfo=None)!r} in <{type_name(type(value.tzinfo))}>")

    def hide(self, value: Any) -> None:
        kind = type(value)
        size = next((f", {unit[0](value):,} {unit[1]}" for base, unit in _SIZES.items()
                     if issubclass(kind, base)), "")  # fmt: skip
        revealed = _Writer(revealing=True)
        try:
            revealed.write(value, 0)
        except _Full:
            revealed.whole = False
        self.whole = self.whole and revealed.whole
        text = "".join(revealed.parts).encode("utf-8", "surrogatepass")
        self.hidden.append(blake2b(text, key=_KEY, digest_size=16).digest())
        self.put(f"hidden ({type_name(kind)}{size})")

    # Containers

    def container(self, value: Any, kind: type, depth: int) -> None:
        base, (opening, closing) = next(
            (base, marks) for base, marks in _MARKS.items() if issubclass(kind, base)
        )
        length = base.__len__(value)
        prefix = "" if kind is base and opening else type_name(kind)
        opening, closing = opening or "([", closing or "])"
        if id(value) in self._inside:
            self.put(f"{prefix}{opening}itself{closing}")
            return
        if depth >= _DEEPEST and length:
            self.cut(f"{prefix}{opening}{length:,} inside{closing}")
            return
        self._inside.add(id(value))
        self.put(prefix + opening)
        if issubclass(kind, dict):
            self.pairs(islice(dict.items(value), _MOST_ITEMS), depth)
        else:
            self.items(self.in_order(value, base), depth)
        if length > _MOST_ITEMS:
            self.cut(f", … {length - _MOST_ITEMS:,} more")
        self.put("," + closing if base is tuple and length == 1 else closing)
        self._inside.discard(id(value))

    def in_order(self, value: Any, base: Any) -> list[Any]:
        items = list(islice(base.__iter__(value), _MOST_ITEMS))
        if base in (set, frozenset):  # equal sets may have different orders
            items.sort(key=lambda item: show(item).text)
        return items

    def pairs(self, items: Iterable[tuple[Any, Any]], depth: int) -> None:
        for comma, (key, value) in _commas(items):
            self.put(comma)
            self.write(key, depth + 1)
            self.put(": ")
            self.member(key, value, depth)

    def items(self, items: list[Any], depth: int) -> None:
        named = len(items) == _PAIR and type(items[0]) is str and looks_secret(items[0])
        for number, (comma, item) in enumerate(_commas(items)):
            self.put(comma)
            self.member(items[0] if named and number else None, item, depth)

    def member(self, key: object, value: Any, depth: int) -> None:
        if not self.revealing and looks_secret(key):
            self.hide(value)
        else:
            self.write(value, depth + 1)


def _commas(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    return ((", " if number else "", item) for number, item in enumerate(items))


# The bases whose own methods are used, whatever a subclass makes of them.
_MARKS: dict[Any, tuple[str, str]] = {
    dict: ("{", "}"),
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("", ""),  # braces would leave open what an empty one is
    frozenset: ("", ""),
    deque: ("", ""),
}
_CONTAINERS = tuple(_MARKS)
_SIZES: dict[type, tuple[Callable[[Any], int], str]] = {
    str: (str.__len__, "characters"),
    bytes: (bytes.__len__, "bytes"),
    **{base: (base.__len__, "items") for base in _MARKS},
}
