"""The READMEs show an application and commands: they run, word for word."""

from __future__ import annotations

import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from pyramid.config import Configurator
from pyramid.paster import get_app
from pyramid_session_multi import ISessionMultiManagerConfig
from webtest import TestApp

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "packages"
README, CORE = ROOT / "README.md", PACKAGES / "pyramid_session_multi/README.md"
PANEL = PACKAGES / "pyramid_session_multi_debugtoolbar/README.md"
TESTING = PACKAGES / "pyramid_session_multi_testing/README.md"
FIRST_PAGE = ROOT / "docs/index.md"


def _blocks(readme, language):
    return re.findall(rf"^```{language}\n(.*?)^```", readme.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The application of a README's two files, as ``pserve`` loads it."""

    def load(readme):
        (code,), (ini, *_) = _blocks(readme, "python"), _blocks(readme, "ini")
        (tmp_path / "app.py").write_text(code)
        (tmp_path / "development.ini").write_text(ini)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "app", raising=False)
        return TestApp(get_app(str(tmp_path / "development.ini")))

    yield load
    sys.modules.pop("app", None)


@pytest.mark.parametrize("readme", [README, CORE, PANEL], ids=["root", "core", "panel"])
def test_the_example_counts_visits_and_has_the_account_on_https_only(example, readme):
    browser = example(readme)
    assert "Visit 1, account: None" in browser.get("/").text
    assert "Visit 2, account: None" in browser.get("/").text
    assert "Visit 3, account: {}" in browser.get("https://localhost/").text


@pytest.mark.parametrize("readme", [README, PANEL], ids=["root", "panel"])
def test_the_example_has_the_panel(example, readme):
    browser = example(readme)
    browser.get("/", extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    toolbar = browser.get("/_debug_toolbar/", extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    assert "SessionMulti" in toolbar.maybe_follow().text


@pytest.mark.parametrize("page", [FIRST_PAGE, CORE, PANEL, TESTING], ids=lambda p: p.parent.name)
def test_what_the_root_readme_shows_is_the_same_elsewhere(page):
    """docs/index.md and each package's README install the same way."""
    (install,) = _blocks(page, "shell")
    assert install == _blocks(README, "shell")[0]
    if page is FIRST_PAGE:
        assert _blocks(page, "python") == _blocks(README, "python")


def test_the_commands_of_the_root_readme_exist():
    commands = re.findall(r"^(?:\| `)?(scripts/[a-z-]+)", README.read_text(), re.MULTILINE)
    assert {"scripts/demo", "scripts/test"} <= set(commands)
    for command in commands:
        assert (ROOT / command).is_file(), command


def test_the_three_packages_install_from_a_repository(tmp_path):
    """The command of the README, with a clone of this checkout as the repository."""
    python = sys._base_executable  # the environment of the tests has no pip
    version = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
    if version.returncode:
        pytest.skip(f"{python} has no pip")
    subprocess.run(["git", "clone", "--quiet", ROOT, tmp_path / "clone"], check=True)
    target = tmp_path / "installed"
    pip = f"{python} -m pip install --quiet --no-deps --target {target}"
    command, *_ = _blocks(README, "shell")
    command = re.sub(r"git\+https://\S+", f"git+file://{tmp_path}/clone", command)
    subprocess.run(["bash", "-euc", command.replace("pip install", pip)], check=True)
    names = {path.name for path in target.iterdir() if path.suffix != ".dist-info"}
    assert names >= {
        "pyramid_session_multi",
        "pyramid_session_multi_debugtoolbar",
        "pyramid_session_multi_testing",
    }


def test_the_ini_example_registers_two_namespaces():
    """With one line of code, ``config.include``."""
    example = _blocks(CORE, "ini")[-1]
    parser = ConfigParser(
        defaults={"session_secret": "a-secret" * 8, "account_secret": "another-" * 8}
    )
    parser.read_string(f"[app:main]\n{example}")
    config = Configurator(settings=dict(parser["app:main"]))
    config.include("pyramid_session_multi")
    app = config.make_wsgi_app()
    namespaces = app.registry.getUtility(ISessionMultiManagerConfig)
    assert namespaces.namespaces == ["public", "account"]
