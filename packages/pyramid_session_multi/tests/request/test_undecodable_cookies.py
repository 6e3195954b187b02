"""A ``Cookie`` header that WebOb cannot decode is the client's fault: a 400."""

from __future__ import annotations

import pytest
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.response import Response

UNDECODABLE = {"HTTP_COOKIE": r'anything="\377"'}

ASKS = {
    "[]": lambda m: m["a"],
    "get": lambda m: m.get("a"),
    "has_cookie": lambda m: m.has_cookie("a"),
    "peek": lambda m: m.peek("a"),
    "renew": lambda m: m.renew("a"),
    "invalidate": lambda m: m.invalidate(),
    "invalidate what is unknown": lambda m: m.invalidate(),
}


@pytest.fixture
def browser(browse, signed, undescribed, request):
    """A browser with undecodable cookies; in one case the cookie name of ``a`` is unknown."""
    unknown = "unknown" in request.node.name
    return browse(a=undescribed(signed("a")) if unknown else signed("a"))


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_an_undecodable_header_is_a_400(browser, ask):
    """Wherever Pyramid's exception views apply; the client sees no server error."""
    browser.multi(ask, status=400, **UNDECODABLE)
    assert "Cookie header" in browser.response.text


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_the_error_is_pyramids_own(browser, ask):
    """``HTTPBadRequest``, for which applications have views; its cause has the position."""

    def view(request):
        with pytest.raises(HTTPBadRequest) as caught:
            ask(request.session_multi)
        assert isinstance(caught.value.__cause__, UnicodeDecodeError)
        assert len(request.session_multi) == 0

    browser.visit(view, **UNDECODABLE)


def test_an_application_can_have_its_own_view_for_it(browse, signed):
    """As for any other ``HTTPBadRequest``."""

    def setup(config):
        config.add_exception_view(
            lambda error, request: Response("clear your cookies", status=400),
            context=HTTPBadRequest,
        )

    browser = browse(a=signed("a"), setup=setup)
    browser.multi(ASKS["[]"], status=400, **UNDECODABLE)
    assert browser.response.text == "clear your cookies"


def test_a_discriminator_that_reads_the_cookies_is_covered(browse, signed):
    """It is the same header."""
    browser = browse(a=(signed("a"), lambda request: "consent" in request.cookies))
    browser.multi(ASKS["[]"], status=400, **UNDECODABLE)


def test_every_library_that_reads_the_cookies_is_covered(browse, any_library):
    """Also Beaker, which parses the header by itself."""
    browser = browse(a=any_library("sid"))
    browser.multi(lambda m: m["a"].get("x"), status=400, **UNDECODABLE)
    browser.multi(lambda m: m.peek("a"), status=400, **UNDECODABLE)


@pytest.mark.parametrize("role", ["factory", "discriminator"])
def test_only_a_failure_of_request_cookies_counts(browse, signed, watched, role):
    """A session library that cannot decode its own data is not the client's fault."""
    factory, discriminator = watched(signed("a")), watched(True)
    error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "in the backend")
    {"factory": factory, "discriminator": discriminator}[role].error = error
    browser = browse(a=(factory, discriminator))
    with pytest.raises(UnicodeDecodeError, match="in the backend") as caught:
        browser.multi(ASKS["[]"])
    assert caught.value is error


def test_peek_passes_on_a_librarys_own_failure_as_well(browse, signed, aged, watched):
    """The same for the factory on the detached request."""
    factory = watched(signed("a"))
    factory.error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "in the backend")
    browser = browse(a=factory)
    browser.client.set_cookie("a", aged("a", {}))
    with pytest.raises(UnicodeDecodeError, match="in the backend"):
        browser.multi(ASKS["peek"])


def test_invalidate_tries_all_before_the_400(browse, signed):
    """Sessions that were opened without the header are ended nevertheless."""

    class Session(dict):
        new = True

        def invalidate(self):
            self.clear()

    browser = browse(a=signed("a"), b=lambda request: Session(x=1))

    def view(m):
        assert m["b"] == {"x": 1}
        with pytest.raises(HTTPBadRequest):
            m.invalidate()
        return m["b"]

    assert browser.multi(view, **UNDECODABLE) == {}


def test_a_refused_namespace_does_not_read_the_header(browse, signed):
    """With any content of it, the request is served."""
    browser = browse(a=(signed("a"), lambda request: False))
    assert browser.multi(lambda m: [m["a"], m.peek("a")], status=200, **UNDECODABLE) == [None, None]


def test_a_request_that_uses_no_session_is_answered(browse, signed):
    """An undecodable cookie does not affect a page that needs none."""
    browser = browse(a=signed("a"))
    browser.multi(lambda m: [len(m), m.namespaces], status=200, **UNDECODABLE)
