"""Costs of large sessions in the toolbar's panel: prints JSON.

For each session: the seconds of the request without and with the panel, those of the page when it
is opened for the first time, and the bytes of that page.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import apps
import pyramid_session_multi
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.testing import DummySession

_ROUNDS = 5

SESSIONS: dict[str, Callable[[], dict[str, Any]]] = {
    "a text of 10 MB": lambda: {"text": "<&'\"" * 2_500_000},
    "a list of 500,000 items": lambda: {"items": list(range(500_000))},
    "500,000 keys": lambda: dict.fromkeys(map(str, range(500_000)), "a value"),
}


class Kept(pyramid_session_multi.SessionLibrary):
    """Sessions in memory, so that nothing is measured but the panel."""

    def recognizes_factory(self, candidate: object) -> bool:
        return getattr(candidate, "__name__", "") == "kept"

    def read_passively(self, session: Any) -> dict[str, Any]:
        return session


def application(data: dict[str, Any], *, panel: bool) -> Any:
    session = DummySession(data)

    def kept(request: Request) -> DummySession:
        return session

    def view(request: Request) -> Response:
        request.session_multi["a"].get("text")
        return Response(b"<html><body></body></html>")

    included = "pyramid_session_multi.debugtoolbar" if panel else ""
    settings = {"debugtoolbar.includes": included, "debugtoolbar.active_panels": "session_multi"}
    config = Configurator(settings=settings)
    config.include("pyramid_debugtoolbar")
    config.include("pyramid_session_multi")
    config.register_session_library(Kept())
    config.register_session_factory("a", kept, cookie_name="a")
    config.add_view(view)
    return config.make_wsgi_app()


def seconds(app: Any, path: str) -> tuple[float, int]:
    """The time of a request, and the bytes of its response."""
    environ = {**apps.environ(), "REMOTE_ADDR": "127.0.0.1", "PATH_INFO": path}
    begin = time.perf_counter()
    size = len(b"".join(app(environ, lambda status, headers, exc_info=None: None)))
    return time.perf_counter() - begin, size


def measured(data: dict[str, Any]) -> dict[str, float]:
    """The fastest of some rounds."""
    without, with_panel = (application(data, panel=panel) for panel in (False, True))
    rounds = []
    for _ in range(_ROUNDS):
        bare, request = seconds(without, "/")[0], seconds(with_panel, "/")[0]
        number = with_panel.registry.pdtb_history.last(1)[0][0]
        page, size = seconds(with_panel, f"/_debug_toolbar/{number}")
        rounds.append((bare, request, page, size))
    names = ("without", "with", "page", "bytes")
    return {name: min(each) for name, each in zip(names, zip(*rounds, strict=True), strict=True)}


if __name__ == "__main__":
    print(json.dumps({what: measured(data()) for what, data in SESSIONS.items()}))
