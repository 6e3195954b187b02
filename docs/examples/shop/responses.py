"""The response to a POST: a redirect to the page for browsers, JSON for other clients."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from .feedback import page_after

OFFERS = ["application/json", "text/html"]


def prefers_html(request: Request) -> bool:
    """True if the client prefers HTML to JSON."""
    offers = request.accept.acceptable_offers(OFFERS)
    return bool(offers and offers[0][0] == "text/html")


def done(request: Request, what: str) -> Response | dict[str, Any]:
    """The response to a POST that succeeded."""
    if prefers_html(request):
        return HTTPSeeOther(page_after(request))
    return {"done": what, "opened": list(request.session_multi)}
