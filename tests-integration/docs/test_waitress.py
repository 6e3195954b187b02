"""Every waitress in the READMEs and in ``docs/`` limits the headers of a request."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *ROOT.glob("packages/*/README.md"),
    *(page for page in ROOT.glob("docs/**/*.md") if "_build" not in page.parts),
]


def _waitress_sections(page):
    for token in MarkdownIt().parse(page.read_text()):
        if token.type == "fence" and "egg:waitress" in token.content:
            parser = ConfigParser(interpolation=None)
            parser.read_string(token.content)
            sections = [parser[name] for name in parser.sections()]
            yield from (each for each in sections if "egg:waitress" in each.get("use", ""))


SECTIONS = [
    pytest.param(section, id=f"{page.relative_to(ROOT)}-{number}")
    for page in sorted(PAGES)
    for number, section in enumerate(_waitress_sections(page))
]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_waitress_limits_the_headers(section):
    """By default 256 kB are allowed, and a long ``Cookie`` header blocks the process."""
    assert section.get("max_request_header_size") == "8192"


def test_the_sections_are_found():
    """As many as the pages name."""
    assert len(SECTIONS) == sum(page.read_text().count("use = egg:waitress") for page in PAGES) > 0
