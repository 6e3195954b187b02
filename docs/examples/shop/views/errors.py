"""What to say where something is not to be had."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPClientError, HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config
from pyramid_session_multi import RefusedSession, UnregisteredSession

from ..addresses import https_url
from ..responses import prefers_html


@exception_view_config(RefusedSession)
def refused(error: RefusedSession, request: Request) -> Response:
    """The only discriminator here is ``https_only``: lead people to https."""
    if prefers_html(request):
        return HTTPSeeOther(https_url(request))
    return _answer(request, 403, str(error), https=https_url(request))


@exception_view_config(UnregisteredSession)
def unregistered(error: UnregisteredSession, request: Request) -> Response:
    """The error says what there is, and what was perhaps meant."""
    return _answer(request, 404, str(error))


@exception_view_config(HTTPClientError)
def wrong(error: HTTPClientError, request: Request) -> Response:
    """What was asked for is wrong, or from a foreign page."""
    known = isinstance(error, HTTPNotFound) and error.explanation  # its detail is for developers
    return _answer(request, error.status_int, known or error.detail or error.explanation)


def _answer(request: Request, status: int, message: str, **more: Any) -> Response:
    template = "error.mako" if prefers_html(request) else "json"
    values = {"error": message, **more}
    response = render_to_response(template, values, request=request)
    response.status_int = status
    return response
