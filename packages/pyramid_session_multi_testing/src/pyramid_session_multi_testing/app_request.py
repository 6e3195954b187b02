"""A request of the application, prepared up to the point where Pyramid calls the view."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.request import Request
from pyramid.router import Router


@contextmanager
def request_for(router: Router, environ: dict[str, Any]) -> Iterator[Request]:
    """Create a request with the application's extensions, route and root, and its thread locals.

    A discriminator sees the same request as in a view. Events, tweens and views do not run; the
    remaining finished callbacks run at the end of the block.
    """
    with router.request_context(environ) as request:
        try:
            _set_route_and_root(router, request)
            yield request
        finally:
            run_callbacks(request.finished_callbacks, request)


def run_callbacks(callbacks: Any, *arguments: Any) -> None:
    """Call the callbacks in a request's queue, including those that these callbacks add."""
    while callbacks:
        callbacks.popleft()(*arguments)


@contextmanager
def discarded_callbacks(request: Request) -> Iterator[None]:
    """Discard the callbacks that the block adds, so that they neither send nor store anything.

    The callbacks from before the block stay: they close what the application opened.
    """
    earlier_callbacks = tuple(request.finished_callbacks)
    try:
        yield
    finally:
        callbacks = tuple(request.finished_callbacks)
        request.response_callbacks.clear()
        request.finished_callbacks.clear()
        request.finished_callbacks.extend(
            callback for callback in callbacks if callback in earlier_callbacks
        )


def _set_route_and_root(router: Router, request: Request) -> None:
    """Do what :meth:`pyramid.router.Router.handle_request` does before traversal."""
    root_factory = router.root_factory
    if router.routes_mapper is not None:
        match = router.routes_mapper(request)
        route = match["route"]
        if route is not None:
            vars(request).update(matchdict=match["match"], matched_route=route)
            root_factory = route.factory or root_factory
    root = root_factory(request)
    vars(request).update(root=root, context=root)
