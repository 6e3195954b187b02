"""Requests inside a request: the panel does not confuse them."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response


def subrequest(use_tweens):
    def view(m, request):
        def inside(inner):
            inner.session_multi["b"]["from"] = "the subrequest"
            return Response("inside", content_type="text/plain")

        m["a"]["y"] = 2
        inner = Request.blank("/", environ={"REMOTE_ADDR": "127.0.0.1", "tests.view": inside})
        inner.headers["Cookie"] = request.headers.get("Cookie", "")
        answer = request.invoke_subrequest(inner, use_tweens=use_tweens)
        sent = [value.partition("=")[0] for value in answer.headers.getall("Set-Cookie")]
        return answer.text, len(m), sent

    return view


def test_a_subrequest(unchanged):
    """It has its own sessions, which do not appear as the request's."""
    unchanged(subrequest(use_tweens=False))


def test_a_subrequest_with_tweens(unchanged):
    """The toolbar shows it as a separate request."""
    unchanged(subrequest(use_tweens=True), index=1, requests=2)


def test_a_subrequest_inside_except(unchanged):
    """The exception being handled around it is not its own."""

    def view(m, request):
        try:
            raise KeyError("around the subrequest")  # noqa: TRY301
        except KeyError:
            return subrequest(use_tweens=True)(m, request)

    unchanged(view, index=1, requests=2)
