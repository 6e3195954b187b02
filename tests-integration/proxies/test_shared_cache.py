"""A real shared cache: no visitor gets another one's cookie or CSRF token from it.

Without cookies, all visitors have the same key, ``Vary: Cookie`` or not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest
from pyramid.config import Configurator
from pyramid.csrf import get_csrf_token
from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_multi import SessionMultiCSRFStoragePolicy
from pyramid_session_multi.request import response_completion


def _last_modified(response):
    response.last_modified = datetime(2020, 1, 1, tzinfo=UTC)


def _public(response):
    response.headers["Cache-Control"] = "public, max-age=60, s-maxage=60"


def _expires(response):
    response.expires = datetime(2100, 1, 1, tzinfo=UTC)


# Headers of a view that let a cache store its response; "http_cache" is the view's option.
SAID = {
    "http_cache": lambda response: None,
    "public": _public,
    "last-modified": _last_modified,
    "expires": _expires,
    "nothing": lambda response: None,
}
KEPT_WITHOUT_PROTECTION = ["http_cache", "public", "last-modified", "expires"]


@pytest.fixture
def make_app(any_library):
    """An application with a page that holds a CSRF token, and one without a session."""

    def make_app(says):
        numbers = count()

        def page(request):
            request.session_multi["a"]["visitor"] = next(numbers)
            response = Response(get_csrf_token(request))
            SAID[says](response)
            return response

        def static(request):
            response = Response(str(next(numbers)))
            SAID[says](response)
            return response

        def outer(request):
            return request.invoke_subrequest(Request.blank("/page"))

        config = Configurator(package="pyramid_session_multi")
        config.include("pyramid_session_multi")
        config.register_session_factory("a", any_library("sid"))
        config.set_csrf_storage_policy(SessionMultiCSRFStoragePolicy("a"))
        options = {"http_cache": 60} if says == "http_cache" else {}
        for name, view in (("page", page), ("static", static)):
            config.add_route(name, f"/{name}")
            config.add_view(view, route_name=name, **options)
        config.add_route("outer", "/outer")
        config.add_view(outer, route_name="outer", http_cache=(60, {"public": True}))
        return config.make_wsgi_app()

    return make_app


@pytest.fixture(params=["signed", "redis", "beaker_file"])
def any_library(request, library):
    """One library that stores in the cookie, and two that store on a server."""
    return library(request.param)


@pytest.mark.parametrize("says", SAID)
def test_no_visitor_gets_another_one_s_cookie_or_token(apache, make_app, says):
    """With any headers of the view."""
    with apache(make_app(says)) as visitor:
        first, second = visitor(), visitor()
        tokens = first.get("/page"), second.get("/page")
        assert first.cookies["sid"]
        assert first.cookies["sid"] != second.cookies["sid"]
        assert tokens[0] != tokens[1]
        assert "private" in second.headers["Cache-Control"]


def test_no_visitor_gets_the_cookie_of_another_one_s_subrequest(apache, make_app):
    """The outer view returns the subresponse, and its own ``http_cache`` says ``public``."""
    with apache(make_app("nothing")) as visitor:
        first, second = visitor(), visitor()
        assert first.get("/outer") != second.get("/outer")
        assert first.cookies["sid"] != second.cookies["sid"]
        assert second.headers["Cache-Control"] == "max-age=60, private"


@pytest.mark.parametrize("says", KEPT_WITHOUT_PROTECTION)
def test_without_the_protection_the_cache_leaks(apache, make_app, monkeypatch, says):
    """The control: this cache stores responses with cookies, and ``Vary`` alone does not help."""
    monkeypatch.setattr(response_completion, "forbid_shared_caches", lambda headers: None)
    with apache(make_app(says)) as visitor:
        first, second = visitor(), visitor()
        assert first.get("/page") == second.get("/page")
        assert first.cookies == second.cookies
        assert "Cookie" in second.headers["Vary"]


@pytest.mark.parametrize("says", KEPT_WITHOUT_PROTECTION)
def test_a_page_that_uses_no_session_is_shared(apache, make_app, says):
    """The package adds no header that prevents it."""
    with apache(make_app(says)) as visitor:
        assert visitor().get("/static") == visitor().get("/static")
