"""The installed distribution."""

import tomllib
from importlib.metadata import entry_points, requires, version
from importlib.resources import files
from pathlib import Path

import pyramid_session_multi_testing

WORKSPACE = Path(__file__).parents[3] / "pyproject.toml"


def test_it_is_typed():
    """Type checkers of applications read its annotations (PEP 561)."""
    assert files(pyramid_session_multi_testing).joinpath("py.typed").is_file()


def test_it_is_installed_at_the_version_of_the_core():
    """The distributions are released together and pinned to each other."""
    assert version("pyramid_session_multi_testing") == version("pyramid_session_multi")


def test_pytest_finds_the_fixtures():
    """Without a line in a conftest."""
    [plugin] = entry_points(group="pytest11", name="pyramid_session_multi_testing")
    assert plugin.value == "pyramid_session_multi_testing.plugin"


def test_the_oldest_pytest_that_it_allows_is_tested():
    envs = tomllib.loads(WORKSPACE.read_text())["tool"]["hatch"]["envs"]
    dependencies = envs["test-oldest-pytest"]["dependencies"]
    [requirement] = [line for line in dependencies if line.startswith("pytest==")]
    assert requirement.replace("==", ">=") in requires("pyramid_session_multi_testing")
