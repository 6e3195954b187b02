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
    made = SessionMultiDebugPanel(request)
    assert_type(made, SessionMultiDebugPanel)
    assert_type(made.name, str)
    assert_type(made.title, str)
    assert_type(made.nav_title, str)
    assert_type(made.template, str)
    assert_type(made.has_content, bool)
    assert_type(made.user_activate, bool)
    assert_type(made.nav_subtitle, str)
    assert_type(made.nav_subtitle_style, str)
    assert_type(made.wrap_handler(handler), Callable[..., Any])
    assert_type(made.process_response(response), None)
    assert_type(made.render_vars(request), dict[str, Any])
    assert_type(made.render_content(request), str)
    report = made.report
    if report is not None:
        assert_type(report.opened, int)
