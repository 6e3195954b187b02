"""A view that returns its subrequest's response: no cache stores the cookies of its sessions."""

from __future__ import annotations

import pytest
from pyramid import testing
from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_multi.request.manager import SessionMultiManager
from webtest import TestApp

PUBLIC = (60, {"public": True})


def _write(request):
    request.session_multi["a"]["x"] = 1
    return Response("inner")


def _send(*paths):
    """A view that returns the response of the last of its subrequests."""

    def outer(request):
        return [request.invoke_subrequest(Request.blank(path)) for path in paths][-1]

    return outer


@pytest.fixture
def get(browse):
    """``get(path, views, factory)``: the response of an application with these views."""

    def get(path, views, factory):
        def setup(config):
            for name, (view, options) in views.items():
                config.add_route(name, name)
                config.add_view(view, route_name=name, **options)

        return TestApp(browse(setup=setup, a=factory).app).get(path)

    return get


CACHED = {"http_cache": PUBLIC, "session_multi": ()}


def test_a_cookie_of_a_subrequest_is_in_no_public_response(get, any_library):
    """The outer view's ``http_cache`` applies after the subresponse was completed."""
    views = {"/inner": (_write, {}), "/outer": (_send("/inner"), CACHED)}
    response = get("/outer", views, any_library("sid"))
    assert response.headers.getall("Set-Cookie")
    assert response.headers.getall("Cache-Control") == ["max-age=60, private"]
    assert response.headers.getall("Vary") == ["Cookie"]


def test_every_enclosing_request_is_protected(get, signed):
    """Also from a subrequest of a subrequest, and from the second one."""
    views = {
        "/plain": (lambda request: Response(), {}),
        "/inner": (_write, {}),
        "/middle": (_send("/plain", "/inner", "/inner"), CACHED),
        "/outer": (_send("/middle"), CACHED),
    }
    response = get("/outer", views, signed("a"))
    assert response.headers["Cache-Control"] == "max-age=60, private"


def test_a_cookie_of_an_undescribed_library_counts(get, signed, undescribed):
    """Its name is unknown, so any cookie may be the session's."""
    views = {"/inner": (_write, {}), "/outer": (_send("/inner"), CACHED)}
    response = get("/outer", views, undescribed(signed("a")))
    assert response.headers["Cache-Control"] == "max-age=60, private"


def test_headers_of_later_callbacks_count(get, signed):
    """Also those of the callbacks that callbacks add."""

    def late(request, response):
        response.headers["Cache-Control"] = "public"

    def outer(request):
        response = _send("/inner")(request)
        request.add_response_callback(lambda request, response: request.add_response_callback(late))
        return response

    views = {"/inner": (_write, {}), "/outer": (outer, {})}
    assert get("/outer", views, signed("a")).headers["Cache-Control"] == "private"


def test_another_callback_that_moves_to_the_end_is_no_endless_loop(get, signed):
    """It has the last word."""

    def last(request, response):
        if request.response_callbacks:
            request.add_response_callback(last)

    def outer(request):
        request.add_response_callback(last)
        return _send("/inner")(request)

    views = {"/inner": (_write, {}), "/outer": (outer, {"http_cache": PUBLIC})}
    assert get("/outer", views, signed("a")).headers["Cache-Control"] == "max-age=60, private"


def _language(request):
    """A response of its own, with a cookie of its own."""
    _send("/inner")(request)
    response = Response()
    response.set_cookie("language", "en")
    return response


def _count(request):
    _send("/inner", "/inner")(request)
    return Response(str(len(request.response_callbacks)))


@pytest.mark.parametrize("outer", [_language, _count])
def test_a_response_without_a_session_s_cookie_stays_public(get, signed, outer):
    """The view used the subresponse, but returned another one."""
    views = {"/inner": (_write, {}), "/outer": (outer, CACHED)}
    response = get("/outer", views, signed("a"))
    assert response.headers["Cache-Control"] == "max-age=60, public"
    assert "Vary" not in response.headers


def test_an_enclosing_request_has_one_callback(get, signed):
    """However many subrequests it sends."""
    views = {"/inner": (_write, {}), "/outer": (_count, {})}
    assert get("/outer", views, signed("a")).text == "1"


@pytest.fixture
def running(signed):
    """``running(*requests)``: Pyramid's stack of these requests, in an application."""
    with testing.testConfig() as config:  # which clears the stack before and after
        config.include("pyramid_session_multi")
        config.register_session_factory("a", signed("a"))
        config.commit()

        def running(*requests):
            for request in requests:
                config.begin(request)

        yield running


@pytest.mark.parametrize("enclosing", [None, object()])
def test_an_enclosing_request_without_response_callbacks_is_left_alone(running, enclosing):
    """Another framework's, or none."""
    request = testing.DummyRequest()
    running(enclosing, request)
    assert SessionMultiManager(request)["a"] == {}
    assert len(request.response_callbacks) == 1


def test_a_request_that_is_not_sent_has_no_enclosing_request(running):
    """Such as a copy, whose response is never created."""
    current, request = testing.DummyRequest(), testing.DummyRequest()
    running(current)
    assert SessionMultiManager(request)["a"] == {}
    assert len(request.response_callbacks) == 1
    assert not current.response_callbacks
