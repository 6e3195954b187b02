"""The response to a POST: a redirect to the page for browsers, JSON for everybody else."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

OFFERS = ["application/json", "text/html"]


def prefers_html(request: Request) -> bool:
    """Does the client like HTML better than JSON?"""
    offers = request.accept.acceptable_offers(OFFERS)
    return bool(offers and offers[0][0] == "text/html")


def done(request: Request, what: str) -> Response | dict[str, Any]:
    """The answer to a POST that did what was asked."""
    if prefers_html(request):
        return HTTPSeeOther(request.route_path("home"))
    return {"done": what, "asked_for": list(request.session_multi)}
