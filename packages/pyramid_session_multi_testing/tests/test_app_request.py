"""``edit_session`` and ``read_session`` open the session in a request of the application."""

import sys
from contextlib import suppress
from types import SimpleNamespace

import pytest
from pyramid.config import Configurator
from pyramid.events import NewRequest, NewResponse
from pyramid.threadlocal import get_current_request
from pyramid_session_multi import RefusedSession
from pyramid_session_multi_testing import edit_session, read_session
from webtest import TestApp


@pytest.fixture
def requests():
    """The requests that the discriminator of ``ask`` was called with."""
    return []


@pytest.fixture
def ask(browse, signed, requests):
    """A TestApp with a namespace that records its requests; keywords are for ``TestApp``."""

    def ask(
        setup=lambda config: None,
        discriminator=lambda request: True,
        settings=None,
        **options,
    ):
        def discriminate(request):
            requests.append(request)
            return discriminator(request)

        cart = (signed("cart"), discriminate)
        return TestApp(browse(cart=cart, setup=setup, settings=settings).app, **options)

    return ask


def edit_cart(client, **options):
    with edit_session(client, "cart", **options) as cart:
        cart["x"] = 1


def read_cart(client, **options):
    read_session(client, "cart", **options)


@pytest.fixture(params=[edit_cart, read_cart])
def look(request):
    """Edit or read the session."""
    return request.param


@pytest.mark.parametrize(
    ("of_testapp", "options", "url"),
    [
        ({}, {}, "http://localhost/"),
        ({}, {"url": "/a/b?c=d"}, "http://localhost/a/b?c=d"),
        ({}, {"url": "https://localhost/"}, "https://localhost/"),
        ({}, {"url": "https://localhost"}, "https://localhost"),
        ({}, {"url": "https://shop.example.com:8443/a#b"}, "https://shop.example.com:8443/a"),
        ({"wsgi.url_scheme": "https"}, {}, "https://localhost:80/"),
        ({"HTTP_HOST": "example.com"}, {"url": "/a"}, "http://example.com/a"),
        ({}, {"extra_environ": {"wsgi.url_scheme": "https"}}, "https://localhost:80/"),
        ({"HTTP_HOST": "a.org"}, {"extra_environ": {"HTTP_HOST": "b.org"}}, "http://b.org/"),
    ],
)
def test_the_discriminator_sees_the_request_that_the_testapp_would_send(
    ask, requests, look, of_testapp, options, url
):
    """Its scheme is that of the url, or of the TestApp."""
    client = ask(extra_environ=of_testapp)
    look(client, **options)
    client.get(
        options.get("url", "/"),
        extra_environ={"tests.stage": open_cart, **options.get("extra_environ", {})},
    )
    helper_request, client_request = requests
    assert helper_request.url == client_request.url == url
    assert helper_request.method == client_request.method


def open_cart(request):
    request.session_multi["cart"]
    return request.response


def test_cookies_and_headers_of_the_testapp_are_sent(ask, requests, look):
    client = ask()
    client.set_cookie("theme", "dark")
    client.authorization = ("Basic", ("anna", "tea"))
    look(client)
    assert requests[0].cookies == {"theme": "dark"}
    assert requests[0].authorization.authtype == "Basic"


def test_a_derived_testapp_is_used_as_it_is(ask, requests, look):
    """It may add headers to all requests."""

    class OwnTestApp(TestApp):
        def do_request(self, req, *args, **kwargs):
            req.headers["X-Tenant"] = "anna"
            return super().do_request(req, *args, **kwargs)

    look(OwnTestApp(ask().app))
    assert requests[0].headers["X-Tenant"] == "anna"


def test_the_discriminator_runs_once(ask, requests, look):
    look(ask())
    assert len(requests) == 1


def test_the_route_is_matched(ask, requests, look):
    """The root is that of the route."""

    def setup(config):
        config.add_route("tea", "/tea/{kind}", factory=lambda request: request.matchdict["kind"])

    client = ask(setup)
    look(client, url="/tea/green")
    look(client)
    assert (requests[0].matched_route.name, requests[0].context) == ("tea", "green")
    assert requests[0].root == "green"
    assert requests[1].matched_route.name == "stage"


def test_an_application_without_routes_has_a_root(make):
    config = Configurator(package="pyramid", root_factory=lambda request: "the root")
    config.include("pyramid_session_multi")
    config.register_session_factory("cart", make("signed")("cart"), lambda r: r.context == r.root)
    client = TestApp(config.make_wsgi_app())
    edit_cart(client)
    assert read_session(client, "cart") == {"x": 1}


def test_the_request_has_the_applications_extensions(ask, look):
    def setup(config):
        config.add_request_method(lambda request: request.domain == "localhost", "home", reify=True)

    client = ask(setup, lambda request: request.home)
    look(client)
    with pytest.raises(RefusedSession):
        look(client, url="http://elsewhere/")


def test_the_request_is_the_current_one_until_the_end_of_the_block(ask, requests):
    client = ask()
    with edit_session(client, "cart"):
        assert get_current_request() is requests[0]
    with pytest.raises(ZeroDivisionError), edit_session(client, "cart"):
        raise ZeroDivisionError
    with pytest.raises(RefusedSession):
        read_session(ask(discriminator=lambda request: False), "cart")
    assert get_current_request() is None


def test_no_event_tween_or_view_runs(ask, look, monkeypatch):
    ran = []

    def view(request):
        ran.append("view")
        return request.response

    def tween(handler, registry):
        return lambda request: ran.append("tween") or handler(request)

    def setup(config):
        monkeypatch.setitem(sys.modules, "tests_tween", SimpleNamespace(tween=tween))
        config.add_tween("tests_tween.tween")
        config.add_subscriber(ran.append, NewRequest)
        config.add_subscriber(ran.append, NewResponse)
        config.add_route("view", "/view")
        config.add_view(view, route_name="view")

    client = ask(setup)
    look(client, url="/view")
    assert ran == []
    client.get("/view")
    assert len(ran) == 4


@pytest.mark.parametrize("block_raises", [False, True])
def test_finished_callbacks_of_the_application_run(ask, block_raises):
    """They close a database connection that a discriminator opened, even if the block raises."""
    closed_requests = []

    def discriminator(request):
        request.add_finished_callback(closed_requests.append)
        return True

    client = ask(discriminator=discriminator)
    with suppress(ZeroDivisionError), edit_session(client, "cart"):
        assert not closed_requests
        assert not block_raises or 1 / 0
    assert len(closed_requests) == 1
    read_session(client, "cart")
    assert len(closed_requests) == 2


def test_it_works_with_the_debug_toolbar_and_the_panel(browse, signed):
    """The panel observes every opening; this one is outside the toolbar's requests."""
    pytest.importorskip("pyramid_session_multi_debugtoolbar")
    settings = {
        "debugtoolbar.hosts": "0.0.0.0/0",
        "debugtoolbar.includes": "pyramid_session_multi_debugtoolbar",
    }

    def setup(config):
        config.include("pyramid_debugtoolbar")

    client = TestApp(browse(cart=signed("cart"), setup=setup, settings=settings).app)
    edit_cart(client)
    assert client.get("/", extra_environ={"tests.stage": open_cart}).status_int == 200
    assert read_session(client, "cart") == {"x": 1}


def test_a_session_that_no_view_can_open_by_default_can_be_edited(ask):
    """``session_multi.views = declared`` binds views, and no view runs here."""
    client = ask(settings={"session_multi.views": "declared"})
    edit_cart(client)
    assert read_session(client, "cart") == {"x": 1}
