"""A real Chromium trusts the certificate of docs/how-to/https-in-development.md."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/https-in-development.md"
SECRET = "for tests only" * 5


def _program(*names):
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        reason = f"{names[0]} is not installed (scripts/system-packages)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return program


@pytest.fixture
def trust():
    """The page's command, which makes Chromium trust the authority."""
    _program("certutil")
    [command] = re.findall(r"`(certutil .*? client\.pem)`", PAGE.read_text())
    return command


@pytest.fixture
def https(terminal, ports):
    """The address of the page's application."""
    text = PAGE.read_text()
    for number, port in ports.items():
        text = text.replace(number, port)
    for name, block in re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        (terminal.folder / name).write_text(block)
    terminal.run("python -m trustme")
    terminal.run("export PYTHONPATH=$PWD")
    command = f"pserve development.ini secret={shlex.quote(SECRET)}"
    terminal.serve(command, [ports["6544"]])
    return f"https://localhost:{ports['6544']}"


@pytest.fixture
def at_home(tmp_path):
    """The environment of a user who has not started a browser yet."""
    inherited = {name: value for name, value in os.environ.items() if name != "XDG_DATA_HOME"}
    return inherited | {"HOME": str(tmp_path)}


@pytest.fixture
def visit(at_home):
    """``visit(url)``: the text of the page, in a browser that trusts what its home trusts."""
    options = {"args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]}
    browser = _program("chromium", "chromium-browser", "google-chrome")

    def visit(url):
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=browser, env=at_home, **options) as chromium,
        ):
            tab = chromium.new_page()
            tab.goto(url)
            return tab.inner_text("body")

    return visit


@pytest.fixture
def run(at_home, terminal):
    """``run(command)``: in the folder of the certificates, with the browser's home."""

    def run(command):
        subprocess.run(["bash", "-c", command], cwd=terminal.folder, env=at_home, check=True)

    return run


def test_chromium_trusts_the_authority_after_the_command_of_the_page(trust, https, visit, run):
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        visit(https)
    run(trust)
    assert '"user": "ann"' in visit(f"{https}/login")


def test_chromium_uses_the_older_folder_where_it_is(trust, https, visit, run, tmp_path):
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        visit(https)
    (tmp_path / ".pki/nssdb").mkdir(parents=True)
    run("certutil -d sql:$HOME/.pki/nssdb -N --empty-password")
    run(trust)
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        visit(https)
    run(trust.replace(".local/share/pki", ".pki"))
    assert '"user": "ann"' in visit(f"{https}/login")
