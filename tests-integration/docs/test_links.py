"""Links lead somewhere: those into this repository to a file and a heading that are there.

Those of the packages' READMEs are absolute, as these are shown on the package index as well, where
a relative one leads nowhere. They name the branch ``main``: its pages are there before a release is
tagged, and are those that the tests of its READMEs have seen.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = {
    file.parent.name: tomllib.loads(file.read_text())["project"]
    for file in sorted(ROOT.glob("packages/*/pyproject.toml"))
}
ON_THE_INDEX = [ROOT / "packages" / name / "README.md" for name in PROJECTS]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob(".github/**/*.md")),
    *ON_THE_INDEX,
    *(page for page in sorted(ROOT.glob("docs/**/*.md")) if "_build" not in page.parts),
]

(SOURCE,) = {project["urls"]["Source"] for project in PROJECTS.values()}
RAW = SOURCE.replace("https://github.com/", "https://raw.githubusercontent.com/")
IN_THE_REPOSITORY = re.compile(rf"(?:{SOURCE}/(?:blob|tree)|{RAW})/main/(.+)")

# What runs on a reader's machine.
READERS_OWN = {"localhost", "127.0.0.1"}


class Link(NamedTuple):
    """A link, or a picture."""

    page: Path
    target: str
    picture: bool = False

    def __str__(self):
        return f"{name_of(self.page)}: {self.target}"


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def links(page) -> Iterator[Link]:
    text = page.read_text(encoding="utf-8")
    for token in MarkdownIt().enable("table").parse(text):
        for inner in token.children or ():
            if inner.type == "link_open":
                yield Link(page, inner.attrs["href"])
            elif inner.type == "image":
                yield Link(page, inner.attrs["src"], picture=True)


def headings(page):
    """Their anchors, as GitHub and MyST make them."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    seen = Counter()
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open":
            text = "".join(inner.content for inner in content.children)
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            yield f"{slug}-{seen[slug]}" if seen[slug] else slug
            seen[slug] += 1


def problem(link):
    """The problem with a link; ``None`` if it works."""
    url = urlsplit(link.target)
    if not url.scheme and not url.netloc:
        return missing((link.page.parent / unquote(url.path)) if url.path else link.page, url)
    if url.scheme == "http" and url.hostname in READERS_OWN:
        return None
    if url.scheme != "https" or "." not in (url.hostname or "") or re.search(r"\s", link.target):
        return "is not an https address"
    own = IN_THE_REPOSITORY.fullmatch(link.target.partition("#")[0])
    return missing(ROOT / unquote(own[1]), url) if own else None


def missing(target, url):
    target = target.resolve()
    if not target.is_relative_to(ROOT) or not target.exists():
        return "there is no such file"
    if url.fragment and url.fragment not in (headings(target) if target.suffix == ".md" else ()):
        return "there is no such heading"
    return None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    assert [f"{link} {problem(link)}" for link in links(page) if problem(link)] == []


@pytest.mark.parametrize("page", ON_THE_INDEX, ids=name_of)
def test_the_readmes_of_the_packages_hold_on_the_index(page):
    """Links are absolute, pictures come as pictures, and the readers find their way further."""
    page_links = list(links(page))
    assert [str(link) for link in page_links if not link.target.startswith("https://")] == []
    pictures = [link.target for link in page_links if link.picture]
    assert all(target.startswith(f"{RAW}/main/") for target in pictures)
    assert any(IN_THE_REPOSITORY.fullmatch(link.target.partition("#")[0]) for link in page_links)


@pytest.mark.parametrize("name", PROJECTS)
def test_the_addresses_of_a_package_lead_somewhere(name):
    """The index shows them next to its README."""
    project = PROJECTS[name]
    page = ROOT / "packages" / name / project["readme"]
    assert page in ON_THE_INDEX
    page_links = [Link(page, address) for address in project["urls"].values()]
    assert [f"{link} {problem(link)}" for link in page_links if problem(link)] == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("README.md#packages", None),
        (f"{SOURCE}/blob/main/docs/explanation/security.md#logging-out-invalidate", None),
        ("https://trypyramid.com", None),
        ("http://localhost:6543/", None),
        ("NO-README.md", "there is no such file"),
        ("../elsewhere.md", "there is no such file"),
        ("README.md#packages-not", "there is no such heading"),
        (f"{SOURCE}/blob/main/docs/nothing.md", "there is no such file"),
        (f"{RAW}/main/docs/images/nothing.png", "there is no such file"),
        ("http://trypyramid.com", "is not an https address"),
        ("https://trypyramid", "is not an https address"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(target, expected):
    assert problem(Link(ROOT / "README.md", target)) == expected
