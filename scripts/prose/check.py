"""Checks the prose of pages, templates, docstrings, messages and comments with proselint.

``check.py [FILE...]`` checks these files, or those of the project. rules.py has the patterns.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import rules
from proselint.tools import LintFile
from texts import texts

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "*.md",
    "*.toml",
    ".*.yaml",
    ".ci/*",
    ".github/**/*.md",
    ".github/**/*.yml",
    ".gitignore",
    "conftest.py",
    "docs/*.md",
    "docs/*.py",
    "docs/*/*.md",
    "docs/examples/**/*.ini",
    "docs/examples/**/*.mako",
    "docs/examples/**/*.py",
    "packages/*/*.md",
    "packages/*/*.toml",
    "packages/**/*.dbtmako",
    "packages/**/*.py",
    "scripts/*",
    "scripts/**/*.py",
    "tests-integration/**/*.py",
    "tests-integration/**/*.toml",
)
# The built documentation; the linter and its tests, which quote the patterns.
_EXCLUDED = {"_build", "prose", "test_prose.py", "test_prose_of_other_files.py"}


def main(arguments: list[str]) -> int:
    paths = [Path(argument).resolve() for argument in arguments] or sorted(_files())
    rules.register()
    problems = [problem for path in paths for problem in _problems(path)]
    for problem in problems:
        print(problem)
    print(f"prose: {len(problems) or 'no'} problems in {len(paths)} files")
    return 1 if problems else 0


def _files() -> Iterator[Path]:
    for path in {path for pattern in FILES for path in ROOT.glob(pattern) if path.is_file()}:
        if not _EXCLUDED & set(path.relative_to(ROOT).parts):
            yield path


def _problems(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    for text in texts(path):
        for problem in LintFile(str(name), text.prose).lint(rules.config(text.kind)):
            line = text.line + problem.pos[0] - 1
            message = " ".join(problem.check_result.message.split())
            yield f"{name}:{line}: {message}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
