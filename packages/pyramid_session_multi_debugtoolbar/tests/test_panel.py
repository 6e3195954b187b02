"""The panel's page: states, locations, times, sizes, and values in and out."""

from __future__ import annotations

import gc
import weakref

import pytest
from pyramid.response import Response
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import https_only, namespace_session_factory

EXCVIEW = "pyramid.tweens.excview_tween_factory"
TOOLBAR = "pyramid_debugtoolbar.toolbar_tween_factory"


def beaker(name):
    return BeakerSessionFactoryConfig(key=name, type="memory", secret=f"the secret of {name}")


NOTHING = "\N{EN DASH}"


def down(request):
    raise OSError("the backend is down")


def test_each_namespace_has_its_state(site, signed):
    """In the order of registration."""
    here = site(
        opened=signed("opened"),
        refused=(signed("refused"), lambda request: False),
        failed=(down, None, "failed"),
        received=signed("received"),
        asked=(signed("asked"), lambda request: True),
        untouched=signed("untouched"),
    )
    here.multi(lambda m: [m[name].update(x=1) for name in ("received", "asked")])

    def view(m):
        m["opened"], m["refused"]
        with pytest.raises(OSError, match="down"):
            m["failed"]

    here.multi(view)
    assert list(here.states.items()) == [
        ("opened", "opened"),
        ("refused", "refused"),
        ("failed", "failed"),
        ("received", "received, not opened"),
        ("asked", "received, discriminator not run"),
        ("untouched", "untouched"),
    ]
    assert here.panel.nav_subtitle == "1/6"


def test_a_refused_namespace_names_its_discriminator(site, signed):
    """By its name in the table of the configuration, with the value that the application got."""
    here = site(a=(signed("a"), https_only), b=signed("b"))
    here.multi(lambda m: (m["a"], m["b"]))
    assert here.section("a") == (
        "a refused pyramid_session_multi.https_only refused it, "
        "so request.session_multi['a'] was None."
    )
    table_text = here.content.find_all("table")[-1].get_text(" ", strip=True)
    assert "pyramid_session_multi.https_only" in table_text


def test_a_discriminator_can_have_an_odd_name(site, signed):
    """It neither breaks the page nor becomes markup."""

    class Odd:
        def __call__(self, request):
            return False

    class Failing(Odd):
        def __getattr__(self, name):
            raise (OSError if name in ("__qualname__", "__func__") else AttributeError)(name)

    Odd.__qualname__ = "<script>"
    here = site(a=(signed("a"), Odd()))
    here.multi(lambda m: m["a"])
    assert "<script> refused it" in here.section("a")
    here = site(a=(signed("a"), Failing()))
    here.multi(lambda m: m["a"])
    assert "Failing refused it" in here.section("a")
    assert f"an instance of {__name__}." in here.content.find_all("table")[-1].get_text()


def test_the_number_of_keys_says_what_it_counts(site, signed):
    """To a pointer and to a screen reader: the symbols alone are not clear."""

    def cell():
        return here.content.find("table").tbody.find_all("td")[-1]

    here = site(a=signed("a"))
    here.multi(lambda m: m["a"].update({"old": 1, "gone": 1, "same": 1}))
    here.multi(lambda m: (m["a"].update({"old": 2, "new": 1}), m["a"].pop("gone")))
    assert cell().find("span")["title"] == "keys at the end of this request"
    assert [sign["title"] for sign in cell().find_all("abbr")] == [
        "1 added",
        "1 changed",
        "1 removed",
    ]
    for sign in cell().find_all("abbr"):
        seen, read = sign.find_all("span")
        assert seen["aria-hidden"] == "true"
        assert read.get_text() == sign["title"]
    here.multi(lambda m: None)
    assert cell().find("span")["title"] == "keys in the cookie"


def test_the_tab_is_red_on_a_failure(site, signed):
    """A failed namespace or response; a refused or untouched namespace is not a failure."""
    here = site(a=(down, None, "a"), b=signed("b"), c=(signed("c"), lambda request: False))
    here.multi(lambda m: (m["b"], m["c"]))
    assert here.panel.nav_subtitle_style == ""
    here.multi(lambda m: m["a"])
    assert here.response.status_int == 500
    assert "danger" in here.panel.nav_subtitle_style


def test_a_failure_shows_its_exception(site):
    """Its type and message, and the number of attempts."""
    here = site(a=(down, None, "a"))

    def view(m):
        for _ in range(2):
            with pytest.raises(OSError, match="down"):
                m["a"]

    here.multi(view)
    assert "raised OSError (attempt 2)" in here.content.get_text(" ", strip=True)
    assert "raised OSError (attempt 2): the backend is down" in here.section("a")


def test_the_first_access_is_a_line_of_the_application(site, signed):
    """With the calls that led to it, for every method of the manager."""
    here = site(
        a=signed("a"),
        b=signed("b"),
        setup=lambda config: config.set_session_factory(namespace_session_factory("b")),
    )

    def view(request):
        request.session_multi.get("a")
        return request.session.get("x")

    here.visit(view)
    line = view.__code__.co_firstlineno
    callers = [summary.get_text(strip=True) for summary in here.content.find_all("summary")]
    assert [text.rpartition("/")[2] for text in callers] == [
        f"test_panel.py:{line + 1}",
        f"test_panel.py:{line + 2}",
    ]
    calls = here.content.find("details").find_all("li")
    assert "pyramid" in calls[-1].get_text()
    assert all("pyramid_session_multi/" not in call.get_text() for call in calls)


