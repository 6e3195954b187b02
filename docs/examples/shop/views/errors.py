"""Responses to errors."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPClientError, HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config
from pyramid_session_multi import RefusedSession, UnregisteredSession

from ..addresses import https_url
from ..feedback import https_page
from ..responses import prefers_html


@exception_view_config(RefusedSession)
def refused(error: RefusedSession, request: Request) -> Response:
    """Redirect browsers to https: the only discriminator here is ``https_only``."""
    if prefers_html(request):
        return HTTPSeeOther(https_page(request, error.namespace))
    return _answer(request, 403, str(error), https=https_url(request))


@exception_view_config(UnregisteredSession)
def unregistered(error: UnregisteredSession, request: Request) -> Response:
    """The error lists the namespaces, and suggests one."""
    return _answer(request, 404, str(error), title=HTTPNotFound.title)


@exception_view_config(HTTPClientError)
def wrong(error: HTTPClientError, request: Request) -> Response:
    """Explain what is wrong with the request, or that it comes from another site's page."""
    is_missing = isinstance(error, HTTPNotFound)  # its detail is for developers
    message = error.explanation if is_missing else error.detail or error.explanation
    return _answer(request, error.status_int, message, title=error.title)


def _answer(request: Request, status: int, message: str, title: str = "", **more: Any) -> Response:
    if prefers_html(request):
        values = {"title": title, "error": message}
        response = render_to_response("error.mako", values, request=request)
    else:
        response = render_to_response("json", {"error": message, **more}, request=request)
    response.status_int = status
    return response
