"""The READMEs show an application: it runs, word for word."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from pyramid.config import Configurator
from pyramid_session_multi import ISessionMultiManagerConfig
from webtest import TestApp

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "packages/pyramid_session_multi/README.md"]


def _blocks(readme, language):
    return re.findall(rf"^```{language}\n(.*?)^```", readme.read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("readme", READMES, ids=["root", "core"])
def test_the_usage_example_counts_visits(readme):
    """The public session counts, and the account exists on https only."""
    (example,) = _blocks(readme, "python")
    names = {}
    exec(compile(example, str(readme), "exec"), names)  # that is the promise
    browser = TestApp(names["main"]({}, session_secret="a-secret" * 8))
    assert browser.get("/").text == "1 visits, None"
    assert browser.get("/").text == "2 visits, None"
    assert browser.get("https://localhost/").text == "3 visits, {}"


def test_the_root_readme_names_commands_that_exist():
    """The two commands of the first screen, and those for working on it."""
    commands = re.findall(r"^(?:\| `)?(scripts/[a-z-]+)", READMES[0].read_text(), re.MULTILINE)
    assert {"scripts/demo", "scripts/test"} <= set(commands)
    for command in commands:
        assert (ROOT / command).is_file(), command


def test_the_ini_example_registers_two_namespaces():
    """With one line of code, ``config.include``."""
    (example,) = _blocks(READMES[1], "ini")
    parser = ConfigParser(
        defaults={"session_secret": "a-secret" * 8, "account_secret": "another-" * 8}
    )
    parser.read_string(f"[app:main]\n{example}")
    config = Configurator(settings=dict(parser["app:main"]))
    config.include("pyramid_session_multi")
    app = config.make_wsgi_app()
    namespaces = app.registry.getUtility(ISessionMultiManagerConfig)
    assert namespaces.namespaces == ["public", "account"]
