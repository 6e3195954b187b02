"""Imports point one way, and the other packages use only public names."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from importlib.util import find_spec, resolve_name
from pathlib import Path

import pyramid_session_multi
import pytest

# Each line imports from the lines below it. The names on one line do not import each other.
LAYERS = """
    __init__  debugtoolbar
    scripts
    config
    request
    authentication  csrf
    registry  request_session
    libraries
    dotted_names  exceptions  keep
    messages  interfaces  discriminators
"""

CORE = "pyramid_session_multi"
COMPANIONS = ["pyramid_session_multi_debugtoolbar", "pyramid_session_multi_testing"]

LAYER_OF = {
    part: height
    for height, line in enumerate(reversed(LAYERS.split("\n")))
    for part in line.split()
}


def modules(package):
    """The parsed modules of an installed package, by their dotted names."""
    root = Path(find_spec(package).origin).parent
    for path in root.rglob("*.py"):
        parts = path.relative_to(root.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, parts[-1] == "__init__", ast.parse(path.read_text(encoding="utf-8"))


def imports(name, is_package, tree):
    """The modules and names that a module imports, in functions and for type checkers as well."""
    package = name if is_package else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{base}.{alias.name}" for alias in node.names)


CORE_MODULES = {name: (is_package, tree) for name, is_package, tree in modules(CORE)}


def _module_of(imported):
    """The core's module that a dotted name is, or is in."""
    while imported and imported not in CORE_MODULES:
        imported = imported.rpartition(".")[0]
    return imported


IMPORTS = {
    name: {module for imported in imports(name, *parsed) if (module := _module_of(imported))}
    for name, parsed in CORE_MODULES.items()
}


def part_of(module):
    """The top-level folder or file of the core that contains a module."""
    return module.split(".")[1] if "." in module else "__init__"


@pytest.mark.parametrize("module", sorted(IMPORTS))
def test_a_module_imports_from_its_own_folder_or_a_lower_layer(module):
    """See the table of layers."""
    part = part_of(module)
    others = {part_of(imported) for imported in IMPORTS[module]} - {part}
    assert {other for other in others if LAYER_OF[other] >= LAYER_OF[part]} == set()


def test_no_module_imports_itself_by_way_of_others():
    """Lazy imports count as well: they would hide a cycle."""
    TopologicalSorter(IMPORTS).prepare()


def test_every_folder_has_a_layer():
    """And every layer exists."""
    assert {part_of(module) for module in IMPORTS} == LAYER_OF.keys()


@pytest.mark.parametrize("package", COMPANIONS)
def test_the_other_packages_import_public_names_only(package):
    """Names that are not public may change in any release."""
    public = {f"{CORE}.{name}" for name in pyramid_session_multi.__all__}
    used = {
        imported
        for module in modules(package)
        for imported in imports(*module)
        if imported.split(".")[0] == CORE
    }
    assert used
    assert used - public == set()


def test_the_core_imports_neither_of_them():
    """Only ``debugtoolbar`` refers to the panel, by its dotted name."""
    used = {
        i.split(".")[0] for name, parsed in CORE_MODULES.items() for i in imports(name, *parsed)
    }
    assert used & {*COMPANIONS, "pyramid_debugtoolbar", "pytest", "webtest"} == set()
