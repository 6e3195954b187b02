"""Including the panel in the toolbar."""

from __future__ import annotations

import sys

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid_session_multi import ISessionMultiManagerConfig, ISessionMultiObserver
from pyramid_session_multi_debugtoolbar import SessionMultiDebugPanel
from pyramid_session_multi_debugtoolbar.observe.observer import SessionMultiObserver
from zope.interface.verify import verifyClass, verifyObject


@pytest.mark.parametrize(
    "include", ["pyramid_session_multi.debugtoolbar", "pyramid_session_multi_debugtoolbar"]
)
@pytest.mark.parametrize("first", ["pyramid_debugtoolbar", "pyramid_session_multi"])
def test_either_spelling_in_either_order(include, first):
    """By the name in the core, as in settings for 0.4.0, and by that of the package."""
    config = Configurator(settings={"debugtoolbar.includes": include})
    for package in sorted(["pyramid_debugtoolbar", "pyramid_session_multi"], key=first.__ne__):
        config.include(package)
    registry = config.make_wsgi_app().registry
    assert isinstance(
        registry.getUtility(ISessionMultiManagerConfig).observer, SessionMultiObserver
    )


def test_without_the_panel_package(monkeypatch):
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "pyramid_session_multi_debugtoolbar", None)
    settings = {"debugtoolbar.includes": "pyramid_session_multi.debugtoolbar"}
    with pytest.raises(ConfigurationError, match="pip install pyramid_session_multi_debugtoolbar"):
        Configurator(settings=settings).include("pyramid_debugtoolbar")


@pytest.mark.parametrize(
    "include", ["pyramid_session_multi.debugtoolbar", "pyramid_session_multi_debugtoolbar"]
)
@pytest.mark.parametrize("toolbar", [[], ["pyramid_debugtoolbar"]])
def test_the_panel_in_the_application_itself(include, toolbar):
    """In pyramid.includes instead of debugtoolbar.includes: the error says where it belongs."""
    settings = {"pyramid.includes": [*toolbar, include]}
    with pytest.raises(ConfigurationError, match="Move it to debugtoolbar"):
        Configurator(settings=settings)


def test_names_that_stay():
    """They are those of version 0.4.0."""
    assert SessionMultiDebugPanel.name == "session_multi"
    assert SessionMultiDebugPanel.title == SessionMultiDebugPanel.nav_title == "SessionMulti"
    assert SessionMultiDebugPanel.user_activate
    assert verifyClass(ISessionMultiObserver, SessionMultiObserver)
    assert verifyObject(ISessionMultiObserver, SessionMultiObserver())


def test_a_toolbar_that_is_switched_off(site, signed):
    """There is no observer."""
    here = site(settings={"debugtoolbar.enabled": "false"}, a=signed("a"))
    assert here.app.registry.getUtility(ISessionMultiManagerConfig).observer is None
    here.multi(lambda m: m["a"].update(x=1))


def test_an_existing_observer_stays(site, signed):
    """The panel says that the sessions have another observer."""

    class Other:
        seen = 0

        def opening(self, *args):
            Other.seen += 1

        opened = refused = failed = opening

    def setup(config):
        config.registry.getUtility(ISessionMultiManagerConfig).observer = Other()

    here = site(a=signed("a"), setup=setup)
    here.multi(lambda m: m["a"].update(x=1))
    assert Other.seen == 2
    assert "The sessions have another observer" in here.content.get_text()


def test_an_application_without_the_core(site):
    """The panel says so; nothing fails."""
    from webtest import TestApp

    config = Configurator(settings={"debugtoolbar.includes": "pyramid_session_multi_debugtoolbar"})
    config.include("pyramid_debugtoolbar")
    config.add_view(lambda request: request.response)
    app = TestApp(config.make_wsgi_app(), extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    app.get("/")
    page = app.get(f"/_debug_toolbar/{app.app.registry.pdtb_history.last(1)[0][0]}")
    panel = page.html.find(id="pDebugPanel-session_multi-content")
    text = panel.get_text(" ", strip=True)
    assert 'does not call config.include("pyramid_session_multi")' in text


def test_a_request_that_is_not_observed(site, signed):
    """Excluded paths, other hosts, and the toolbar's own pages."""
    here = site(a=signed("a"))
    blank = Request.blank("/", environ={"REMOTE_ADDR": "192.0.2.1"})
    blank.environ["tests.view"] = lambda request: (
        request.session_multi["a"].update(x=1),
        request.response,
    )[1]
    answer = blank.get_response(here.app)
    assert answer.status_int == 200
    assert answer.headers["Set-Cookie"].startswith("a=")
