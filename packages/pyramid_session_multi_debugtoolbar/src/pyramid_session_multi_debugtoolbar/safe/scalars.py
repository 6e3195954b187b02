"""Writes single values as bounded text: strings, numbers, times and everything opaque."""

from __future__ import annotations

import datetime
import decimal
import fractions
import ipaddress
import pathlib
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Any

from ..limits import MAX_NUMBER_BITS, MAX_STRING_CHARS, MAX_VALUE_CHARS
from .names import type_name

# By id: hashing or comparing a class may run code of its metaclass.
_SAFE_REPR = frozenset(
    id(cls) for cls in [
        bool, float, complex, type(None), type(...), uuid.UUID, decimal.Decimal,
        datetime.date, datetime.timedelta,
    ]
)  # fmt: skip
# These are safe as well, unless they contain an application's own number or text types.
_PATHS = frozenset(
    id(cls) for cls in [
        pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.PosixPath, pathlib.WindowsPath,
    ]
)  # fmt: skip
_ADDRESSES = frozenset(
    id(cls) for cls in [
        ipaddress.IPv4Address, ipaddress.IPv6Address,
        ipaddress.IPv4Interface, ipaddress.IPv6Interface,
    ]
)  # fmt: skip
_NETWORKS = frozenset(map(id, [ipaddress.IPv4Network, ipaddress.IPv6Network]))


class Truncated(Exception):
    """No room is left."""


class ScalarWriter:
    """Collects the parts of a text, up to a limit.

    :ivar complete: true as long as nothing was left out.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.complete: bool = True
        self._room = MAX_VALUE_CHARS

    def put(self, text: str, *, complete: bool = True) -> None:
        self.complete = self.complete and complete
        self.parts.append(text[: self._room])
        self._room -= len(text)
        if self._room < 0:
            raise Truncated

    def put_truncated(self, text: str) -> None:
        self.put(text, complete=False)

    def write_scalar(self, value: Any, cls: type) -> None:
        """Write a value that is not a container; an unknown type as its name."""
        if id(cls) in _SAFE_REPR or _consists_of_builtins(value, cls):
            self.put_limited(repr(value))
        elif issubclass(cls, str):
            self.text(value, cls)
        elif issubclass(cls, int):
            self.number(value, cls)
        elif issubclass(cls, (bytes, bytearray)):
            self.binary(value, cls)
        elif cls is datetime.datetime or cls is datetime.time:
            self.time_value(value)
        elif cls is range or cls is fractions.Fraction:
            self.numbers(value, cls)
        else:
            self.zone(value)

    def opaque(self, cls: type) -> None:
        self.put_truncated(f"<{type_name(cls)}>")

    def put_limited(self, text: str) -> None:
        if len(text) > MAX_STRING_CHARS:
            self.put_truncated(f"{text[:MAX_STRING_CHARS]}… ({len(text):,} characters)")
        else:
            self.put(text)

    def text(self, value: str, cls: type) -> None:
        piece = str.__getitem__(value, slice(0, MAX_STRING_CHARS))
        self.piece(repr(piece), cls, str, str.__len__(value), "characters")

    def binary(self, value: Any, cls: type) -> None:
        base: Any = bytes if issubclass(cls, bytes) else bytearray
        piece = bytes(base.__getitem__(value, slice(0, MAX_STRING_CHARS)))
        self.piece(repr(piece), cls, bytes, base.__len__(value), "bytes")

    def piece(self, text: str, cls: type, plain: type, length: int, unit: str) -> None:
        text = text if cls is plain else f"{type_name(cls)}({text})"
        if length > MAX_STRING_CHARS:
            self.put_truncated(f"{text}… ({length:,} {unit})")
        else:
            self.put(text)

    def number(self, value: int, cls: type) -> None:
        bits = int.bit_length(value)
        is_short = bits <= MAX_NUMBER_BITS
        text = int.__repr__(value) if is_short else f"a number of {bits:,} bits"
        self.put(text if cls is int else f"{type_name(cls)}({text})", complete=is_short)

    def numbers(self, value: Any, cls: type) -> None:
        # Their own repr fails for numbers of more than 4,300 digits.
        if cls is range:
            name, parts = "range", [value.start, value.stop, value.step]
        else:
            name, parts = "Fraction", [value.numerator, value.denominator]
        self.put(f"{name}(")
        for comma, part in with_commas(parts):
            self.put(comma)
            self.write_scalar(part, type(part))
        self.put(")")

    def time_value(self, value: datetime.datetime | datetime.time) -> None:
        if value.tzinfo is None:
            self.put(repr(value))
        else:  # its repr would call the repr of the zone
            self.put(f"{value.replace(tzinfo=None)!r} in ")
            self.zone(value.tzinfo)

    def zone(self, value: Any) -> None:
        # Names and offsets may be instances of an application's subclasses.
        cls: type = type(value)
        if cls is zoneinfo.ZoneInfo and type(value.key) is str:
            self.put_limited(f"zoneinfo.ZoneInfo(key={value.key!r})")
        elif cls is datetime.timezone and all(
            type(part) in (datetime.timedelta, str) for part in value.__getinitargs__()
        ):
            self.put_limited(repr(value))
        else:
            self.opaque(cls)


def _consists_of_builtins(value: Any, cls: type) -> bool:
    if id(cls) in _PATHS:
        # Since Python 3.12, a path keeps the texts that it was made of.
        return all(type(part) is str for part in getattr(value, "_raw_paths", ()))
    if id(cls) in _NETWORKS:
        value = value.network_address
    elif id(cls) not in _ADDRESSES:
        return False
    return type(value._ip) is int and type(getattr(value, "_scope_id", None)) in _SCOPE_TYPES


_SCOPE_TYPES = (str, type(None))


def with_commas(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Pair each item with the comma in front of it, if any."""
    return ((", " if number else "", item) for number, item in enumerate(items))
