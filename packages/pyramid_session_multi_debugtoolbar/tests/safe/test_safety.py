"""An error of the panel is a line in the panel, and no session makes a page too large."""

from __future__ import annotations

import pytest
from pyramid.request import Request
from pyramid.response import Response
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import SessionLibrary
from pyramid_session_multi_debugtoolbar import SessionMultiDebugPanel, panel
from pyramid_session_multi_debugtoolbar.observe.observation import Observation
from pyramid_session_multi_debugtoolbar.panel_errors import PanelErrors

LARGEST_PAGE = 400_000


def fault(*args, **options):
    raise ZeroDivisionError("in the panel")


@pytest.fixture
def breaking(monkeypatch):
    """Replace a function by one that raises."""
    return lambda owner, name: monkeypatch.setattr(owner, name, fault)


PARTS = {
    "start_observing": (panel, "start_observing"),
    "observer_of": (panel, "observer_of"),
    "collect": (panel, "collect"),
    "build_report": (panel, "build_report"),
    "configuration": (panel, "namespace_table"),
    "opening": (Observation, "opening"),
    "opened": (Observation, "opened"),
    "refused": (Observation, "refused"),
    "failed": (Observation, "failed"),
}


@pytest.mark.parametrize("part", PARTS)
def test_an_error_of_the_panel_is_a_line_in_the_panel(site, signed, breaking, part):
    """Neither the application nor the other panels notice."""

    def down(request):
        raise OSError("down")

    here = site(
        a=signed("a"), b=(signed("b"), lambda request: False), c=(down, None, "c"), d=signed("d")
    )
    breaking(*PARTS[part])

    def view(request):
        m = request.session_multi
        m["a"]["x"] = m["b"]
        with pytest.raises(OSError, match="down"):
            m["c"]
        return Response("fine", content_type="text/plain")

    here.visit(view)
    assert (here.response.status_int, here.response.text) == (200, "fine")
    assert "a" in here.client.cookies
    content = here.content.get_text(" ", strip=True)
    assert "ZeroDivisionError" in content
    assert "This panel failed in part" in content
    assert "still running" not in content  # the request is over
    assert "in the panel" not in content.replace("This panel", "")  # the text of the error
    assert here.page.html.find(id="pDebugPanel-headers-content") is not None


@pytest.mark.parametrize("part", ["collect", "build_report"])
def test_without_a_report_the_button_says_nothing_of_the_request(site, signed, breaking, part):
    """It has no number of sessions, and no color."""
    here = site(a=signed("a"))
    breaking(*PARTS[part])
    here.multi(lambda m: m["a"])
    assert (here.panel.nav_subtitle, here.panel.nav_subtitle_style) == ("", "")


def test_an_interrupt_is_not_an_error_of_the_panel():
    """It ends the server, or the thread, as it does without the panel."""
    errors = PanelErrors()
    with pytest.raises(KeyboardInterrupt), errors.guard("reading"):
        raise KeyboardInterrupt
    assert errors.lines == []


def test_a_template_that_fails(site, signed, monkeypatch):
    """The other panels are still shown."""
    here = site(a=signed("a"))
    monkeypatch.setattr(SessionMultiDebugPanel, "template", "no.such:template.dbtmako")
    here.multi(lambda m: m["a"])
    assert "This panel cannot be shown" in here.content.get_text()


def test_a_description_that_fails(site, signed):
    """The application's own session library description; its exception is a line as well."""

    class Broken(SessionLibrary):
        recognizes_session = came_from_cookie = read = read_passively = fault
        cookie_attributes = maker = fault

        def recognizes_factory(self, candidate):
            return getattr(candidate, "mine", False)

    def factory(request):
        return {"x": 1}

    factory.mine = True
    here = site(
        toolbar="activated",
        setup=lambda config: config.register_session_library(Broken()),
        a=(factory, None, "a"),
        b=signed("b"),
    )
    here.client.set_cookie("a", "x")
    here.multi(lambda m: (m["a"], m["b"].update(y=1)))
    assert here.states == {"a": "opened", "b": "opened"}
    assert "ZeroDivisionError" in here.content.get_text()
    assert "y" in here.section("b")


class Raising:
    def __repr__(self):
        raise OSError("no repr")

    def __reduce__(self):
        return Raising, ()


def huge():
    loop = {"in": []}
    loop["in"].append(loop)
    return {
        "text": "<&'\"" * 2_500_000,
        "items": list(range(500_000)),
        "loop": loop,
        "raising": Raising(),
        1: "number",
        None: "none",
        ("a", 1): "tuple",
        b"bytes": "bytes",
        "texts": {str(n): "'" * 500 for n in range(1000)},
    }


MANY = {f"'key' <{n}> {'&' * 90}": "'" * 5000 for n in range(500)}


@pytest.mark.parametrize("toolbar", [True, "activated"])
@pytest.mark.parametrize(
    ("names", "data"),
    [("ab", huge), ("abcdefgh", lambda: MANY), ("a", lambda: dict.fromkeys(range(500_000), "'"))],
    ids=["huge", "many", "half a million"],
)
def test_a_page_stays_below_400_kb(site, toolbar, names, data):
    """With several such sessions, whose texts all grow when they are escaped."""
    factories = {
        name: BeakerSessionFactoryConfig(key=name, type="memory", secret=f"the secret of {name}")
        for name in names
    }
    here = site(toolbar=toolbar, **factories)
    for _ in range(2):
        here.multi(lambda m: [m[name].update(data()) for name in factories])
        assert len(here.page.body) < LARGEST_PAGE
        assert here.panel._errors.lines == []
        assert here.states == dict.fromkeys(factories, "opened")
        assert all("more keys" in here.section(name) or "number" in here.section(name) or
                   "too many" in here.section(name) for name in factories)  # fmt: skip


def test_many_namespaces_stay_below_400_kb(site, signed):
    """Those that were used are first."""
    names = [f"<namespace {n}> {'&' * 60}" for n in range(300)]
    factories = {name: signed(f"cookie{n}") for n, name in enumerate(names)}
    here = site(settings={"session_multi.isolation": "off"}, **factories)
    here.multi(lambda m: [m[name].update(x="'" * 100) for name in names[100:200]])
    page = here.page
    assert len(page.body) < LARGEST_PAGE
    assert "more namespaces" in here.content.get_text()
    assert next(iter(here.states)) == names[100]


def test_many_errors_are_not_all_listed(site):
    """At most ten of them are."""

    class Broken(SessionLibrary):
        recognizes_session = fault

        def recognizes_factory(self, candidate):
            return getattr(candidate, "mine", False)

    def factory():
        broken = lambda request: {}  # noqa: E731
        broken.mine = True
        return broken

    names = [f"number{n}" for n in range(12)]
    here = site(
        setup=lambda config: config.register_session_library(Broken()),
        **{name: (factory(), None, name) for name in names},
    )
    here.multi(lambda m: [m[name] for name in names])
    assert len(here.content.find(class_="alert-danger").find_all("li")) == 10


def test_a_request_that_cannot_be_a_key(site, signed):
    """An application's own request class: nothing is observed, but nothing fails."""

    class Unhashable(Request):
        def __eq__(self, other):
            return self is other

        __hash__ = None

    here = site(a=signed("a"), setup=lambda config: config.set_request_factory(Unhashable))
    assert here.multi(lambda m: m["a"].update(x=1) or m["a"]["x"]) == 1
    assert here.response.status_int == 200
    assert "starting: TypeError" in here.content.get_text()
