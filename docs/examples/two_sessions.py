"""An application whose sessions are all in its .ini file; ``two_sessions.ini`` is one."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.router import Router


def main(global_config: dict[str, str], **settings: Any) -> Router:
    """Make the WSGI application."""
    with Configurator(settings=settings) as config:
        config.include("pyramid_session_multi")
        return config.make_wsgi_app()
