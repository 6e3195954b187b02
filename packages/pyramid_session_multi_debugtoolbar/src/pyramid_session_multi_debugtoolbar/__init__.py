"""The panel of the Pyramid debug toolbar that shows every named session of a request.

It observes the sessions of ``pyramid_session_multi`` without opening, renewing or changing them.
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError

from .observe.observer import observe_application
from .panel import SessionMultiDebugPanel

__all__ = ["SessionMultiDebugPanel", "includeme"]


def includeme(config: Configurator) -> None:
    """Add the panel; for ``debugtoolbar.includes``, which passes the toolbar's configurator.

    :raises pyramid.exceptions.ConfigurationError: if the configurator is an application's.
    """
    if not hasattr(config, "add_debugtoolbar_panel"):
        raise ConfigurationError(
            "The SessionMulti panel was included in the application itself (pyramid.includes or "
            "config.include), but it belongs in the debug toolbar. Move it to "
            "debugtoolbar.includes:\n"
            "  pyramid.includes = pyramid_debugtoolbar\n"
            "  debugtoolbar.includes = pyramid_session_multi.debugtoolbar"
        )
    config.add_debugtoolbar_panel(SessionMultiDebugPanel)
    # The application may not be configured yet: the toolbar calls this when it is created.
    config.inject_parent_action(observe_application)
