"""The panel of the Pyramid debug toolbar that shows every named session of a request.

It observes the sessions of ``pyramid_session_multi`` without opening, renewing or changing them.
"""

from __future__ import annotations

from pyramid.config import Configurator

from .observe.observer import observe_application
from .panel import SessionMultiDebugPanel

__all__ = ["SessionMultiDebugPanel", "includeme"]


def includeme(config: Configurator) -> None:
    """Add the panel; for ``debugtoolbar.includes``, whose configurator is that of the toolbar."""
    config.add_debugtoolbar_panel(SessionMultiDebugPanel)
    # The application may not be configured yet: the toolbar calls this when it is made.
    config.inject_parent_action(observe_application)
