"""The target of ``debugtoolbar.includes = pyramid_session_multi.debugtoolbar``."""

from __future__ import annotations

from importlib.util import find_spec

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError

_PANEL = "pyramid_session_multi_debugtoolbar"


def includeme(config: Configurator) -> None:
    """Add the SessionMulti panel to the debug toolbar.

    :raises pyramid.exceptions.ConfigurationError: if the panel's package is not installed.
    """
    if find_spec(_PANEL) is None:
        raise ConfigurationError(
            "The SessionMulti panel of the debug toolbar is a separate package: "
            f"pip install {_PANEL}"
        )
    config.include(_PANEL)
