"""tests-integration/types says what type checkers make of every public name.

``scripts/hatch check types`` asks them.
"""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

TYPES = Path(__file__).parent / "types"
PAGE = Path(__file__).resolve().parents[1] / "docs/how-to/type-checking.md"
FILES = {
    "pyramid_session_multi": "core.py",
    "pyramid_session_multi_debugtoolbar": "debugtoolbar.py",
    "pyramid_session_multi_testing": "testing.py",
}


@pytest.mark.parametrize("package", FILES)
def test_the_type_of_every_public_name_is_checked(package):
    tree = ast.parse((TYPES / FILES[package]).read_text())
    said = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == package
        for alias in node.names
    }
    assert said == set(import_module(package).__all__)


@pytest.mark.parametrize("package", FILES)
def test_the_type_of_every_public_attribute_is_checked(package):
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


@pytest.mark.parametrize("name", ["shop_request.py", "typed_shop.py"])
def test_type_checkers_check_the_code_of_the_page(name):
    assert f"```python\n# {name}\n{(TYPES / 'how_to' / name).read_text()}```\n" in PAGE.read_text()


def test_type_checkers_find_the_mistakes_of_the_page():
    """A file ignores each by the name that the page gives; mypy reports comments without need."""
    ignored = (TYPES / "how_to/mistakes.py").read_text()
    rows = re.findall(r"^\| `(.*?)` \| `(.*?)` \|", PAGE.read_text(), re.MULTILINE)
    assert len(rows) == ignored.count("type: ignore")
    for code, error in rows:
        assert re.search(rf"{re.escape(code)}.*  # type: ignore\[{error}\]", ignored)
