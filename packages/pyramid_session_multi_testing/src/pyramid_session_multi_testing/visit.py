"""A request of the application at one url, up to where its view would be called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.request import Request
from pyramid.router import Router


@contextmanager
def visit(router: Router, environ: dict[str, Any]) -> Iterator[Request]:
    """The request that the application makes of an environ, with its extensions and thread locals.

    Its route is matched and its root made, so that discriminators see what they see in a view.
    Neither events nor tweens nor views run. The finished callbacks do, at the end of the block:
    those that are still there.
    """
    with router.request_context(environ) as request:
        try:
            _find_context(router, request)
            yield request
        finally:
            run_callbacks(request.finished_callbacks, request)


def run_callbacks(callbacks: Any, *arguments: Any) -> None:
    """Call what waits in a request's queue of callbacks, and what these add to it."""
    while callbacks:
        callbacks.popleft()(*arguments)


@contextmanager
def forgotten(request: Request) -> Iterator[None]:
    """Drop the callbacks that the block adds and leaves: nothing of it is sent or stored.

    Those from before stay: they close what the application opened.
    """
    earlier = tuple(request.finished_callbacks)
    try:
        yield
    finally:
        left = [callback for callback in request.finished_callbacks if callback in earlier]
        request.response_callbacks.clear()
        request.finished_callbacks.clear()
        request.finished_callbacks.extend(left)


def _find_context(router: Router, request: Request) -> None:
    """As :meth:`pyramid.router.Router.handle_request`, without traversal."""
    root_factory = router.root_factory
    if router.routes_mapper is not None:
        found = router.routes_mapper(request)
        route = found["route"]
        if route is not None:
            vars(request).update(matchdict=found["match"], matched_route=route)
            root_factory = route.factory or root_factory
    root = root_factory(request)
    vars(request).update(root=root, context=root)
