"""The toolbar keeps a hundred requests; the panel keeps little data about each."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType

import pytest
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response

COOKIES = 10_000


def kept_by(panel):
    """All objects that the panel refers to, without the application and the request itself."""
    seen, pending = {}, [panel]
    while pending:
        value = pending.pop()
        if id(value) not in seen and not isinstance(
            value, (type, ModuleType, FunctionType, Registry, Request, Response)
        ):
            seen[id(value)] = value
            pending += gc.get_referents(value)
    return seen.values()


def visit(here, view):
    header = "; ".join(["a=1", *(f"n{n}=v{n}" for n in range(COOKIES))])
    here.visit(view, HTTP_COOKIE=header)


def set_cookies(request):
    """Set some cookies of the session and many others."""
    request.session_multi["a"]["x"] = 1
    response = Response("", content_type="text/plain")
    for n in range(1_000):
        response.headers.add("Set-Cookie", f"m{n}=v{n}")
    return response


def test_only_the_cookies_of_namespaces_are_kept(site, signed):
    """Received and sent ones."""
    here = site(a=signed("a"))
    visit(here, set_cookies)
    objects = list(kept_by(here.panel))
    texts = [each for each in objects if type(each) is str]
    assert not [text for text in texts if text.startswith(("n1", "m1", "v1"))]
    assert len(objects) < 1_000
    assert here.panel.report.rows[0].incoming_bytes == len("a1")
    assert here.panel.report.rows[0].outgoing_bytes


def test_a_request_that_was_interrupted_keeps_as_little(site, signed):
    """The panel is not called again, so it cannot drop them later."""
    here = site(a=signed("a"))

    def fail(request):
        raise OSError("in a finished callback")

    def view(request):
        request.add_finished_callback(fail)
        return set_cookies(request)

    with pytest.raises(OSError, match="in a finished callback"):
        visit(here, view)
    assert len(list(kept_by(here.panel))) < 1_000
