"""tests-integration/types says what type checkers make of every public name.

``scripts/hatch check types`` asks them.
"""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

TYPES = Path(__file__).parent / "types"
FILES = {
    "pyramid_session_multi": "core.py",
    "pyramid_session_multi_debugtoolbar": "debugtoolbar.py",
    "pyramid_session_multi_testing": "testing.py",
}


@pytest.mark.parametrize("package", FILES)
def test_the_type_of_every_public_name_is_said(package):
    tree = ast.parse((TYPES / FILES[package]).read_text())
    said = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == package
        for alias in node.names
    }
    assert said == set(import_module(package).__all__)


@pytest.mark.parametrize("package", FILES)
def test_the_type_of_every_public_attribute_is_said(package):
    tree = ast.parse((TYPES / FILES[package]).read_text())
    said = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    module = import_module(package)
    public = {
        f"{name}.{attribute}"
        for name in module.__all__
        if inspect.isclass(cls := getattr(module, name))
        for base in cls.__mro__
        if base.__module__.partition(".")[0] == package
        for attribute in vars(base)
        if not attribute.startswith("_")
    }
    assert public
    assert {name for name in public if name.partition(".")[2] not in said} == set()
