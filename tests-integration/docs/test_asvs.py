"""``docs/reference/asvs.md`` has the items of chapters 3.3 and 7, and all findings of psessions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyramid_session_multi.scripts.findings import CHECKS

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "asvs.md").read_text(encoding="utf-8")
FINDINGS = (REFERENCE / "findings.md").read_text(encoding="utf-8")

SECTIONS = dict(re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", FINDINGS, re.DOTALL | re.MULTILINE))

LINK = re.compile(r"\[[^]]+\]\([^)]+\)")

# A section of version 5.0 and its number of items.
SIZES = {"3.3": 5, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 3, "7.6": 2}
ITEMS = [f"{section}.{n + 1}" for section, size in SIZES.items() for n in range(size)]

ROWS = {
    item: [cell.strip() for cell in row.split(" | ")]
    for item, row in re.findall(r"^\| (\d\.\d\.\d) \(L[123]\) \| (.*) \|$", PAGE, re.MULTILINE)
}


def test_each_item_of_both_chapters_has_a_row():
    """In the order of the standard."""
    assert list(ROWS) == ITEMS


@pytest.mark.parametrize("item", ITEMS)
def test_a_row_says_who_does_what(item):
    """The package, the command and the application; at least one of the first and last acts."""
    asks, package, command, application = ROWS[item]
    assert len(asks) > 10
    assert {package, application} != {"-"}
    assert command == "-" or "findings.md#" in command


@pytest.mark.parametrize("item", ITEMS)
def test_every_claim_has_a_link(item):
    """To the page that proves it, or that tells the application what to do."""
    _requirement, *claims = ROWS[item]
    assert [claim for claim in claims if claim != "-" and not LINK.search(claim)] == []


@pytest.mark.parametrize("finding", CHECKS)
def test_every_finding_is_on_the_page(finding):
    """In the row of the item that its own section begins with, if it is of these chapters."""
    rows = {item for item in ROWS if f"[{finding}](findings.md#{finding})" in ROWS[item][2]}
    assert rows
    named = re.findall(r"^ASVS (\d+\.\d+\.\d+)", SECTIONS[finding], re.MULTILINE)
    assert set(named) & set(ITEMS) <= rows


def test_every_finding_of_the_page_exists():
    """A finding that was renamed is renamed here."""
    assert set(re.findall(r"findings\.md#([\w-]+)", PAGE)) == set(CHECKS)
