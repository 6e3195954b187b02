"""The prose of shell scripts and of YAML, TOML and .ini files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from text import CODE, Text, is_message

# A comment in a line of its own may continue in the next one.
_COMMENTS = r"(?m:^)(?P<comments>[ \t]*{mark}[^\n]*(?:\n[ \t]*{mark}[^\n]*)*)"
_HASH = _COMMENTS.format(mark="#(?!!)")
_AFTER_CODE = r"|(?<=[ \t])(?P<comment>#[^\n]*)"
_QUOTED = r"""|"(?P<double>(?:\\(?s:.)|[^"\\])*)"|(?<!\w)'(?P<single>[^']*)'"""
_ESCAPED = r"|(?P<escaped>\\.)"
_EXPANSION = r"|(?P<expansion>\$\{[^}\n\"']*\})"
# A value of YAML, with the indented lines that follow: it ends before a comment.
_VALUE = r"|(?<=[\w\"]: )(?P<value>(?![>|\"'&*\[{])[^\n]*?)(?=\s#|\n|\Z)"
_FOLDED = r"|: [>|][-+]?\n(?P<folded>(?P<indent>[ ]+)[^\n]*(?:\n(?P=indent)[^\n]*)*)"

_SHELL = re.compile(_HASH + _ESCAPED + _EXPANSION + _AFTER_CODE + _QUOTED)
_TOML = re.compile(_HASH + _AFTER_CODE + _QUOTED)
_YAML = re.compile(_HASH + _FOLDED + _AFTER_CODE + _QUOTED + _VALUE)
_INI = re.compile(_COMMENTS.format(mark="[#;]"))
PATTERNS = {".toml": _TOML, ".yml": _YAML, ".yaml": _YAML, ".ini": _INI, "": _SHELL, ".sh": _SHELL}

# A shell script begins with the line that names its shell.
_HEAD = 2

_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\w+|\$\([^)]*\)|`[^`]*`")


def texts_of_source(content: str, pattern: re.Pattern[str]) -> Iterator[Text]:
    """The comments, and the strings that are long enough to be messages."""
    for match in pattern.finditer(content):
        name = match.lastgroup
        prose = match[name] if name else ""
        line = content.count("\n", 0, match.start(name or 0)) + 1
        if name in {"comments", "comment"}:
            lines = (part.lstrip("#; \t") for part in prose.splitlines())
            # The comment at the head of a file describes it, as a docstring does.
            kind = "docstring" if line <= _HEAD else "comment"
            yield Text(line, kind, _VARIABLE.sub(CODE, "\n".join(lines)))
        elif name not in {"escaped", "expansion"} and is_message(prose):
            lines = map(str.strip, prose.splitlines())
            yield Text(line, "message", _VARIABLE.sub(CODE, "\n".join(lines)))
