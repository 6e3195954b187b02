"""The commands that docs/ shows print what docs/ says; with ``--update-docs`` it is put there.

A block of commands comes after a mark. Those of one page share a shell, so that a variable of the
first block is there in the last one.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PSESSIONS = ROOT / "docs/how-to/psessions.md"
MARK = "<!-- made by scripts/docs-outputs -->\n```console\n"
BLOCK = re.compile(f"(?<=^{MARK}).*?(?=^```$)", re.DOTALL | re.MULTILINE)
PAGES = [page for page in sorted(ROOT.glob("docs/**/*.md")) if BLOCK.search(page.read_text())]


def script(block):
    """Shell: each command after its text, with the exit code of the one before it in ``$?``."""
    for line in block.splitlines():
        if line.startswith("$ "):
            yield f"printf '%s\\n' {quote(line)}; (exit $code)"
            yield f"{line.removeprefix('$ ')}\ncode=$?"
    yield r"printf '\0'"


def outputs(blocks):
    lines = ["code=0", *(line for block in blocks for line in script(block))]
    done = subprocess.run(
        ["bash", "-c", "exec 2>&1\n" + "\n".join(lines)],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.split("\0")[:-1]


def environment():
    """A user's environment: it has this environment's commands and no PYTHONPATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ignored_warning = "ignore:pkg_resources is deprecated as an API:UserWarning"
    own = {"PATH": path, "PYTHONWARNINGS": ignored_warning, "PYTHONDONTWRITEBYTECODE": "1"}
    return {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | own


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_print_what_the_page_says(request, page):
    old = page.read_text()
    new_outputs = iter(outputs(BLOCK.findall(old)))
    new = BLOCK.sub(lambda match: next(new_outputs), old)
    if request.config.getoption("--update-docs"):
        page.write_text(new)
    else:
        assert new == old, "scripts/docs-outputs"


def test_there_are_such_commands():
    assert PSESSIONS in PAGES


def test_the_shop_has_no_findings():
    """Whatever the page shows of it; two of its sessions are served over http on purpose."""
    blocks = [
        "$ export PYTHONPATH=docs/examples SECRET=$(printf '%064d' 0)\n"
        f"$ psessions 'docs/examples/shop.ini#{name}' secret=$SECRET {more} --check "
        "--ignore not-secure:public --ignore not-secure:cart\n"
        "$ echo exit code $?\n"
        for name, more in [("main", "data=/nowhere"), ("redis", "redis_url=redis://nowhere")]
    ]
    for output in outputs(blocks):
        assert "\nNo findings.\n$ echo exit code $?\nexit code 0\n" in output
