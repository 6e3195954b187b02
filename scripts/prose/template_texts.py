"""The prose of Mako templates: text, attributes that people read, comments and messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from text import CODE, Text, is_message

_MAKO_COMMENT = re.compile(r"(?m:^)[ \t]*##([^\n]*)|<%doc>(.*?)</%doc>", re.DOTALL)
_MAKO_TAG = re.compile(r"</?%[a-z][^>]*>")
_PYTHON = re.compile(
    r"<%!?\s.*?%>|(?m:^)[ \t]*%[^%\n][^\n]*"
    r"|(?P<expression>\$\{(?:[^{}\"']|\"[^\"]*\"|'[^']*'|\{[^{}]*\})*\})",
    re.DOTALL,
)
_STRING = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_FIELD = re.compile(r"\{[^}]*\}")

_INLINE = {"a", "abbr", "b", "br", "em", "i", "small", "span", "strong"}
_CODE_TAGS = {"code", "kbd", "pre", "script", "style"}
_READ_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}


def texts_of_template(content: str) -> Iterator[Text]:
    """The prose of a template, without its Python and its HTML."""
    for match in _MAKO_COMMENT.finditer(content):
        lines = map(str.strip, (match[1] or match[2] or "").splitlines())
        yield Text(_line(content, match.start()), "comment", "\n".join(lines))
    content = _MAKO_COMMENT.sub(_blank, content)
    for match in _PYTHON.finditer(content):
        for string in _STRING.finditer(match[0]):
            prose = string[1] or string[2] or ""
            if is_message(prose):
                line = _line(content, match.start() + string.start())
                yield Text(line, "message", _FIELD.sub(CODE, prose))
    page = _Page()
    page.feed(_MAKO_TAG.sub(_blank, _PYTHON.sub(_blank, content)))
    page.close()
    yield from page.texts


def _line(content: str, position: int) -> int:
    return content.count("\n", 0, position) + 1


def _blank(match: re.Match[str]) -> str:
    """The same number of lines."""
    code = CODE if match.groupdict().get("expression") else ""
    return code + "\n" * match[0].count("\n")


class _Page(HTMLParser):
    """Collects what a browser shows; inline tags do not end a text."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []
        self._line = 0
        self._parts: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _READ_ATTRIBUTES and value:
                self.texts.append(Text(self.getpos()[0], "message", value))
        if tag in _CODE_TAGS:
            self.handle_data(CODE)
            self._code += 1
        elif tag not in _INLINE:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        if tag in _CODE_TAGS:
            self._code -= 1
        elif tag not in _INLINE:
            self._end()

    def handle_data(self, data: str) -> None:
        if self._code:
            return
        if not self._parts:
            before = data[: len(data) - len(data.lstrip())]
            self._line = self.getpos()[0] + before.count("\n")
            data = data.lstrip()
        if data:
            self._parts.append(data)

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        lines = map(str.strip, "".join(self._parts).splitlines())
        self.texts.append(Text(self._line, "page", "\n".join(lines)))
        self._parts = []
