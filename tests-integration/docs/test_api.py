"""The reference documents every public name of the packages, and every fixture."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"

PAGES = {
    "pyramid_session_multi": "api.md",
    "pyramid_session_multi_debugtoolbar": "api.md",
    "pyramid_session_multi_testing": "fixtures.md",
}
PUBLIC = [(package, name) for package in PAGES for name in import_module(package).__all__]

# ``currentmodule`` stands for what is in front of the name.
DOCUMENTED = re.compile(r"^\.\. (?:auto\w+|py:data):: (?:([\w.]+)\.)?(\w+)$", re.MULTILINE)
MODULE = re.compile(r"^\.\. (?:currentmodule|py:module):: (\w+)$", re.MULTILINE)


def documented(page):
    text = (REFERENCE / page).read_text(encoding="utf-8")
    (module,) = MODULE.findall(text)
    return [(package or module, name) for package, name in DOCUMENTED.findall(text)]


@pytest.mark.parametrize(("package", "name"), PUBLIC)
def test_a_public_name_is_in_the_reference_once(package, name):
    assert documented(PAGES[package]).count((package, name)) == 1


@pytest.mark.parametrize(("package", "name"), PUBLIC)
def test_a_public_name_and_its_methods_have_docstrings(package, name):
    """Sphinx leaves out what has none."""
    thing = getattr(import_module(package), name)
    own = vars(thing).items() if isinstance(thing, type) else ()
    methods = {
        n: m for n, m in own if n[0] != "_" and (inspect.isfunction(m) or isinstance(m, property))
    }
    for what in {name: thing, **methods}.values():
        assert inspect.getdoc(what)


# Where a public function is called as a method: the first parameter is left out.
RECEIVERS = {
    "config.": "pyramid_session_multi.{}",
    "request.session_multi.": "pyramid_session_multi.SessionMultiManager.{}",
}


def actual_call(package, call):
    """A call as the page shows it, from the code: parameters and defaults, without types."""
    name = call.partition("(")[0]
    receiver = next(filter(name.startswith, RECEIVERS), "")
    path = RECEIVERS.get(receiver, package + ".{}").format(name.removeprefix(receiver))
    function = pkgutil.resolve_name(path)
    parameters = list(inspect.signature(function).parameters.values())[bool(receiver) :]
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
    return f"{name}{inspect.Signature(plain)}"


@pytest.mark.parametrize("package", ["pyramid_session_multi", "pyramid_session_multi_testing"])
def test_the_calls_at_the_top_of_the_reference_are_those_of_the_code(package):
    """For readers of the source, in which the directives show no parameters."""
    text = (REFERENCE / PAGES[package]).read_text(encoding="utf-8")
    calls = re.findall(r"^- `(.+\))`$", text.partition("```")[0], re.MULTILINE)
    assert len(calls) >= 3
    assert calls == [actual_call(package, call) for call in calls]


def test_every_fixture_is_in_the_reference():
    plugin = import_module("pyramid_session_multi_testing.plugin")
    fixtures = {
        name
        for name, value in vars(plugin).items()
        if type(value).__name__.startswith("Fixture") and not name.startswith("_")
    }
    assert len(fixtures) == 3
    in_plugin = {name for module, name in documented("fixtures.md") if module == plugin.__name__}
    assert in_plugin == fixtures
