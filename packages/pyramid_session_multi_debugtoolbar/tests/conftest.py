"""Applications with and without the toolbar. Test modules use these fixtures, not helpers."""

from __future__ import annotations

import sys
import time
from types import ModuleType

import pytest
from pyramid.config import Configurator
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory
from webtest import TestApp

PANELS = "headers request_vars session performance"


class Site:
    """An application and a browser. A visit runs the given view."""

    def __init__(self, app):
        self.app = app
        self.client = TestApp(app, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
        self.response = None

    def visit(self, view=None, *, url="/", method="GET", **environ):
        """Return the result of the view, and record the response."""
        outcomes = []

        def stage(request):
            outcomes.append(view(request) if view is not None else None)
            answer = outcomes[0]
            return (
                answer if isinstance(answer, Response) else Response("", content_type="text/plain")
            )

        environ["tests.view"] = stage
        send = {"GET": self.client.get, "HEAD": self.client.head}[method]
        self.response = send(url, extra_environ=environ, expect_errors=True)
        return outcomes[0] if outcomes else None

    def multi(self, view, **options):
        """Like ``visit``, for a function that takes ``request.session_multi``."""
        return self.visit(lambda request: view(request.session_multi), **options)

    index = 0  # the request that is viewed: 0 is the last one, 1 the one before it

    @property
    def panel(self):
        """The panel of the request."""
        toolbar = self.app.registry.pdtb_history[self.index][1]
        return next(panel for panel in toolbar.panels if panel.name == "session_multi")

    @property
    def has_lost_writes(self):
        """True if the panel reports a lost write in the request."""
        return any(row.lost for row in self.panel.report.rows)

    @property
    def page(self):
        """The toolbar's page for the request."""
        number = self.app.registry.pdtb_history[self.index][0]
        return self.client.get(f"/_debug_toolbar/{number}", status=200)

    @property
    def content(self):
        """The panel's content on the page, as a tree."""
        return self.page.html.find(id="pDebugPanel-session_multi-content")

    @property
    def states(self):
        """Namespace to its state on the page."""
        table = self.content.find("table")
        rows = [row for row in table.tbody.find_all("tr", recursive=False) if row.th]
        return {
            row.th.get_text(strip=True): row.td.find("span").get_text(strip=True) for row in rows
        }

    def section(self, namespace):
        """The text of a namespace's section on the page; empty if it has none."""
        for section in self.content.find_all(class_="panel"):
            if section.strong.get_text(strip=True) == namespace:
                return section.get_text(" ", strip=True)
        return ""


@pytest.fixture(scope="session")
def site():
    """Make an application and a browser for it.

    Keywords are namespaces: a factory, or a tuple of what ``register_session_factory`` takes.

    :param toolbar: False: none; True: with the panel; "bare": without the panel; "activated": with
        the panel, activated.
    """

    def site(*, toolbar=True, setup=lambda config: None, settings=None, **namespaces):
        settings = {
            "debugtoolbar.includes": ""
            if toolbar == "bare"
            else "pyramid_session_multi.debugtoolbar",
            "debugtoolbar.active_panels": "session_multi" if toolbar == "activated" else "",
            # those that access sessions or requests; the others are slow
            "debugtoolbar.panels": PANELS if toolbar == "bare" else f"{PANELS} session_multi",
            "debugtoolbar.global_panels": "routes",
            **(settings or {}),
        }
        config = Configurator(settings=settings)
        if toolbar:
            config.include("pyramid_debugtoolbar")
        config.include("pyramid_session_multi")
        for name, arguments in namespaces.items():
            several = arguments if isinstance(arguments, tuple) else (arguments,)
            config.register_session_factory(name, *several)
        setup(config)
        config.add_route("stage", "/*path")
        config.add_view(lambda request: request.environ["tests.view"](request), route_name="stage")
        return Site(config.make_wsgi_app())

    return site


@pytest.fixture(scope="session")
def signed():
    """Pyramid's signed cookie session, with its own cookie and secret."""

    def signed(name, **options):
        return SignedCookieSessionFactory(
            f"the secret of {name}", **{"cookie_name": name, "reissue_time": None, **options}
        )

    return signed


@pytest.fixture(scope="session")
def tween():
    """``tween(config, function, over=...)`` adds ``function(handler, request)`` as a tween.

    It is left out for the toolbar's own pages.
    """
    module = ModuleType("tweens_of_the_tests")

    def tween(config, function, **where):
        name = f"tween_{len(vars(module))}"

        def factory(handler, registry):
            return lambda request: (
                function(handler, request) if "tests.view" in request.environ else handler(request)
            )

        setattr(module, name, factory)
        config.add_tween(f"{module.__name__}.{name}", **where)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, module.__name__, module)
        yield tween


@pytest.fixture
def clock(monkeypatch):
    """A clock that only a test moves: ``clock.now += seconds``."""

    class Clock:
        now = float(int(time.time()))

    import pyramid_session_redis.util

    monkeypatch.setattr(time, "time", lambda: Clock.now)
    monkeypatch.setattr(pyramid_session_redis.util, "time_time", lambda: Clock.now)
    return Clock
