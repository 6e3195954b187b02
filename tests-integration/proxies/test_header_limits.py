"""Session cookies that add up, behind a real nginx with its default settings."""

from __future__ import annotations

import logging

import pytest
from pyramid.config import Configurator
from pyramid.response import Response


@pytest.fixture
def app(signed):
    """Three sessions in cookies; ``/fill/N/ab`` stores N letters in a and b."""

    def fill(request):
        for name in request.matchdict["names"]:
            request.session_multi[name]["x"] = "x" * int(request.matchdict["size"])
        return Response("filled")

    def logout(request):
        request.session_multi.invalidate()
        return Response("logged out")

    config = Configurator(package="pyramid_session_multi")
    config.include("pyramid_session_multi")
    for name in "abc":
        config.register_session_factory(name, signed(name))
    for name, path, view in (("fill", "/fill/{size}/{names}", fill), ("logout", "/logout", logout)):
        config.add_route(name, path)
        config.add_view(view, route_name=name)
    return config.make_wsgi_app()


def test_nginx_refuses_every_request_above_8_kb(nginx, app, caplog):
    """The logout as well; the warning was logged when the browser received them."""
    with nginx(app) as visitor:
        browser = visitor()
        with caplog.at_level(logging.WARNING, "pyramid_session_multi"):
            for name in "abc":
                assert browser.get(f"/fill/2000/{name}") == "filled"
        assert [record.getMessage() for record in caplog.records if "8 kB" in record.getMessage()]
        assert sum(len(f"{name}={text}") for name, text in browser.cookies.items()) > 8192
        browser.get("/logout")
        assert browser.status == 400


def test_nginx_accepts_them_below_8000_bytes(nginx, app, caplog):
    """And nothing is logged."""
    with nginx(app) as visitor:
        browser = visitor()
        with caplog.at_level(logging.WARNING, "pyramid_session_multi"):
            for name in "abc":
                assert browser.get(f"/fill/1850/{name}") == "filled"
        assert not [each for each in caplog.records if each.name == "pyramid_session_multi"]
        assert browser.get("/logout") == "logged out"
        assert browser.status == 200


def test_nginx_refuses_a_response_that_sets_several_large_ones(nginx, app):
    """Its ``proxy_buffer_size`` is one page of memory, 4 or 8 kB, for all headers of a response."""
    with nginx(app) as visitor:
        browser = visitor()
        browser.get("/fill/2200/abc")
        assert browser.status == 502
