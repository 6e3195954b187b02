"""Real backends, real servers, and clients with their own cookies.

Test modules use these fixtures, not helpers. A request runs the view that its client passes, in
this process, either through WebTest or through a socket to waitress.
"""

from __future__ import annotations

import http.client
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import count

import pytest
import waitress
from pyramid.response import Response
from waitress.wasyncore import close_all
from webtest import TestApp


def pytest_addoption(parser):
    parser.addoption("--update-docs", action="store_true", help="write what tests know into docs/")


class Site:
    """An application whose requests run the views of its clients."""

    def __init__(self, config):
        self.views = {}
        self.numbers = count()
        config.add_route("stage", "/*path")
        config.add_view(self._stage, route_name="stage")
        self.app = config.make_wsgi_app()

    def _stage(self, request):
        view, outcomes = self.views[request.headers["X-View"]]
        outcomes.append(view(request))
        return outcomes[0] if isinstance(outcomes[0], Response) else request.response


class Client:
    """A browser: it stores received cookies unchanged, and sends them back."""

    def __init__(self, site, send):
        self.site, self.send, self.cookies = site, send, {}

    def visit(self, view, *, path="/", method="GET", **headers):
        """The result of the view, or ``None`` if it raised; records ``status`` and ``headers``."""
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        outcomes, name = [], str(next(self.site.numbers))
        self.site.views[name] = view, outcomes
        self.status, self.headers, self.body = self.send(method, path, {"X-View": name, **headers})
        for header in self.set_cookies:
            self._keep(header)
        return outcomes[0] if outcomes else None

    def multi(self, view, **options):
        """Like ``visit``, for a view that takes ``request.session_multi``."""
        return self.visit(lambda request: view(request.session_multi), **options)

    def _keep(self, header):
        pair, *attributes = header.split(";")
        name, _, value = (part.strip() for part in pair.partition("="))
        self.cookies[name] = value
        for attribute in attributes:
            key, _, text = attribute.strip().lower().partition("=")
            past = key == "expires" and text and parsedate_to_datetime(text)
            if (past and past < datetime.now(UTC)) or (key == "max-age" and text == "0"):
                self.cookies.pop(name, None)

    @property
    def set_cookies(self):
        return [value for name, value in self.headers if name.lower() == "set-cookie"]

    def stranger(self, **cookies):
        """Another browser, with only these cookies."""
        other = Client(self.site, self.send)
        other.cookies.update(cookies)
        return other


@contextmanager
def in_process(site):
    """Requests through WebTest, which checks WSGI compliance."""
    testapp = TestApp(site.app, cookiejar=CookieJar(DefaultCookiePolicy(allowed_domains=[])))

    def send(method, path, headers):
        answer = testapp.request(path, method=method, headers=headers, status="*")
        return answer.status_int, answer.headerlist, answer.body

    yield send


@contextmanager
def over_http(site, **options):
    """Requests through sockets to a waitress server; each thread has its own connection."""
    server = waitress.create_server(site.app, host="127.0.0.1", port=0, **options)
    thread = threading.Thread(target=server.run)
    thread.start()
    local, opened = threading.local(), []

    def send(method, path, headers):
        if not hasattr(local, "connection"):
            address = "127.0.0.1", server.effective_port
            local.connection = http.client.HTTPConnection(*address, timeout=60)
            opened.append(local.connection)
        local.connection.request(method, path, headers=headers)
        answer = local.connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    try:
        yield send
    finally:
        for connection in opened:
            connection.close()
        sockets = dict(server._map)
        server.trigger.pull_trigger(server._map.clear)  # its loop ends without them
        thread.join()
        server.task_dispatcher.shutdown()
        close_all(sockets)


TRANSPORTS = {"webtest": in_process, "waitress": over_http}


@pytest.fixture(scope="session")
def stage():
    """``stage(config)``: its application, whose one view runs those of clients."""
    return Site


@pytest.fixture(scope="session")
def connecting():
    """``with connecting(site, transport) as client``: through "webtest" or through "waitress"."""

    @contextmanager
    def connecting(site, transport="waitress", **options):
        with {"webtest": in_process, "waitress": over_http}[transport](site, **options) as send:
            yield Client(site, send)

    return connecting


@pytest.fixture
def connect(connecting):
    """``connect(site, transport)``: a client with an empty jar, until the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(connecting(*args, **options))
