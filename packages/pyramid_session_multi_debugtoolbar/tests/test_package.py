"""The installed distribution."""

from importlib.metadata import version
from importlib.resources import files

import pyramid_session_multi_debugtoolbar


def test_it_is_typed():
    """Type checkers of applications read its annotations (PEP 561)."""
    assert files(pyramid_session_multi_debugtoolbar).joinpath("py.typed").is_file()


def test_it_is_installed_at_the_version_of_the_core():
    """The distributions are released together and pinned to each other."""
    assert version("pyramid_session_multi_debugtoolbar") == version("pyramid_session_multi")
