"""``docs/reference/promises.md`` names the tests that keep each promise: they exist, and run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TEST_ID = re.compile(r"`(?P<path>[\w./-]+\.py)::(?P<names>\w+(?:::\w+)*)`")


def _rows():
    """Promise and tests of each row; a table begins with a heading and a line of dashes."""
    lines = (ROOT / "docs" / "reference" / "promises.md").read_text(encoding="utf-8").splitlines()
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("|")]
    rules = {index for index, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    for index, row in enumerate(cells):
        if index not in rules and index + 1 not in rules:
            yield row


ROWS = list(_rows())

TEST_IDS = sorted({match[1:-1] for row in ROWS for match in re.findall(r"`[^`]+`", row[-1])})

FILES = sorted({test_id.partition("::")[0] for test_id in TEST_IDS})

# What lets pytest pass over a test, or over its failure.
SKIPS = {"skip", "skipif", "importorskip", "xfail"}


def test_the_table_is_read():
    """Else nothing below is tested."""
    assert ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_every_promise_names_a_test(row):
    """Two cells: the promise, and the tests that keep it."""
    promise, tests = row
    assert promise.strip()
    assert TEST_ID.search(tests)


@pytest.mark.parametrize("test_id", TEST_IDS)
def test_a_test_that_is_named_exists(test_id):
    """A function in the file, or in a class of it."""
    match = TEST_ID.fullmatch(f"`{test_id}`")
    assert match, "path/to/test_file.py::test_name"
    body = ast.parse((ROOT / match["path"]).read_text(encoding="utf-8")).body
    *classes, function = match["names"].split("::")
    for name in classes:
        (body,) = [
            node.body for node in body if isinstance(node, ast.ClassDef) and node.name == name
        ]
    assert function in {node.name for node in body if isinstance(node, ast.FunctionDef)}
    assert function.startswith("test_")


@pytest.mark.parametrize("file", FILES)
def test_no_test_that_is_named_can_be_skipped(file):
    """Nor any other in its file. Only a fixture of a conftest may skip; see below."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert _names(tree) & SKIPS == set()


CONFTESTS = {folder / "conftest.py" for file in FILES for folder in Path(file).parents}


@pytest.mark.parametrize("file", sorted(str(file) for file in CONFTESTS if (ROOT / file).exists()))
def test_without_a_server_tests_are_skipped_by_hand_only(file):
    """A missing Redis or Chromium is a failure if ``CI`` is set."""
    text = (ROOT / file).read_text(encoding="utf-8")
    refused = 'pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)'
    assert _names(ast.parse(text.replace(refused, ""))) & SKIPS == set()


def _names(tree):
    """The names that are used, with a module in front of them or without."""
    nodes = list(ast.walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.id for node in nodes if isinstance(node, ast.Name)
    }
