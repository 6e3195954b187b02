"""GitHub runs what people run. The linters know the rest: ``scripts/hatch run workflows:lint``."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))


@pytest.fixture(params=[ROOT / ".ci/run", *WORKFLOWS], ids=lambda path: path.name)
def steps(request):
    """A file that runs the project's scripts."""
    return request.param.read_text()


def test_every_script_that_is_run_exists(steps):
    scripts = set(re.findall(r"\bscripts/[\w.-]+", steps))
    assert scripts
    assert {name for name in scripts if not os.access(ROOT / name, os.X_OK)} == set()


def test_every_environment_that_is_run_exists(steps):
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


def test_a_release_stores_its_files_before_any_test_runs():
    """A test, or a package that it installs, could change them; so tests run in another job."""
    _, jobs = (ROOT / ".github/workflows/release.yml").read_text().split("\njobs:\n")
    parts = re.split(r"^  ([\w-]+):", jobs, flags=re.MULTILINE)
    job = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert "scripts/build" in job["build"]
    assert "upload-artifact" in job["build"]
    assert "test" not in re.findall(r"run: scripts/(\w+)", job["build"])
    assert "scripts/test-wheels --built" in job["test"]
    assert not any("upload-artifact" in job[name] for name in job if name != "build")
    assert "needs: [build, test]" in job["publish"]
