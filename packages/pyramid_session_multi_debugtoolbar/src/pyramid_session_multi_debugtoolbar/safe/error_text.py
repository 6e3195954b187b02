"""The type and message of an exception, bounded, with possible secrets hidden."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..limits import MAX_MESSAGE_CHARS, MAX_SEARCHED_CHARS
from .names import printable, type_name
from .redaction import looks_secret
from .safe_repr import render

_USERINFO = re.compile(r"://\S*@")
_ASSIGNMENT = re.compile(
    r"""(?P<key>[\w.-]+)(?P<sign>["']?\s*[=:]\s*)"""
    r"""(?P<value>"[^"]*"?|'[^']*'?|(?:(?:Bearer|Basic)\s+)?[^\s,;&"']+)"""
)


class ErrorText(NamedTuple):
    """An exception as a page can show it.

    :ivar message: its text in one line; empty if it has no text.
    """

    type_name: str
    message: str


def error_text(error: BaseException) -> ErrorText:
    """Describe an exception, with its notes."""
    try:
        notes = [note for note in getattr(error, "__notes__", ()) if type(note) is str]
        parts = [str.__getitem__(_own_text(error), slice(0, MAX_SEARCHED_CHARS)), *notes]
        text = "; ".join(parts)
    except Exception:  # noqa: BLE001 - the exception's own methods may fail
        text = ""
    return ErrorText(type_name(type(error)), printable(_redact(text), MAX_MESSAGE_CHARS))


def _own_text(error: BaseException) -> str:
    own_str, args = type(error).__str__, error.args
    if len(args) == 1 and type(args[0]) is str and own_str is BaseException.__str__:
        return args[0]
    if args and own_str in (BaseException.__str__, KeyError.__str__):
        # Arguments of any size, and with a repr of their own: a whole session, for example.
        return render(args[0] if len(args) == 1 else args).text
    return str(error)


def _redact(text: str) -> str:
    # Before the text is truncated, so that no secret is separated from its key.
    text = _USERINFO.sub("://…@", text[:MAX_SEARCHED_CHARS])
    return _ASSIGNMENT.sub(_hide_value, " ".join(text.split()))


def _hide_value(match: re.Match[str]) -> str:
    hidden = match["key"] + match["sign"] + "…"
    return hidden if looks_secret(match["key"]) else match[0]
