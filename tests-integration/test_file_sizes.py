"""Files and functions are short enough to be read at once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MAX_SOURCE_LINES = 220
MAX_TEST_LINES = 400
MAX_FUNCTION_LINES = 36  # of code: without docstring, comments and blank lines


def files(*patterns):
    """Python files, as paths from the root."""
    return sorted(
        path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern)
    )


SOURCES = files("packages/*/src/**/*.py", "docs/examples/*.py", "docs/examples/shop/**/*.py")
SOURCES += files("scripts/**/*.py")
TESTS = files("conftest.py", "packages/*/tests/**/*.py", "tests-integration/**/*.py")
TESTS += files("docs/examples/tests/**/*.py")


def line_count(file):
    return len((ROOT / file).read_text(encoding="utf-8").splitlines())


def code_lines(function, lines):
    """The lines of a function without its docstring, comments and blank lines."""
    docstring = range(0)
    if ast.get_docstring(function, clean=False) is not None:
        docstring = range(function.body[0].lineno, function.body[0].end_lineno + 1)
    numbered = enumerate(lines[function.lineno - 1 : function.end_lineno], start=function.lineno)
    code = [line.strip() for number, line in numbered if number not in docstring]
    return [line for line in code if line and not line.startswith("#")]


@pytest.mark.parametrize("file", SOURCES)
def test_no_source_file_is_too_long(file):
    """A file has one subject."""
    assert line_count(file) <= MAX_SOURCE_LINES


@pytest.mark.parametrize("file", TESTS)
def test_no_test_file_is_too_long(file):
    """A file of tests has one subject as well."""
    assert line_count(file) <= MAX_TEST_LINES


@pytest.mark.parametrize("file", SOURCES)
def test_no_function_is_too_long(file):
    """A function fits on a screen."""
    text = (ROOT / file).read_text(encoding="utf-8")
    lengths = {
        node.name: len(code_lines(node, text.splitlines()))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: n for name, n in lengths.items() if n > MAX_FUNCTION_LINES} == {}


def test_all_files_are_checked():
    """Every Python file of the project, except those in folders of tools and environments."""
    below = {"packages", "docs", "tests-integration", "scripts"}
    every = {
        path.relative_to(ROOT).as_posix()
        for folder in below
        for path in (ROOT / folder).rglob("*.py")
        if "_build" not in path.parts
    }
    assert every - {*SOURCES, *TESTS} == {"docs/conf.py"}
