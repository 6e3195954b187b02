"""Values are bounded and harmless: no code runs, no markup breaks the page, no secret is shown."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import html
import uuid
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid_session_multi_debugtoolbar.limits import MAX_VALUE_CHARS
from pyramid_session_multi_debugtoolbar.safe.capture import PageBudget, capture
from pyramid_session_multi_debugtoolbar.safe.redaction import looks_secret
from pyramid_session_multi_debugtoolbar.safe.safe_repr import render
from pyramid_session_multi_debugtoolbar.safe.snapshot import entry_of, label_of


class Hostile:
    """A value whose methods all do harm."""

    def harm(self, *args):
        raise AssertionError("a session's own code ran")

    __repr__ = __str__ = __format__ = __html__ = __eq__ = __len__ = __iter__ = __bool__ = harm
    __getattr__ = __getitem__ = __call__ = __reduce_ex__ = __class_getitem__ = harm

    def __hash__(self):
        return 1

    @property
    def __class__(self):
        self.harm()


class HostileMeta(type):
    __repr__ = __str__ = __eq__ = __hash__ = Hostile.harm

    def __getattribute__(cls, name):
        Hostile().harm()


class HostileType(metaclass=HostileMeta):
    __repr__ = Hostile.harm


class HostileDict(dict):
    items = __iter__ = __len__ = __repr__ = __contains__ = keys = __getitem__ = Hostile.harm


class HostileList(list):
    __iter__ = __len__ = __repr__ = __getitem__ = Hostile.harm


class HostileStr(str):
    __slots__ = ()
    __html__ = __repr__ = __str__ = __len__ = __getitem__ = __iter__ = __format__ = Hostile.harm
    encode = isprintable = startswith = __add__ = Hostile.harm


class HostileInt(int):
    __repr__ = __str__ = __format__ = __index__ = bit_length = Hostile.harm


class HostileBytes(bytes):
    __repr__ = __len__ = __getitem__ = decode = Hostile.harm


class HostileZone(datetime.tzinfo):
    utcoffset = tzname = dst = __repr__ = Hostile.harm


# Created in the test: pytest itself would call some of their methods.
HOSTILE = {
    "object": Hostile,
    "metaclass": HostileType,
    "class": lambda: HostileType,
    "dict": lambda: HostileDict({"a": 1}),
    "list": lambda: HostileList([1]),
    "str": lambda: HostileStr("text"),
    "int": lambda: HostileInt(3),
    "bytes": lambda: HostileBytes(b"b"),
    "zone": lambda: datetime.datetime(2024, 1, 1, tzinfo=HostileZone()),
    "nested": lambda: [{"deep": (Hostile(), {Hostile(): HostileStr("x")})}],
    "deque": lambda: collections.deque([Hostile()]),
    "frozenset": lambda: frozenset([Hostile()]),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_code_of_a_value_is_called(kind):
    """For values and keys, hidden or not; the text is an exact str."""
    value = HOSTILE[kind]()
    assert type(render(value).text) is str
    assert type(render(value, hidden=True).text) is str
    assert capture({"key": value, "password": value}, PageBudget()).snapshot.key_count == 2


def test_other_objects_are_shown_as_their_type():
    """They may have changed: that cannot be determined."""
    display = render(Hostile())
    assert display.text == f"<{__name__}.Hostile>"
    assert not display.complete


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        ("a'b", '"a\'b"'),
        (b"b", "b'b'"),
        (-5, "-5"),
        (1.5, "1.5"),
        ((1,), "(1,)"),
        ({"a": [1, (2, 3)]}, "{'a': [1, (2, 3)]}"),
        ({3, 1, 2}, "set([1, 2, 3])"),
        (frozenset(), "frozenset([])"),
        (collections.OrderedDict(a=1), "collections.OrderedDict{'a': 1}"),
        (decimal.Decimal("1.20"), "Decimal('1.20')"),
        (uuid.UUID(int=1), "UUID('00000000-0000-0000-0000-000000000001')"),
        (datetime.date(2024, 2, 3), "datetime.date(2024, 2, 3)"),
        (PurePosixPath("/a"), "PurePosixPath('/a')"),
        (enum.IntEnum("Color", {"RED": 1})(1), f"{__name__}.Color(1)"),
    ],
)
def test_builtin_and_standard_values_are_shown_as_code(value, text):
    """A subclass is shown with its name."""
    assert render(value).text == text
    assert render(value).complete


def test_values_that_contain_themselves():
    """Rendering them ends."""
    itself = [1]
    itself.append({"again": itself})
    assert render(itself).text == "[1, {'again': [itself]}]"


DEEP = [[[[[[[["too deep"]]]]]]]]


@pytest.mark.parametrize(
    "value",
    ["x" * 10_000_000, b"x" * 10_000_000, list(range(500_000)), dict.fromkeys(range(500_000)),
     set(range(500_000)), 10**100_000, ["x" * 250] * 30, {"a": DEEP}, [[["x"] * 40] * 40] * 40],
    ids=["str", "bytes", "list", "dict", "set", "int", "texts", "deep", "wide"],
)  # fmt: skip
def test_values_are_bounded(value):
    """And then not compared completely."""
    display = render(value)
    assert len(display.text) < MAX_VALUE_CHARS + 400
    assert not display.complete
    assert not render(value, hidden=True).complete


def test_a_truncated_value_of_another_length_is_another_value():
    """The length is compared as well."""
    assert render("x" * 1000) != render("x" * 1001)


@pytest.mark.parametrize(
    "key",
    ["password", "user_password", "PASSWD", "pwd", "db.pw", "secret", "clientSecret", "token",
     "access-token", "oauthToken", "api_key", "apiKey", "APIKEY", "private key", "csrf", "_csrft_",
     "credentials", "Authorization", "sessionid", "session_id", "card_number", "pin", "userPIN",
     "otp", b"password"],
)  # fmt: skip
def test_keys_that_look_secret(key):
    """In any spelling."""
    assert looks_secret(key)


@pytest.mark.parametrize(
    "key",
    ["user", "shipping", "footprint", "author", "auth.userid", "keyboard", "language", "cart", "x",
     "opinion", "side", "company", 1, None, ("password",)],
)  # fmt: skip
def test_keys_that_do_not_look_secret(key):
    """Hiding too much makes the panel useless."""
    assert not looks_secret(key)


@pytest.mark.parametrize(
    "value",
    [{"password": "s3cr3t"}, {"a": [{"b": ({"api_key": ["s3cr3t"]},)}]}, [("token", "s3cr3t")],
     collections.defaultdict(dict, {"x": {"userPassword": b"s3cr3t"}}), ["password", "s3cr3t"]],
)  # fmt: skip
def test_secrets_are_hidden_at_any_depth(value):
    """Their type is shown, and a change is detected."""
    display = render(value)
    assert "s3cr3t" not in display.text
    assert "hidden" in display.text


def test_a_hidden_value_that_changes_is_another_value():
    """Although its text is the same."""
    one, other = render({"token": "aaa"}), render({"token": "bbb"})
    assert one.text == other.text
    assert one != other
    assert render("aaa", hidden=True) != render("bbb", hidden=True)
    assert render("aaa", hidden=True).text == "hidden (str, 3 characters)"


@pytest.mark.parametrize(
    "key", [1, None, (1, 2), b"k", 1.5, frozenset([1]), "\x00\u202e\n", "x" * 500]
)
def test_any_key_has_a_label(key):
    """One printable line, an exact str."""
    assert type(label_of(key)) is str
    assert label_of(key).isprintable()
    assert len(label_of(key)) < 150


def test_long_keys_are_distinguished():
    """By more than their visible part."""
    assert (
        len(capture({"x" * 500 + "a": 1, "x" * 500 + "b": 2}, PageBudget()).snapshot.entries) == 2
    )


def test_a_session_has_a_bounded_number_of_keys():
    """The others are counted."""
    snapshot = capture(dict.fromkeys(map(str, range(500_000))), PageBudget()).snapshot
    assert len(snapshot.entries) == 100
    assert snapshot.key_count == 500_000


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.datetimes() | st.decimals() | st.builds(HostileStr, st.text()) | st.builds(Hostile),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner)
    | st.dictionaries(st.integers() | st.none(), inner),
    max_leaves=30,
)  # fmt: skip


@given(ANYTHING)
def test_anything_can_be_shown(value):
    """Bounded, encodable, and equal if rendered twice."""
    display = render(value)
    assert type(display.text) is str
    assert len(display.text) < MAX_VALUE_CHARS + 1000
    display.text.encode()
    assert render(value) == display


def test_a_long_number_is_truncated():
    """It is marked as truncated: another may have the same digits."""
    display = render(decimal.Decimal("1" * 1000))
    assert display.text.endswith("… (1,011 characters)")
    assert not display.complete


@pytest.mark.parametrize(
    "value",
    [
        "", "a", "<&'\"\\" * 6, "x" * 31, "x" * 32, "\0" * 31, "\N{HEBREW LETTER ALEF}" * 31,
        0, -(10**19), 10**19, 10**21, True, False, None, 1.5, float("nan"), float("-inf"), b"b",
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["key", "<" * 31, "k" * 200, "password", "_csrft_", "_f_", 1])
def test_values_kept_as_they_are_render_the_same(key, value):
    """Rendered at once or later; and they take no more bytes than were counted."""
    room = PageBudget()
    session = capture({key: value}, room)
    identity, entry = entry_of(key, value, ["_csrft_"])
    assert session.snapshot.entries == {identity: entry}
    size = len(html.escape(entry.label).encode()) + len(html.escape(entry.value.text).encode())
    assert size <= PageBudget().remaining - room.remaining


def test_a_value_that_changes_type_has_changed():
    """Although Python calls the two equal."""
    before, after = (capture({"x": value}, PageBudget()).snapshot for value in (1, True))
    assert before != after
