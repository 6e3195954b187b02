"""A failure shows its message, and writes of a failed request are shown as not stored."""

from __future__ import annotations

import pytest
import redis as redis_py
from pyramid.response import Response
from pyramid_session_redis import RedisSessionFactory


def test_a_failure_shows_its_message(site):
    """Escaped, and without a url's userinfo."""

    def down(request):
        raise OSError("<b> redis://user:secret@host is down")

    here = site(a=(down, None, "a"))
    here.multi(lambda m: m["a"])
    assert "raised OSError: <b> redis://…@host is down" in here.section("a")
    assert "<b> redis" not in str(here.content)
    assert "secret" not in str(here.content)
    assert "danger" in here.panel.nav_subtitle_style


@pytest.mark.parametrize("kind", ["redis", "undescribed"])
def test_an_error_of_storing_is_shown_in_its_row(site, start_redis, kind):
    """A session that exists in Redis is stored in a finished callback."""

    def undescribed(request):
        def store(request):
            if request.path == "/fail":
                raise ConnectionError

        request.add_finished_callback(store)
        return {}

    with start_redis() as redis:
        factory = RedisSessionFactory("s" * 64, redis_url=redis.url)
        here = site(a=factory if kind == "redis" else undescribed)

        def write(m):
            m["a"]["x"] = m.request.path
            if m.request.path == "/fail":
                redis.kill()

        here.multi(write)
        with pytest.raises((ConnectionError, redis_py.ConnectionError)):
            here.multi(write, url="/fail")
    assert here.states["a"] == "opened"
    section = here.section("a")
    assert "Its finished callback raised" in section
    assert "ConnectionError" in section
    assert "while storing the session 'a'. The backend that stores it is not available" in section


def test_many_failures_stay_below_400_kb(site):
    """With messages that grow when they are escaped."""

    def failing(name):
        def down(request):
            raise OSError("'" * 5_000)

        return down, None, name

    names = [f"number{n}" for n in range(60)]
    here = site(**{name: failing(name) for name in names})

    def view(m):
        for name in names:
            with pytest.raises(OSError, match="'"):
                m[name]

    here.multi(view)
    assert len(here.page.body) < 400_000


def test_an_exception_that_only_the_toolbar_answers(site, signed):
    """Its page sets the cookie; the server's own error response would not."""
    here = site(a=signed("a"), b=signed("b"))

    def view(m):
        m["a"]["x"] = 1
        m["b"].get("y")
        raise RuntimeError("in the view")

    here.multi(view)
    section = here.section("a")
    assert "opened not stored" in section
    assert "Without the toolbar, these writes are not stored" in section
    assert "not stored" not in here.section("b")
    assert here.panel.nav_subtitle_style == "progress-bar-warning"
    assert "Its message: in the view" in here.content.find(class_="alert").get_text()


def test_an_exception_that_a_view_answers(site, signed):
    """It is not a failure: its cookies are sent with and without the toolbar."""

    def setup(config):
        config.add_exception_view(lambda error, request: Response("sorry"), RuntimeError)

    here = site(a=signed("a"), setup=setup, settings={"debugtoolbar.intercept_exc": "false"})

    def view(m):
        m["a"]["x"] = 1
        raise RuntimeError("in the view")

    here.multi(view)
    assert "not stored" not in here.section("a")
    assert here.panel.nav_subtitle_style == ""


def test_an_exception_without_a_response(site, signed):
    """No cookie was sent, so the writes are lost."""
    settings = {
        "debugtoolbar.intercept_exc": "false",
        "debugtoolbar.panels": "session_multi",  # the toolbar's Headers panel needs a response
    }
    here = site(a=signed("a"), settings=settings)
    here.multi(lambda m: m["a"].update(x=0))

    def view(m):
        m["a"]["x"] = 1
        raise RuntimeError("in the view")

    with pytest.raises(RuntimeError, match="in the view"):
        here.multi(view)
    section = here.section("a")
    assert "lost write" in section
    assert "The session was not stored: RuntimeError left the application" in section
    assert [(w.label, w.at_end, w.next_request) for w in here.panel.report.rows[0].lost] == [
        ("x", "1", "0")
    ]
    assert {"progress-bar-warning", "progress-bar-danger"} == set(
        here.panel.nav_subtitle_style.split()
    )


def test_one_namespace_that_cannot_be_described_hides_no_other(site, signed, monkeypatch):
    """It is a line at the top, and an empty row."""
    from pyramid_session_multi_debugtoolbar.page import build_report

    original = build_report.compare

    def compare(before, after):
        if before is not None and before.key_count:
            raise ZeroDivisionError
        return original(before, after)

    here = site(a=signed("a"), b=signed("b"))
    here.multi(lambda m: m["a"].update(x=1))
    monkeypatch.setattr(build_report, "compare", compare)
    here.multi(lambda m: (m["a"], m["b"].update(y=2)))
    assert "describing 'a': ZeroDivisionError" in here.content.get_text()
    assert "y" in here.section("b")