def test_an_outer_tween_can_have_opened_it_before(site, signed, tween):
    """The line is not known, but the values are."""

    def outer(handler, request):
        request.session_multi["a"]["x"] = "from outside"
        return handler(request)

    here = site(a=signed("a"), setup=lambda c: tween(c, outer, over=[TOOLBAR, EXCVIEW]))
    here.visit()
    assert here.states == {"a": "opened"}
    assert "Requested by a tween outside the toolbar." in here.section("a")
    assert "from outside" in here.section("a")


def test_an_outer_tween_can_have_been_refused(site, signed, tween):
    """The panel shows that as well."""

    def outer(handler, request):
        assert request.session_multi["a"] is None
        return handler(request)

    here = site(
        a=(signed("a"), lambda request: False),
        setup=lambda c: tween(c, outer, over=[TOOLBAR, EXCVIEW]),
    )
    here.visit()
    assert here.states == {"a": "refused"}


def test_sizes_are_those_that_browsers_count(site, signed):
    """Name and value, of each cookie and of all together."""
    here = site(a=signed("a"), b=signed("b"))
    here.multi(lambda m: [m[name].update(x=1) for name in "ab"])
    sent = here.response.headers.getall("Set-Cookie")
    sizes = [len(header.partition(";")[0]) - 1 for header in sent]
    foot = [cell.get_text(strip=True) for cell in here.content.find("tfoot").find_all("th")]
    assert foot == ["All session cookies", "0", str(sum(sizes))]
    here.multi(lambda m: None)
    foot = [cell.get_text(strip=True) for cell in here.content.find("tfoot").find_all("th")]
    assert foot == ["All session cookies", str(sum(sizes)), "0"]


def test_set_cookie_is_shown_as_it_was_sent(site, signed):
    """Its attributes, without its value."""
    here = site(a=signed("a", max_age=60, httponly=True, samesite="Strict"))
    here.multi(lambda m: m["a"].update(x=1))
    section = here.section("a")
    assert "Max-Age=60; Path=/;" in section
    assert "HttpOnly; SameSite=Strict" in section
    assert here.client.cookies["a"] not in str(here.content)


def test_the_response_of_the_outermost_tween_counts(site, signed, tween):
    """Not the one that the toolbar received."""

    def replacing(handler, request):
        handler(request)
        return Response("another", content_type="text/plain")

    here = site(a=signed("a"), setup=lambda c: tween(c, replacing, over=[TOOLBAR, EXCVIEW]))
    here.multi(lambda m: m["a"].update(x=1))
    assert "Set-Cookie" in here.section("a")
    assert not here.has_lost_writes


def test_nothing_of_the_request_is_kept(site, signed):
    """Neither the request nor a session, beyond what the toolbar itself keeps."""
    here = site(a=signed("a"))
    seen = []

    class Value:
        pass

    def view(request):
        session = request.session_multi["a"]
        session["x"] = value = Value()
        seen.extend([weakref.ref(value), weakref.ref(request)])
        request.add_response_callback(lambda request, response: session.clear())

    with pytest.raises(TypeError):  # JSON cannot hold it
        here.visit(view)
    panel = here.panel
    here.app.registry.pdtb_history.clear()
    gc.collect()
    assert panel.report.rows[0].name == "a"
    assert [ref() for ref in seen] == [None, None]


def test_a_request_that_is_not_over_says_so(site, signed):
    """Its page can be requested before all callbacks have run."""
    here = site(a=signed("a"))
    here.multi(lambda m: m["a"].update(x=1))
    pages = []

    def view_page(request):
        here.index = 0
        pages.append((here.panel.nav_subtitle, here.content.get_text()))

    def view(request):
        request.session_multi["a"]["x"] = 2
        request.add_finished_callback(view_page)

    here.visit(view)
    assert pages[0][0] == "1/1"
    assert "This request is still running" in pages[0][1]
    assert "This request is still running" not in here.content.get_text()
    assert [(c.before, c.after) for c in here.panel.report.rows[0].changes] == [("1", "2")]


def test_a_finished_callback_that_raises(site, signed):
    """The panel is not called again, but shows what it knows."""
    here = site(a=signed("a"), b=signed("b"))
    here.multi(lambda m: [m[name].update(x=1) for name in "ab"])

    def fail(request):
        raise OSError("in a finished callback")

    def view(request):
        request.session_multi["a"]["x"] = 2
        request.add_finished_callback(fail)

    with pytest.raises(OSError, match="in a finished callback"):
        here.visit(view)
    assert here.states == {"a": "opened", "b": "received, not opened"}
    assert "one of its finished callbacks raised" in here.content.get_text()
    assert "danger" in here.panel.nav_subtitle_style
    assert [change.before for change in here.panel.report.rows[0].changes] == ["1"]
    assert "before it could be read" in here.section("b")
    assert [row.key_count for row in here.panel.report.rows] == [None, None]
    assert here.panel._errors.lines == []
