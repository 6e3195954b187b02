"""The type and message of an exception, bounded and without what looks like a secret."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..limits import MAX_MESSAGE_CHARS
from .names import printable, type_name
from .redaction import looks_secret

# Searched before the text is cut, so that no secret is cut off from what gives it away.
_MAX_SEARCHED_CHARS = 5_000

_USERINFO = re.compile(r"://\S*@")
_ASSIGNMENT = re.compile(
    r"""(?P<key>[\w.-]+)(?P<sign>["']?\s*[=:]\s*)"""
    r"""(?P<value>"[^"]*"?|'[^']*'?|(?:(?:Bearer|Basic)\s+)?[^\s,;&"']+)"""
)


class ErrorText(NamedTuple):
    """An exception as a page can show it.

    :ivar message: its text in one line; empty if it has none.
    """

    type_name: str
    message: str


def error_text(error: BaseException) -> ErrorText:
    """Describe an exception, with its notes."""
    try:
        notes = [note for note in getattr(error, "__notes__", ()) if type(note) is str]
        parts = [str.__getitem__(str(error), slice(0, _MAX_SEARCHED_CHARS)), *notes]
        text = "; ".join(parts)
    except Exception:  # noqa: BLE001 - the exception's own methods may fail
        text = ""
    return ErrorText(type_name(type(error)), printable(_redact(text), MAX_MESSAGE_CHARS))


def _redact(text: str) -> str:
    text = _USERINFO.sub("://…@", text[:_MAX_SEARCHED_CHARS])
    return _ASSIGNMENT.sub(_hide_value, " ".join(text.split()))


def _hide_value(match: re.Match[str]) -> str:
    hidden = match["key"] + match["sign"] + "…"
    return hidden if looks_secret(match["key"]) else match[0]
