"""Discriminators decide if a namespace exists for a request."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("answer", [None, False, 0, "", [], {}], ids=repr)
def test_a_false_result_of_the_discriminator_refuses(browse, signed, watched, answer):
    """The namespace is then ``None``; its factory is not called."""
    factory, discriminator = watched(signed("a")), watched(answer)
    browser = browse(a=(factory, discriminator))
    assert browser.multi(lambda m: [m["a"], m["a"], m.get("a"), dict(m)]) == [
        None,
        None,
        None,
        {"a": None},
    ]
    assert factory.requests == []
    assert len(discriminator.requests) == 1


@pytest.mark.parametrize("answer", [True, 1, "no", [0]], ids=repr)
def test_a_true_result_of_the_discriminator_allows(browse, signed, watched, answer):
    """Any object that is true."""
    browser = browse(a=(signed("a"), watched(answer)))
    assert browser.multi(lambda m: m["a"]) == {}


def test_the_discriminator_gets_the_request_itself(browse, signed, watched):
    """With its route and its identity."""
    discriminator = watched(lambda request: request.matched_route.name == "stage")
    browser = browse(a=(signed("a"), discriminator))
    request, session = browser.visit(lambda request: (request, request.session_multi["a"]))
    assert session is not None
    assert discriminator.requests[0] is request


@pytest.mark.parametrize("answer", [True, False])
def test_the_discriminator_runs_once_in_a_request(browse, signed, watched, answer):
    """``[]``, ``get``, ``peek``, ``renew`` and ``invalidate`` share its result."""
    discriminator = watched(answer)
    browser = browse(a=(signed("a"), discriminator))

    def use(m):
        m.peek("a")
        m["a"]
        m.get("a")
        m.peek("a")
        if answer:
            m.renew("a")
        m.invalidate()

    browser.multi(use)
    assert len(discriminator.requests) == 1
    browser.multi(lambda m: m["a"])
    assert len(discriminator.requests) == 2


def test_the_result_for_peek_holds_for_opening(browse, signed, watched):
    """It runs on the request itself, and not again."""
    discriminator = watched(True)
    browser = browse(a=(signed("a"), discriminator))

    def view(request):
        request.session_multi.peek("a")
        discriminator.answer = False
        return request, request.session_multi["a"]

    request, session = browser.visit(view)
    assert session == {}
    assert discriminator.requests == [request]


def test_a_falsy_discriminator_runs(browse, signed):
    """An object with a length or a truth value can be a discriminator."""

    class Nobody(list):
        def __call__(self, request):
            return request.remote_user in self

    nobody = Nobody()
    browser = browse(a=(signed("a"), nobody))
    assert browser.multi(lambda m: m["a"]) is None
    assert browser.multi(lambda m: m.discriminators) == ["a"]
    assert browser.multi(lambda m: m.get_namespace_discriminator("a")) is nobody


def test_a_failing_discriminator_is_not_remembered(browse, signed, watched):
    """Neither as a refusal nor as a permission."""
    factory, discriminator = watched(signed("a")), watched(True)
    browser = browse(a=(factory, discriminator))

    def fail_and_recover(m):
        discriminator.error = LookupError("who is this?")
        for attempt in (lambda: m["a"], lambda: m.peek("a"), lambda: m.renew("a")):
            with pytest.raises(LookupError, match=r"who is this\?"):
                attempt()
            assert "a" not in m
        assert factory.requests == []
        discriminator.error = None
        return m["a"]

    assert browser.multi(fail_and_recover) == {}


@pytest.mark.parametrize("answer", [True, [0]])
def test_the_discriminators_result_outlives_a_failing_factory(browse, signed, watched, answer):
    """It ran, and its result holds for the request."""
    factory, discriminator = watched(signed("a")), watched(answer)
    browser = browse(a=(factory, discriminator))

    def fail_and_recover(m):
        factory.error = OSError("the backend is away")
        with pytest.raises(OSError, match="away"):
            m["a"]
        factory.error = None
        discriminator.answer = False
        return m["a"]

    assert browser.multi(fail_and_recover) == {}
    assert len(discriminator.requests) == 1


def test_a_discriminator_can_use_another_namespace(browse, signed):
    """The permission to use one is often stored in another."""
    browser = browse(
        a=signed("a"), b=(signed("b"), lambda request: "admin" in request.session_multi["a"])
    )
    assert browser.multi(lambda m: m["b"]) is None
    browser.multi(lambda m: m["a"].update(admin=True))
    assert browser.multi(lambda m: m["b"]) == {}
