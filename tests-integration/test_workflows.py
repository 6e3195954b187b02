"""GitHub runs what people run. The linters know the rest: ``scripts/hatch run workflows:lint``."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))


@pytest.fixture(params=[ROOT / ".ci/run", *WORKFLOWS], ids=lambda path: path.name)
def steps(request):
    """What runs the project's scripts."""
    return request.param.read_text()


def test_every_script_that_is_run_is_there(steps):
    scripts = set(re.findall(r"\bscripts/[\w.-]+", steps))
    assert scripts
    assert {name for name in scripts if not os.access(ROOT / name, os.X_OK)} == set()


def test_every_environment_that_is_run_is_there(steps):
    pyproject = (ROOT / "pyproject.toml").read_text()
    for env in re.findall(r"scripts/hatch run ([\w-]+):", steps):
        assert f"[tool.hatch.envs.{env}]" in pyproject


def test_all_is_green_only_when_every_job_is():
    _, jobs = (ROOT / ".github/workflows/ci.yml").read_text().split("\njobs:\n")
    names = re.findall(r"^  ([\w-]+):", jobs, re.MULTILINE)
    *_, needs = re.findall(r"needs: \[(.*)\]", jobs)
    assert [*needs.split(", "), "green"] == names


def test_an_action_has_one_hash():
    pinned = {
        (action, commit)
        for path in WORKFLOWS
        for action, commit in re.findall(r"uses: ([^@\s]+)@(\S+ # \S+)", path.read_text())
    }
    assert len(pinned) > 1
    assert len(pinned) == len({action for action, _ in pinned})
