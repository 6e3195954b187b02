"""No value of a session takes unbounded time, hides others, or runs code."""

from __future__ import annotations

import datetime
import fractions
import ipaddress
import itertools
import pathlib
import uuid
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid_session_multi_debugtoolbar.limits import MAX_VALUE_CHARS, MAX_VALUE_STEPS
from pyramid_session_multi_debugtoolbar.safe.capture import PageBudget, capture
from pyramid_session_multi_debugtoolbar.safe.safe_repr import _Writer, render


def nested(depth):
    value = frozenset([1])
    for _ in range(depth):
        value = frozenset([value])
    return value


def tree(depth, width, path=()):
    if not depth:
        return path
    return frozenset(tree(depth - 1, width, (*path, n)) for n in range(width))


LARGE_SETS = {
    "nested": lambda: nested(20),
    "wide": lambda: tree(3, 30),
    "in a dict": lambda: {n: tree(2, 20) for n in range(40)},
    "in a hidden value": lambda: {"password": tree(2, 30)},
    "in a set of pairs": lambda: {("token", tree(2, n)) for n in range(30)},
    "long members": lambda: frozenset([("x" * 290,) * 9, ("y" * 290,) * 9]),
    "sets of lists": lambda: frozenset((n, *range(39)) for n in range(40)),
}


@pytest.mark.parametrize("kind", LARGE_SETS)
@pytest.mark.parametrize("hidden", [False, True])
def test_a_value_takes_a_bounded_number_of_steps(monkeypatch, kind, hidden):
    """Sets are sorted, and each member of a set can be a set again."""
    value, steps = LARGE_SETS[kind](), itertools.count()
    write = _Writer.write
    monkeypatch.setattr(_Writer, "write", lambda *args: (next(steps) and None) or write(*args))
    text = render(value, hidden=hidden).text
    assert len(text) <= MAX_VALUE_CHARS + 1
    assert next(steps) <= MAX_VALUE_STEPS + 100


MEMBERS = st.recursive(
    st.integers() | st.text(max_size=5) | st.tuples(st.just("password"), st.text(max_size=3)),
    lambda inner: st.frozensets(inner, max_size=12) | st.tuples(inner),
    max_leaves=20,
)


def reordered(value):
    """An equal value whose sets were filled in the opposite order."""
    if isinstance(value, frozenset):
        return frozenset(reversed([reordered(member) for member in value]))
    return tuple(map(reordered, value)) if isinstance(value, tuple) else value


@given(st.frozensets(MEMBERS, max_size=60))
def test_equal_sets_have_the_same_text(value):
    """In any order of insertion, whether or not all of their members are shown."""
    assert render(reordered(value)) == render(value)


def test_large_equal_sets_have_the_same_text():
    """Numbers with the same hash are iterated in the order of insertion."""
    members = [n * (2**61 - 1) for n in range(200)]
    one, other = {*members}, {*members[::-1]}
    assert list(one) != list(other)
    assert render(one) == render(other)
    assert render(one).text == "set([200 inside])"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (fractions.Fraction(10**5000, 3), "Fraction(a number of 16,610 bits, 3)"),
        (fractions.Fraction(1, 3), "Fraction(1, 3)"),
        (range(10**5000), "range(0, a number of 16,610 bits, 1)"),
        (range(3), "range(0, 3, 1)"),
    ],
)
def test_large_numbers_are_measured(value, text):
    """Their own ``repr`` raises: Python prints no number of more than 4,300 digits."""
    display = render(value)
    assert display.text == text
    assert display.complete is ("bits" not in text)


@pytest.mark.parametrize(
    "cls", [uuid.UUID, ipaddress.IPv4Address, ipaddress.IPv6Network, fractions.Fraction]
)
def test_a_half_built_value_hides_no_other(cls):
    """Its ``repr`` raises, like that of a list which another thread changes meanwhile."""
    snapshot = capture({"bad": [object.__new__(cls)], "good": "seen"}, PageBudget()).snapshot
    texts = [entry.value.text for entry in snapshot.entries.values()]
    assert texts == [f"[<{cls.__module__}.{cls.__name__}>]", "'seen'"]


# The application's own code inside a value of the standard library.


def harm(*args, **options):
    raise AssertionError("a session's own code ran")


class Number(int):
    __repr__ = __str__ = __format__ = __index__ = to_bytes = __mod__ = harm


class Text(str):
    __slots__ = ()
    armed = False

    def __getattribute__(self, name):
        return harm() if type(self).armed else super().__getattribute__(name)

    def __getitem__(self, index):
        return harm() if type(self).armed else super().__getitem__(index)

    def __str__(self):
        return self

    def __repr__(self):
        harm()


class Offset(datetime.timedelta):
    __repr__ = __str__ = harm


class Zone(zoneinfo.ZoneInfo):
    __repr__ = __str__ = harm


class Timezone(datetime.tzinfo):
    __repr__ = utcoffset = tzname = dst = harm


class OwnFraction(fractions.Fraction):
    __repr__ = __str__ = harm


def fraction_of(number):
    fraction = fractions.Fraction(1, 2)
    fraction._numerator = number
    return fraction


FOREIGN_CODE = {
    "a timezone's offset": lambda: datetime.timezone(Offset(hours=1)),
    "a timezone's name": lambda: datetime.timezone(datetime.timedelta(hours=1), Text("name")),
    "a datetime's zone": lambda: datetime.datetime(2024, 1, 1, tzinfo=Timezone()),
    "a time's zone": lambda: datetime.time(1, tzinfo=datetime.timezone(Offset(hours=1))),
    "a ZoneInfo": lambda: Zone("Europe/Berlin"),
    "a ZoneInfo's key": lambda: zoneinfo.ZoneInfo.no_cache(Text("Europe/Berlin")),
    "a Fraction": lambda: OwnFraction(1, 2),
    "a Fraction's number": lambda: fraction_of(Number(1)),
    "an address's number": lambda: ipaddress.IPv4Address(Number(1)),
    "an IPv6 address's number": lambda: ipaddress.IPv6Address(Number(1)),
    "a path's text": lambda: pathlib.PurePosixPath(Text("a/b")),
}


@pytest.mark.parametrize("kind", FOREIGN_CODE)
def test_no_code_inside_a_standard_value_is_called(monkeypatch, kind):
    """For all methods that an application's subclass overrides, at any depth."""
    value = FOREIGN_CODE[kind]()
    monkeypatch.setattr(Text, "armed", True)
    for each in (value, [value], {"password": value}):
        assert type(render(each).text) is str


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.UTC, "datetime.timezone.utc"),
        (
            datetime.timezone(datetime.timedelta(hours=1), "name"),
            "datetime.timezone(datetime.timedelta(seconds=3600), 'name')",
        ),
        (
            datetime.datetime(2024, 1, 2, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
            "datetime.datetime(2024, 1, 2, 0, 0) in zoneinfo.ZoneInfo(key='Europe/Berlin')",
        ),
        (ipaddress.ip_address("fe80::1%eth0"), "IPv6Address('fe80::1%eth0')"),
        (ipaddress.ip_network("10.0.0.0/8"), "IPv4Network('10.0.0.0/8')"),
        (ipaddress.ip_interface("10.0.0.1/8"), "IPv4Interface('10.0.0.1/8')"),
        (pathlib.PureWindowsPath("a"), "PureWindowsPath('a')"),
    ],
)
def test_standard_values_are_shown_completely(value, text):
    """So that every change of them is detected."""
    assert render(value).text == text
    assert render(value).complete
