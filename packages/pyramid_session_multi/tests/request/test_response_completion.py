"""The end of a request that used a session: one callback runs after all others."""

from __future__ import annotations

import pytest
from pyramid.request import Request
from pyramid.response import Response

WRITES = {
    "": "private",
    "max-age=60": "max-age=60, private",
    "public, max-age=60": "max-age=60, private",
    "PUBLIC": "private",
    "max-age=60, s-maxage=600": "max-age=60, private",
    "s-maxage = 600 , max-age=60": "max-age=60, private",
    "private": "private",
    "Private, max-age=60": "Private, max-age=60",
    "no-store": "no-store",
    "public, no-store": "no-store",
    "no-cache": "no-cache, private",
    'no-cache="Set-Cookie"': 'no-cache="Set-Cookie", private',
    'private="X-A, public", max-age=60': "max-age=60, private",
    'private="X-A", private': "private",
    'x="a, public", y': 'x="a, public", y, private',
    "public=1": "private",
}


@pytest.mark.parametrize(("said", "sent"), WRITES.items())
def test_a_response_that_sets_a_session_s_cookie_is_private(browse, any_library, said, sent):
    """RFC 9111 5.2.2.7: no shared cache stores it. Stricter directives of the application stay."""
    browser = browse(a=any_library("sid"))

    def view(request):
        request.session_multi["a"]["x"] = 1
        if said:
            request.response.headers["Cache-Control"] = said

    browser.visit(view)
    assert browser.set_cookies
    assert browser.response.headers.getall("Cache-Control") == [sent]


def test_several_cache_control_headers_become_one(browse, signed):
    """With the directives of all of them."""
    browser = browse(a=signed("a"))

    def view(request):
        request.session_multi["a"]["x"] = 1
        for value in ("public", "max-age=60", "s-maxage=60"):
            request.response.headers.add("Cache-Control", value)

    browser.visit(view)
    assert browser.response.headers.getall("Cache-Control") == ["max-age=60, private"]


@pytest.mark.parametrize("view", [lambda m: None, lambda m: m["a"], lambda m: m.peek("a")])
def test_a_response_without_a_session_cookie_is_not_changed(browse, signed, view):
    """If no session was stored, the application decides about its own cookies."""
    browser = browse(a=signed("a"))

    def stage(request):
        view(request.session_multi)
        request.response.set_cookie("language", "en")
        request.response.headers["Cache-Control"] = "public"

    browser.visit(stage)
    assert browser.response.headers["Cache-Control"] == "public"


def test_a_cookie_of_an_undescribed_library_counts(browse, signed, undescribed):
    """Its name is unknown or may be wrong, so any cookie may be the session's."""
    for registration in [undescribed(signed("a")), (undescribed(signed("a")), None, "other")]:
        browser = browse(a=registration)
        browser.multi(lambda m: m["a"].update({"x": 1}))
        assert browser.response.headers["Cache-Control"] == "private"


def test_a_deleted_cookie_counts(browse, library):
    """From a cache, it would log out another visitor."""
    browser = browse(a=library("redis")("sid"))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    browser.multi(lambda m: m.invalidate())
    assert browser.set_cookies
    assert browser.response.headers["Cache-Control"] == "private"


def test_headers_of_later_callbacks_count(browse, signed):
    """Also those of callbacks that callbacks add."""
    browser = browse(a=signed("a"))

    def late(request, response):
        response.headers["Cache-Control"] = "public"
        response.headers["Vary"] = "Accept"

    def view(request):
        request.session_multi["a"]["x"] = 1
        request.add_response_callback(lambda request, response: request.add_response_callback(late))

    browser.visit(view)
    assert browser.response.headers["Cache-Control"] == "private"
    assert browser.vary == ["Accept, Cookie"]


def test_the_vary_setting_turns_off_only_vary(browse, signed):
    """The cookie is still protected."""
    browser = browse(a=signed("a"), settings={"session_multi.vary": "false"})
    browser.multi(lambda m: m["a"].update({"x": 1}))
    assert browser.vary == []
    assert browser.response.headers["Cache-Control"] == "private"


def test_there_is_one_callback_per_request(browse, signed):
    """And none if no session was used."""
    browser = browse(a=signed("a"), b=signed("b"))

    def count(use):
        def view(request):
            use(request.session_multi)
            return len(request.response_callbacks)

        return view

    assert browser.visit(count(lambda m: None)) == 0
    assert browser.visit(count(lambda m: [m["a"], m["b"], m.peek("a"), m.has_cookie("b")])) == 1


def test_callbacks_run_in_the_order_in_which_they_were_added(browse, signed):
    """As without the package."""
    order = []

    def note(name):
        return lambda request, response: order.append(name)

    def view(request):
        request.add_response_callback(note(1))
        request.session_multi["a"]
        request.add_response_callback(note(2))
        request.add_response_callback(lambda r, _: r.add_response_callback(note(4)))
        request.add_response_callback(note(3))

    browse(a=signed("a")).visit(view)
    assert order == [1, 2, 3, 4]


def test_a_callback_that_fails_ends_the_others(browse, signed):
    """As in Pyramid, whose loop stops as well."""
    ran = []

    def fail(request, response):
        raise LookupError

    def view(request):
        request.session_multi["a"]
        request.add_response_callback(fail)
        request.add_response_callback(lambda request, response: ran.append(1))

    with pytest.raises(LookupError):
        browse(a=signed("a")).visit(view)
    assert ran == []


def test_a_subrequest_completes_its_own_response(browse, signed):
    """Neither request runs the other's callbacks."""
    browser = browse(a=signed("a"))
    inner = []

    def view(request):
        def stage(request):
            request.session_multi["a"]["x"] = 1
            return Response()

        subrequest = Request.blank("/")
        subrequest.environ["tests.stage"] = stage
        inner.append(request.invoke_subrequest(subrequest))

    browser.visit(view)
    assert inner[0].headers["Cache-Control"] == "private"
    assert "Cache-Control" not in browser.response.headers
    assert browser.vary == []


def test_a_stream_is_not_delayed(browse, signed):
    """Headers are complete before the first byte of the body."""
    browser = browse(a=signed("a"))

    def view(request):
        session = request.session_multi["a"]
        session["x"] = 1
        return Response(app_iter=(str(number).encode() for number in range(3)))

    browser.visit(view)
    assert browser.response.body == b"012"
    assert browser.response.headers["Cache-Control"] == "private"
