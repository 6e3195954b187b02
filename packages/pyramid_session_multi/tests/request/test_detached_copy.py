"""``detached_copy`` and ``read_session``: other cookies, and several namespaces on one copy."""

from __future__ import annotations

import pytest
from pyramid.threadlocal import RequestContext
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    detached_copy,
    peek_session,
    read_session,
)


@pytest.fixture
def browser(browse, signed, aged, undescribed):
    """A browser with cookies of a, of b and of an undescribed library."""
    browser = browse(a=signed("a"), b=signed("b"), unknown=(undescribed(signed("c")), None, "c"))
    for name in "abc":
        browser.client.set_cookie(name, aged(name, {"who": name}))
    return browser


def namespaces_of(request):
    return request.registry.getUtility(ISessionMultiManagerConfig)


def test_one_copy_serves_several_namespaces(browser):
    """An undescribed one is ``None``, as its session may notice the reading."""

    def view(request):
        with RequestContext(detached_copy(request)) as copy:
            return {n.name: read_session(copy, n) for n in namespaces_of(request)}

    expected = {"a": {"who": "a"}, "b": {"who": "b"}, "unknown": None}
    assert browser.visit(view) == expected
    read_one_by_one = {
        n.name: browser.visit(lambda request, n=n: peek_session(request, n))
        for n in namespaces_of(browser.visit(lambda request: request))
    }
    assert read_one_by_one == expected
    assert browser.set_cookies == []


@pytest.mark.parametrize("parsed_before", [True, False])
def test_a_copy_can_have_other_cookies(browser, aged, parsed_before):
    """The request's own cookies do not change, whether they were parsed before or not."""
    other = aged("a", {"who": "somebody else"})

    def view(request):
        if parsed_before:
            assert set(request.cookies) == set("abc")
        copy, same = detached_copy(request, f"a={other}"), detached_copy(request)
        assert set(copy.cookies) == {"a"}
        assert set(same.cookies) == set(request.cookies) == set("abc")
        with RequestContext(copy):
            return read_session(copy, namespaces_of(request).get("a"))

    assert browser.visit(view) == {"who": "somebody else"}


@pytest.mark.parametrize("used_before", [True, False])
def test_a_copy_has_its_own_sessions(browser, used_before):
    """Changing them does not affect the request."""

    def view(request):
        if used_before:
            request.session_multi["b"]["who"] = "written"
        with RequestContext(detached_copy(request)) as copy:
            copy.session_multi["a"]["who"] = "overwritten"
            assert copy.session_multi["b"]["who"] == "b"
            assert copy.session_multi is not request.session_multi
        assert list(request.session_multi) == ["b"][:used_before]
        return request.session_multi["a"]["who"]

    assert browser.visit(view) == "a"
    sent = [header.partition("=")[0] for header in browser.set_cookies]
    assert sent == ["b"][:used_before]
