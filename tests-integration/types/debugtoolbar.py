"""Types of the public names of ``pyramid_session_multi_debugtoolbar`` for type checkers."""

from collections.abc import Callable
from typing import Any, assert_type

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_multi_debugtoolbar import SessionMultiDebugPanel, includeme


def including(config: Configurator) -> None:
    assert_type(includeme(config), None)


def panel(request: Request, response: Response, handler: Callable[..., Any]) -> None:
    panel = SessionMultiDebugPanel(request)
    assert_type(panel, SessionMultiDebugPanel)
    assert_type(panel.name, str)
    assert_type(panel.title, str)
    assert_type(panel.nav_title, str)
    assert_type(panel.template, str)
    assert_type(panel.has_content, bool)
    assert_type(panel.user_activate, bool)
    assert_type(panel.nav_subtitle, str)
    assert_type(panel.nav_subtitle_style, str)
    assert_type(panel.wrap_handler(handler), Callable[..., Any])
    assert_type(panel.process_response(response), None)
    assert_type(panel.render_vars(request), dict[str, Any])
    assert_type(panel.render_content(request), str)
    report = panel.report
    if report is not None:
        assert_type(report.opened, int)
