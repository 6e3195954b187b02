"""Lost writes: what the next request will not find, and the reason; no false alarms."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from beaker.exceptions import BeakerException
from pyramid.events import NewResponse
from pyramid.response import Response
from pyramid_beaker import BeakerSessionFactoryConfig


def beaker(name, **options):
    if options.get("type") == "cookie":
        return BeakerSessionFactoryConfig(key=name, validate_key=f"key of {name}", **options)
    return BeakerSessionFactoryConfig(key=name, secret=f"secret of {name}", **options)


@pytest.fixture
def redis(redis_server):
    from pyramid_session_redis import RedisSessionFactory

    def redis(name, **options):
        return RedisSessionFactory(
            f"secret of {name}", cookie_name=name, redis_url=redis_server.url, **options
        )

    return redis


@pytest.fixture(params=["signed", "redis", "memory", "cookie"])
def any_library(request, signed, redis):
    """A session library, each in turn."""
    makers = {"signed": signed, "redis": redis}
    return makers.get(request.param) or (lambda name: beaker(name, type=request.param))


def lost(here, namespace="a"):
    """Key to its lost value: the value at the end, and the value in the next request."""
    rows = [row for row in here.panel.report.rows if row.name == namespace]
    assert here.panel._errors.lines == []
    return {each.label: (each.at_end, each.next_request) for each in rows[0].lost}


def start(m):
    m["a"].update({"x": 1, "nested": [1]})
    m["a"].flash("hello")


WRITES = {
    "first": lambda m: None,
    "set": lambda m: m["a"].update({"x": 2, "y": {"z": [1, None, 1.5, "text"]}}),
    "delete": lambda m: m["a"].pop("x"),
    "told": lambda m: (m["a"]["nested"].append(2), m["a"].changed()),
    "flash": lambda m: (m["a"].flash("again"), m["a"].pop_flash()),
    "token": lambda m: m["a"].new_csrf_token(),
    "clear": lambda m: [m["a"].pop(key) for key in ("x", "nested", "_f_")],
    "renew": lambda m: m.renew("a"),
    "renew and keep": lambda m: m.renew("a", keep=["x"]),
    "invalidate": lambda m: m.invalidate(),
    "invalidate and write": lambda m: (m.invalidate(), m["a"].update({"new": 1})),
    "read": lambda m: m["a"]["x"],
    "open": lambda m: m["a"],
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("toolbar", [True, "activated"])
def test_no_false_alarm(site, any_library, toolbar, write):
    """For all correct ways to write."""
    here = site(toolbar=toolbar, a=any_library("a"))
    here.multi(start)
    assert lost(here) == {}
    here.multi(WRITES[write])
    assert lost(here) == {}
    assert here.panel.nav_subtitle_style == ""


def test_a_change_in_place(site, signed):
    """The session cannot notice it; the tab, the table and the section say so."""
    here = site(a=signed("a"))
    here.multi(start)
    here.multi(lambda m: m["a"]["nested"].append(2))
    assert lost(here) == {"nested": ("[1, 2]", "[1]")}
    assert "session.changed()" in here.section("a")
    assert "warning" in here.panel.nav_subtitle_style
    assert "lost write" in here.content.find("table").get_text()


def test_a_change_in_place_on_a_server(site):
    """Beaker may store only assigned values; they are read back when activated."""
    here = site(toolbar="activated", a=beaker("a", type="memory", save_accessed_time=False))
    here.multi(start)
    here.multi(lambda m: m["a"]["nested"].append(2))
    assert lost(here) == {"nested": ("[1, 2]", "[1]")}
    assert "in place" in here.section("a")


def test_redis_stores_changes_in_place(site, redis):
    """Its sessions compare with the stored data."""
    here = site(toolbar="activated", a=redis("a"))
    here.multi(start)
    here.multi(lambda m: m["a"]["nested"].append(2))
    assert lost(here) == {}
    blind = site(toolbar="activated", a=redis("a", detect_changes=False))
    blind.multi(start)
    blind.multi(lambda m: m["a"]["nested"].append(2))
    assert lost(blind) == {"nested": ("[1, 2]", "[1]")}


def test_a_cookie_that_is_too_long_for_the_library(site, signed):
    """The response is lost, with all other writes; it is also a failure."""
    here = site(a=signed("a"), b=signed("b"))
    with pytest.raises(ValueError, match="too long"):
        here.multi(lambda m: (m["b"].update(y=1), m["a"].update(x="x" * 5000)))
    here.response = None
    assert set(lost(here)) == {"x"}
    assert lost(here, "b") == {"y": ("1", None)}
    assert "ValueError left the application, so no response was sent" in here.section("a")
    (note,) = here.content.find_all(class_="alert-danger")
    assert re.search(r"Cookie value is too long to store \(\d{4} bytes\)", note.get_text())
    assert "too large for its cookie" in here.section("b")
    assert {"progress-bar-warning", "progress-bar-danger"} <= set(
        here.panel.nav_subtitle_style.split()
    )


def test_a_cookie_that_is_too_long_for_beaker(site):
    """Beaker raises its own exception."""
    here = site(a=beaker("a", type="cookie"))
    with pytest.raises(BeakerException, match="too long"):
        here.multi(lambda m: m["a"].update({"x": "x" * 5000}))
    assert "too large for its cookie" in here.section("a")


def test_a_value_that_the_serializer_cannot_write(site, signed):
    """The type of the exception suggests the reason."""
    here = site(a=signed("a"))
    with pytest.raises(TypeError, match="datetime is not JSON serializable"):
        here.multi(lambda m: m["a"].update(at=datetime(2026, 1, 1)))  # noqa: DTZ001
    section = here.section("a")
    assert "TypeError left the application, so no response was sent" in section
    assert "often caused by a value that its serializer cannot write." in section
    assert "too large" not in section


def test_an_exception_that_gives_no_reason(site, signed):
    """Then no reason is shown."""

    def view(request):
        request.session_multi["a"]["x"] = 1
        request.add_response_callback(lambda request, response: {}["absent"])

    here = site(a=signed("a"))
    with pytest.raises(KeyError, match="absent"):
        here.visit(view)
    section = here.section("a")
    assert "KeyError left the application, so no response was sent." in section
    assert "while cookies are written" not in section


def test_a_cookie_that_is_too_long_for_browsers(site, signed):
    """Pyramid only limits the value, not the name."""
    name = "n" * 100
    here = site(a=signed(name))
    here.multi(lambda m: m["a"].update(x="x" * 2900))
    assert 4096 < here.panel.report.rows[0].outgoing_bytes < 4300
    assert "browsers keep at most 4,096" in here.section("a")
    assert set(lost(here)) == {"x"}


def test_no_cookie_on_exceptions(site, signed):
    """``set_on_exception=False``."""

    def setup(config):
        config.add_exception_view(lambda e, r: Response("handled"), context=LookupError)

    def view(m):
        m["a"]["x"] = 2
        raise LookupError

    here = site(a=signed("a", set_on_exception=False), setup=setup)
    here.multi(start)
    here.multi(view)
    assert lost(here) == {"x": ("2", "1")}
    assert "set_on_exception" in here.section("a")


def test_values_that_the_serializer_changes(site, signed):
    """JSON turns tuples into lists, and keys that are numbers into text."""
    here = site(a=signed("a"))
    here.multi(lambda m: m["a"].update({"pair": (1, 2), "by number": {1: 2}}))
    assert lost(here) == {"pair": ("(1, 2)", "[1, 2]"), "by number": ("{1: 2}", "{'1': 2}")}
    assert "serializer" in here.section("a")


@pytest.mark.parametrize("when", ["callback", "subscriber", "finished"])
def test_a_write_that_is_too_late(site, signed, when):
    """The cookies are already written."""

    def late(request):
        request.session_multi["a"]["late"] = 1

    def view(request):
        request.session_multi["a"]["x"] = 2
        if when == "callback":
            request.add_response_callback(lambda request, response: late(request))
        if when == "finished":
            request.add_finished_callback(late)

    def setup(config):
        if when == "subscriber":
            config.add_subscriber(lambda event: late(event.request), NewResponse)

    here = site(a=signed("a"), setup=setup)
    here.visit(view)
    assert lost(here) == {"late": ("1", None)}
    assert "changed after" in here.section("a")


def test_beakers_invalidate_in_cookie_mode(site):
    """It restores the old values when it writes the cookie: the session has not ended."""
    here = site(a=beaker("a", type="cookie"), b=beaker("b", type="cookie"))
    here.multi(lambda m: (start(m), m["b"].update({"y": 1})))
    here.multi(lambda m: (m["a"].invalidate(), m.invalidate("b")))
    assert lost(here) == {"x": (None, "1"), "nested": (None, "[1]"), "_f_": (None, "['hello']")}
    assert lost(here, "b") == {}
    assert [row.count("removed") for row in here.panel.report.rows] == [3, 1]
    assert "a user who was logged in still is" in here.section("a")
    assert here.multi(lambda m: (m["a"]["x"], dict(m["b"].items()).get("y"))) == (1, None)


def test_an_ended_session_that_is_filled_by_a_callback(site):
    """With other values: the application wrote them."""
    here = site(a=beaker("a", type="cookie"))
    here.multi(start)

    def view(request):
        request.add_response_callback(lambda r, response: r.session_multi["a"].update({"y": 2}))
        request.session_multi["a"].invalidate()

    here.visit(view)
    assert lost(here) == {}
    row = here.panel.report.rows[0]
    assert (row.count("removed"), row.count("added")) == (3, 1)


@pytest.mark.parametrize("toolbar", [True, "activated"])
def test_a_secure_cookie_on_http(site, signed, toolbar):
    """Browsers drop it, except on the local machine."""
    here = site(toolbar=toolbar, a=signed("a", secure=True))
    here.multi(lambda m: m["a"].update(x=1), HTTP_HOST="shop.example")
    assert lost(here) == {"x": ("1", None)}
    assert "it is Secure, and this is an http request" in here.section("a")
    here.multi(lambda m: m["a"].update(x=1), HTTP_HOST="localhost:6543")
    assert lost(here) == {}
    assert "A Secure cookie on an http request" in here.section("a")
    https = {"HTTP_HOST": "shop.example", "wsgi.url_scheme": "https"}
    here.multi(lambda m: m["a"].update(x=1), **https)
    assert lost(here) == {}
    assert "warning" not in here.section("a")


def test_a_new_session_on_a_server_without_its_cookie(site, redis):
    """Detected without querying the server."""
    here = site(a=redis("a", cookie_secure=True))
    here.multi(lambda m: m["a"].update({"x": 1}), HTTP_HOST="shop.example")
    assert lost(here) == {"x": ("1", None)}


UNCHECKED = (
    "Lost writes on a server are found only when this panel is activated: in Settings, or with "
    "debugtoolbar.active_panels = session_multi."
)


@pytest.mark.parametrize("library", ["redis", "memory", "cookie"])
def test_data_stored_on_a_server_are_checked_when_activated(site, redis, library):
    """Otherwise a sentence says that they are not checked, and how to check them."""
    for toolbar in (True, "activated"):
        here = site(
            toolbar=toolbar, a=redis("a") if library == "redis" else beaker("a", type=library)
        )
        for number in range(2):
            here.multi(lambda m, number=number: m["a"].update({"x": number}))
        unchecked = toolbar is True and library != "cookie"
        assert (UNCHECKED in here.section("a")) is unchecked
        assert here.section("a").count("activate") == unchecked


def test_a_session_without_writes_needs_no_check(site, redis):
    """If that is certain."""
    here = site(a=redis("a"))
    here.multi(lambda m: m["a"].update({"x": 1}))
    here.multi(lambda m: m["a"]["x"])
    assert UNCHECKED not in here.section("a")
