"""The prose of a file, without its code, as texts with the line at which each begins."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from source_texts import PATTERNS, texts_of_source
from template_texts import texts_of_template
from text import CODE, Text, is_message

_CODE_IN_DOCSTRING = re.compile(r"(?::[\w:]+:)?(``?).+?\1", re.DOTALL)
_TEMPLATES = {".dbtmako", ".mako"}


def texts(path: Path) -> list[Text]:
    """The texts of a page, a template, a module, a shell script or a file of settings."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        found = _of_python(content)
    elif path.suffix in _TEMPLATES:
        found = texts_of_template(content)
    elif path.suffix in PATTERNS:
        found = texts_of_source(content, PATTERNS[path.suffix])
    else:
        found = _of_markdown(content)
    return [text for text in found if text.prose.strip()]  # proselint cannot read an empty one


def _of_markdown(content: str) -> Iterator[Text]:
    for token in MarkdownIt().enable("table").parse(content):
        if token.type == "inline" and token.map is not None:
            yield Text(token.map[0] + 1, "page", "".join(map(_prose_of, token.children or ())))


def _prose_of(token: Token) -> str:
    if token.type == "text":
        return token.content
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "image":
        return "".join(map(_prose_of, token.children or ()))
    return CODE if token.type in {"code_inline", "html_inline"} else ""


def _of_python(content: str) -> Iterator[Text]:
    strings = _Strings()
    strings.visit(ast.parse(content))
    yield from strings.texts
    yield from _comments(content)


def _comments(content: str) -> Iterator[Text]:
    """The comments; those on successive lines of their own are one text."""
    first, lines = 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type == tokenize.COMMENT:
            line, column = token.start
            continues = line == first + len(lines) and not token.line[:column].strip()
            if lines and not continues:
                yield Text(first, "comment", "\n".join(lines))
            if not continues:
                first, lines = line, []
            lines.append(token.string.lstrip("# "))
    if lines:
        yield Text(first, "comment", "\n".join(lines))


class _Strings(ast.NodeVisitor):
    """Collects the docstrings and the messages of a module."""

    def __init__(self) -> None:
        self.texts: list[Text] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            prose = _CODE_IN_DOCSTRING.sub(_without_code, node.value.value)
            lines = map(str.strip, prose.splitlines())
            self.texts.append(Text(node.lineno, "docstring", "\n".join(lines)))
        else:
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._add(node.lineno, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = (
            str(part.value) if isinstance(part, ast.Constant) else CODE for part in node.values
        )
        self._add(node.lineno, "".join(parts))

    def _add(self, line: int, prose: str) -> None:
        if is_message(prose):
            self.texts.append(Text(line, "message", prose))


def _without_code(match: re.Match[str]) -> str:
    return CODE + "\n" * match.group().count("\n")
