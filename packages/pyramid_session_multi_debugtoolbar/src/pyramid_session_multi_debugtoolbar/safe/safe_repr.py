"""A session's values as bounded text, rendered without running the application's code.

``repr`` is called only for exact builtin and standard-library types whose ``repr`` runs no other
code. Containers are walked with their base classes' own methods. Any other value is rendered as
its type.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

from ..limits import MAX_DEPTH, MAX_ITEMS, MAX_STRING_CHARS, MAX_VALUE_STEPS
from .names import type_name
from .redaction import looks_secret
from .scalars import ScalarWriter, Truncated, with_commas

_PAIR = 2  # ('password', '...')

# Fingerprints of hidden values stay in the toolbar's history; without this key they are useless.
_KEY = os.urandom(16)


class DisplayValue(NamedTuple):
    """A value as a page shows it; equal for equal values.

    :ivar text: the text.
    :ivar fingerprint: represents the hidden parts.
    :ivar complete: true if text and fingerprint cover the whole value; if not, two values may
        differ although both are equal.
    """

    text: str
    fingerprint: bytes
    complete: bool


def render(value: object, *, hidden: bool = False) -> DisplayValue:
    """Render a value; a hidden one as its type and size."""
    if not hidden and type(value) is str and len(value) <= MAX_STRING_CHARS:  # most of them
        return DisplayValue(repr(value), b"", True)
    writer = _Writer(_Steps())
    writer.write_all(value, hidden=hidden)
    return writer.result()


class _OutOfSteps(Exception):
    """The value has too many parts."""


class _Steps:
    """The number of parts of one value that may still be written, which bounds the time."""

    def __init__(self) -> None:
        self.remaining: int = MAX_VALUE_STEPS

    def take(self) -> None:
        self.remaining -= 1
        self.check()

    def check(self) -> None:
        if self.remaining < 0:
            raise _OutOfSteps


class _Writer(ScalarWriter):
    def __init__(
        self, steps: _Steps, *, for_fingerprint: bool = False, in_set: bool = False
    ) -> None:
        super().__init__()
        self.for_fingerprint = for_fingerprint
        self.in_set = in_set
        self.fingerprint: list[bytes] = []
        self._steps = steps
        self._inside: set[int] = set()

    def result(self) -> DisplayValue:
        return DisplayValue("".join(self.parts), b"".join(self.fingerprint), self.complete)

    def write_all(self, value: Any, *, hidden: bool = False) -> None:
        try:
            if hidden:
                self.hide(value)
            else:
                self.write(value, 0)
        except (Truncated, _OutOfSteps):
            self.break_off()

    def break_off(self) -> None:
        self.parts.append("…")
        self.complete = False

    def write(self, value: Any, depth: int) -> None:
        self._steps.take()
        cls = type(value)
        try:
            if issubclass(cls, _CONTAINERS):
                self.container(value, cls, depth)
            else:
                self.write_scalar(value, cls)
        except (Truncated, _OutOfSteps):
            raise
        except Exception:  # noqa: BLE001 - half-built, or changed by another thread meanwhile
            self.opaque(cls)

    def hide(self, value: Any) -> None:
        cls = type(value)
        size = next((f", {unit[0](value):,} {unit[1]}" for base, unit in _SIZES.items()
                     if issubclass(cls, base)), "")  # fmt: skip
        writer = _Writer(self._steps, for_fingerprint=True)
        writer.write_all(value)
        text = writer.result().text.encode("utf-8", "surrogatepass")
        self.fingerprint.append(blake2b(text, key=_KEY, digest_size=16).digest())
        self.put(f"hidden ({type_name(cls)}{size})", complete=writer.complete)

    def container(self, value: Any, cls: type, depth: int) -> None:
        base = next(base for base in _CONTAINERS if issubclass(cls, base))
        opening, closing = _BRACKETS[base]
        length = base.__len__(value)
        prefix = "" if cls is base and opening else type_name(cls)
        opening, closing = opening or "([", closing or "])"
        if id(value) in self._inside:
            self.put(f"{prefix}{opening}itself{closing}")
            return
        members = self.set_members(value, base, depth) if base in _SETS else []
        if members is None or (depth >= MAX_DEPTH and length):
            self.put_truncated(f"{prefix}{opening}{length:,} inside{closing}")
            return
        self._inside.add(id(value))
        self.put(prefix + opening)
        if base in _SETS:
            self.rendered(members)
        elif base is dict:
            self.pairs(islice(dict.items(value), MAX_ITEMS), depth)
        else:
            self.items(list(islice(base.__iter__(value), MAX_ITEMS)), depth)
        if length > MAX_ITEMS:
            self.put_truncated(f", … {length - MAX_ITEMS:,} more")
        self.put("," + closing if base is tuple and length == 1 else closing)
        self._inside.discard(id(value))

    def set_members(self, value: Any, base: Any, depth: int) -> list[DisplayValue] | None:
        """The members of a set in a fixed order, since equal sets may iterate in different ones.

        ``None`` if there are too many: a selection of them would be random.
        """
        if depth >= MAX_DEPTH or base.__len__(value) > MAX_ITEMS:
            return None if base.__len__(value) else []
        try:
            return sorted(self.member_of_set(each, depth + 1) for each in base.__iter__(value))
        except _OutOfSteps:
            if self.in_set:  # the outermost set has too many
                raise
            return None

    def member_of_set(self, value: Any, depth: int) -> DisplayValue:
        writer = _Writer(self._steps, for_fingerprint=self.for_fingerprint, in_set=True)
        writer._inside = set(self._inside)
        try:
            writer.write(value, depth)
        except Truncated:
            writer.break_off()
        self._steps.check()  # a hidden value may have used them up
        return writer.result()

    def rendered(self, members: Iterable[DisplayValue]) -> None:
        for comma, member in with_commas(members):
            self.put(comma)
            self.fingerprint.append(member.fingerprint)
            self.put(member.text, complete=member.complete)

    def pairs(self, items: Iterable[tuple[Any, Any]], depth: int) -> None:
        for comma, (key, value) in with_commas(items):
            self.put(comma)
            self.write(key, depth + 1)
            self.put(": ")
            self.member(key, value, depth)

    def items(self, items: list[Any], depth: int) -> None:
        is_pair = len(items) == _PAIR and type(items[0]) is str and looks_secret(items[0])
        for number, (comma, item) in enumerate(with_commas(items)):
            self.put(comma)
            self.member(items[0] if is_pair and number else None, item, depth)

    def member(self, key: object, value: Any, depth: int) -> None:
        if not self.for_fingerprint and looks_secret(key):
            self.hide(value)
        else:
            self.write(value, depth + 1)


# The bases whose own methods are used, whatever a subclass overrides.
_BRACKETS: dict[Any, tuple[str, str]] = {
    dict: ("{", "}"),
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("", ""),  # an empty set has no brackets of its own
    frozenset: ("", ""),
    deque: ("", ""),
}
_CONTAINERS = tuple(_BRACKETS)
_SETS = (set, frozenset)
_SIZES: dict[type, tuple[Callable[[Any], int], str]] = {
    str: (str.__len__, "characters"),
    bytes: (bytes.__len__, "bytes"),
    **{base: (base.__len__, "items") for base in _BRACKETS},
}
