"""An exception shows its message, bounded and without possible secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid_session_multi_debugtoolbar.limits import MAX_MESSAGE_CHARS
from pyramid_session_multi_debugtoolbar.safe.error_text import error_text


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError("the backend is down"), "the backend is down"),
        (KeyError("absent"), "'absent'"),
        (OSError(), ""),
        (OSError(111, "Connection refused"), "[Errno 111] Connection refused"),
        (OSError("two\nlines\x00"), "two lines\\x00"),
        (OSError("at redis://user:pw@host:6379/0"), "at redis://…@host:6379/0"),
        (OSError("at redis://:p@ss/w@host"), "at redis://…@host"),
        (OSError("http://a.example/x failed"), "http://a.example/x failed"),
        (OSError("host=db password=pw user=me"), "host=db password=… user=me"),
        (OSError("{'password': 'p w', 'user': 'me'}"), "{'password': …, 'user': 'me'}"),
        (OSError("Authorization: Bearer abc, x=1"), "Authorization: …, x=1"),
        (OSError('api_key = "a b" and more'), "api_key = … and more"),
    ],
)
def test_the_message_is_one_line_without_secrets(error, message):
    """The userinfo of a url and the values of secret-looking keys are left out."""
    assert error_text(error).message == message
    assert error_text(error).type_name == type(error).__name__


def test_notes_belong_to_the_message():
    """They name the namespace that an exception came from."""
    error = OSError("down")
    error.add_note("while storing the session 'a'")
    assert error_text(error).message == "down; while storing the session 'a'"


@pytest.mark.parametrize("size", [1_000, 4_980, 10_000_000])
def test_a_long_message_is_truncated(size):
    """After hiding the secrets, so that no part of one remains."""
    message = error_text(OSError("x" * size + " redis://user:secret@host")).message
    assert len(message) == MAX_MESSAGE_CHARS + 1
    url = "redis://user:" + "p" * MAX_MESSAGE_CHARS + "@host"
    assert error_text(OSError(url)).message == "redis://…@host"


class Text(str):
    __slots__ = ()

    def __getitem__(self, index):
        raise AssertionError("code of the application ran")

    __len__ = __iter__ = split = __add__ = __html__ = __getitem__


class Foreign(Exception):
    def __str__(self):
        return Text("text")


class Failing(Exception):
    def __str__(self):
        raise OSError("no text")


class Hostile:
    def __repr__(self):
        raise AssertionError("code of the application ran")

    __str__ = __repr__


@pytest.mark.parametrize("cls", [ValueError, KeyError])
def test_arguments_are_rendered_like_values_of_a_session(cls):
    """Arguments of any size, without secrets, and without running their code."""
    assert error_text(cls(Hostile())).message == f"<{__name__}.Hostile>"
    assert error_text(cls("a", Hostile())).message == f"('a', <{__name__}.Hostile>)"
    assert "s3cr3t" not in error_text(cls({"password": "s3cr3t"})).message
    assert len(error_text(cls(["x" * 100] * 1_000_000)).message) == MAX_MESSAGE_CHARS + 1


def test_an_exception_can_have_no_text():
    """Its type is still shown, and its text is always an exact ``str``."""
    assert error_text(Failing()) == (f"{__name__}.Failing", "")
    assert type(error_text(Foreign()).message) is str
    odd = OSError("text")
    odd.__notes__ = [Text("note"), 5]
    assert error_text(odd).message == "text"


@given(st.text(), st.text(alphabet=st.characters(exclude_characters="@\n\r")))
def test_the_userinfo_of_a_url_is_never_shown(before, userinfo):
    """With any characters that can be part of a url."""
    userinfo = "".join(userinfo.split())
    message = error_text(OSError(f"{before} redis://SECRET{userinfo}@host")).message
    assert "SECRET" not in message
    assert message.isprintable()
