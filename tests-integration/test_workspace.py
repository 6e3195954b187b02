"""The checkout is one workspace: repeated facts agree, and the checkout is what is tested."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import distribution
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
MEMBERS = sorted(path.name for path in ROOT.glob("packages/*/"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
METADATA = {
    name: tomllib.loads((ROOT / "packages" / name / "pyproject.toml").read_text())["project"]
    for name in MEMBERS
}


def version_script(root, *args):
    return subprocess.run(
        [root / "scripts/version", *args], capture_output=True, text=True, check=False
    )


def run_script(name, *args):
    return subprocess.run(
        [ROOT / "scripts" / name, *args], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def copy(tmp_path):
    """A copy of the files that scripts/version reads and writes."""
    for file in [
        Path("scripts/version"),
        *(Path("packages", m, "pyproject.toml") for m in MEMBERS),
    ]:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_there_are_three_distributions():
    assert MEMBERS == [
        "pyramid_session_multi",
        "pyramid_session_multi_debugtoolbar",
        "pyramid_session_multi_testing",
    ]


def test_they_have_one_version():
    done = version_script(ROOT, "--check")
    assert done.returncode == 0, done.stderr
    assert {METADATA[name]["version"] for name in MEMBERS} == {version_script(ROOT).stdout.strip()}


@pytest.mark.parametrize("name", MEMBERS)
def test_they_require_each_other_at_exactly_their_version(name):
    project = METADATA[name]
    required = [
        *project["dependencies"],
        *(r for extra in project.get("optional-dependencies", {}).values() for r in extra),
    ]
    for requirement in required:
        if (match := re.match(r"[\w.-]+", requirement)) and match.group() in MEMBERS:
            assert requirement == f"{match.group()}=={project['version']}"


@pytest.mark.parametrize("name", MEMBERS)
def test_the_installed_packages_are_this_checkout(name):
    installed = distribution(name)
    assert installed.version == METADATA[name]["version"], "scripts/hatch env prune"
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    assert origin.get("url") == (ROOT / "packages" / name).as_uri()
    assert Path(import_module(name).__file__).is_relative_to(ROOT / "packages" / name / "src")


@pytest.mark.parametrize("name", MEMBERS)
def test_the_entry_points_are_installed(name):
    """An editable install does not notice a new one."""
    project = METADATA[name]
    groups = {
        **project.get("entry-points", {}),
        "console_scripts": project.get("scripts", {}),
    }
    declared = {(g, n, v) for g, points in groups.items() for n, v in points.items()}
    installed = {(p.group, p.name, p.value) for p in distribution(name).entry_points}
    assert installed == declared, "scripts/hatch env prune"


@pytest.mark.parametrize("name", MEMBERS)
def test_the_supported_pythons_are_those_of_the_test_matrix(name):
    envs = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["envs"]
    [matrix] = envs["hatch-test"]["matrix"]
    prefix = "Programming Language :: Python :: 3."
    classifiers = [c for c in METADATA[name]["classifiers"] if c.startswith(prefix)]
    assert classifiers == [prefix + version.removeprefix("3.") for version in matrix["python"]]
    assert METADATA[name]["requires-python"] == f">={matrix['python'][0]}"
    assert envs["test-oldest"]["python"] == matrix["python"][0]


@pytest.mark.parametrize("name", MEMBERS)
def test_the_oldest_dependencies_that_are_allowed_are_those_that_are_tested(name):
    envs = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["envs"]
    tested = [*envs["test-oldest"]["dependencies"], *envs["test-oldest-pytest"]["dependencies"]]
    project = METADATA[name]
    extras = project.get("optional-dependencies", {}).values()
    for requirement in [*project["dependencies"], *chain.from_iterable(extras)]:
        if not requirement.startswith(tuple(f"{member}==" for member in MEMBERS)):
            assert requirement.replace(">=", "==") in tested


def test_a_release_is_built_and_checked_by_pinned_versions():
    """The build backend that the packages allow, at one version, and twine."""
    envs = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["envs"]
    pinned = dict(dependency.split("==") for dependency in envs["release"]["dependencies"])
    assert pinned.keys() == {"hatchling", "twine"}
    for name in MEMBERS:
        text = (ROOT / "packages" / name / "pyproject.toml").read_text()
        [backend] = tomllib.loads(text)["build-system"]["requires"]
        assert Requirement(backend).name == "hatchling"
        assert Requirement(backend).specifier.contains(pinned["hatchling"])


@pytest.mark.parametrize("options", [[], ["--editable"], ["--no-build-isolation"]])
def test_the_root_cannot_be_installed_and_names_the_packages(tmp_path, options):
    """It installed an empty distribution called UNKNOWN."""
    python = sys._base_executable  # the environment of the tests has no pip
    pip = [python, "-m", "pip", "install", "--no-deps", "--no-index", "--target", tmp_path / "to"]
    done = subprocess.run([*pip, *options, ROOT], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    for name in MEMBERS:
        assert f"./packages/{name}\n" in done.stderr
    assert "#subdirectory=packages/" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "to").exists()


def test_scripts_and_workflows_take_them_from_the_classifiers():
    envs = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["envs"]
    [matrix] = envs["hatch-test"]["matrix"]
    assert run_script("pythons").splitlines() == matrix["python"]
    assert json.loads(run_script("pythons", "--json")) == matrix["python"]


@pytest.mark.parametrize("name", MEMBERS)
def test_each_distribution_contains_the_license(name):
    licence = ROOT / "packages" / name / "LICENSE"
    assert not licence.is_symlink()
    assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_version_is_set_everywhere_at_once(copy):
    assert version_script(copy, "7.8.9rc1").stdout == "7.8.9rc1\n"
    for name in MEMBERS:
        text = (copy / "packages" / name / "pyproject.toml").read_text()
        assert METADATA[name]["version"] not in text
        assert tomllib.loads(text)["project"]["version"] == "7.8.9rc1"
    assert version_script(copy, "--check").returncode == 0


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r'^version = ".*"', 'version = "0.0.1"'),
        (r'"pyramid_session_multi==.*"', '"pyramid_session_multi==0.0.1"'),
        (r'"pyramid_session_multi==.*"', '"pyramid_session_multi>=0.0.1"'),
    ],
)
def test_a_version_that_disagrees_is_refused_by_naming_the_file(copy, pattern, replacement):
    file = copy / "packages/pyramid_session_multi_testing/pyproject.toml"
    file.write_text(re.sub(pattern, replacement, file.read_text(), count=1, flags=re.MULTILINE))
    for args in [[], ["--check"]]:
        done = version_script(copy, *args)
        assert done.returncode == 1
        assert "\npackages/pyramid_session_multi_testing/pyproject.toml:" in done.stderr
        assert done.stdout == ""
    assert version_script(copy, METADATA[MEMBERS[0]]["version"]).returncode == 0


def test_only_the_tag_of_the_version_is_released(copy):
    version_script(copy, "7.8.9")
    assert version_script(copy, "--check", "v7.8.9").returncode == 0
    for tag in ["v7.8.8", "7.8.9", "v7.8.9rc1"]:
        done = version_script(copy, "--check", tag)
        assert done.returncode == 1
        assert done.stderr == f"The tag is {tag}, but the distributions have the version 7.8.9.\n"


def test_the_version_is_in_the_changelog():
    """A version in development is under "Unreleased"."""
    version = METADATA[MEMBERS[0]]["version"]
    heading = "Unreleased" if ".dev" in version else version
    assert heading in re.findall(r"^## \[(.*?)\]", CHANGELOG, re.MULTILINE)


@pytest.mark.parametrize("version", re.findall(r"^## \[(.*)\] - ", CHANGELOG, re.MULTILINE))
def test_the_notes_of_a_release_are_those_of_the_changelog(version):
    notes = run_script("release-notes", f"v{version}").strip()
    assert notes
    assert notes in CHANGELOG
    assert "\n## " not in notes


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", "--chekc"])
def test_an_invalid_version_is_not_set(copy, version):
    assert version_script(copy, version).returncode != 0
    assert version_script(copy).stdout.strip() == METADATA[MEMBERS[0]]["version"]
