"""The panel's folders follow the life of a request, and imports point one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pyramid_session_multi
import pyramid_session_multi_debugtoolbar
import pytest

SOURCE = Path(pyramid_session_multi_debugtoolbar.__file__).parent

# Each folder or file, and those that it may import.
MAY_IMPORT = {
    "limits": set(),
    "safe": {"limits"},
    "panel_errors": {"limits", "safe"},
    "cookies": {"safe", "limits"},
    "observe": {"cookies", "panel_errors", "safe", "limits"},
    "end": {"observe", "cookies", "safe", "limits"},
    "page": {"end", "observe", "cookies", "panel_errors", "safe", "limits"},
    "panel": {"page", "end", "observe", "panel_errors", "safe", "limits"},
    "__init__": {"panel", "observe"},
}


def _room(path):
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def _imports(path):
    """Every name that a file imports, as a tuple of the parts of its dotted name."""
    package = path.relative_to(SOURCE.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split(".")) if node.module else base
            for alias in node.names:
                yield (*module, alias.name)


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_imports_point_one_way(path):
    rooms = {name[1] for name in _imports(path) if name[0] == SOURCE.name}
    assert rooms - {_room(path)} <= MAY_IMPORT[_room(path)]


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_the_core_is_used_through_its_public_names(path):
    names = [name[1:] for name in _imports(path) if name[0] == "pyramid_session_multi"]
    assert {name[0] for name in names} <= set(pyramid_session_multi.__all__)
    assert all(len(name) == 1 for name in names)
