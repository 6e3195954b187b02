"""``request.session_multi[namespace]``: when a factory runs, and what is kept."""

from __future__ import annotations

import pytest
from pyramid_session_multi import RecursiveOpening, UnregisteredSession


def test_nothing_is_opened_until_it_is_requested(browse, signed, watched):
    """No cost, no cookie and no access to a backend until then."""
    factory, discriminator = watched(signed("a")), watched(True)
    browser = browse(a=(factory, discriminator), b=watched(signed("b")))
    browser.visit(lambda request: request.session_multi)
    assert factory.requests == discriminator.requests == []
    assert browser.set_cookies == []


def test_a_session_is_opened_on_first_access(browse, signed, watched):
    """The factory receives the request itself; no other namespace is opened."""
    factory, other = watched(signed("a")), watched(signed("b"))
    browser = browse(a=factory, b=other)
    request, session = browser.visit(lambda request: (request, request.session_multi["a"]))
    assert factory.requests == [request]
    assert other.requests == []
    assert session.__class__ is factory.answer


def test_a_session_is_kept_for_the_request_only(browse, signed, watched):
    """One factory call and one session object per request."""
    factory = watched(signed("a"))
    browser = browse(a=factory)
    first, again = browser.multi(lambda m: (m["a"], m.get("a")))
    assert first is again
    assert len(factory.requests) == 1
    assert browser.multi(lambda m: m["a"]) is not first
    assert len(factory.requests) == 2


def test_written_data_are_in_the_next_request(browse, any_library):
    """With every library, as ``request.session`` does with it."""
    browser = browse(a=any_library("sid"))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    assert browser.multi(lambda m: m["a"]["x"]) == 1
    assert browser.stranger().multi(lambda m: m["a"].get("x")) is None


def test_request_session_works_alongside(browse, signed):
    """Neither affects the other."""
    browser = browse(
        a=signed("a"), setup=lambda config: config.set_session_factory(signed("session"))
    )

    def write(request):
        request.session["x"] = "the only one"
        request.session_multi["a"]["x"] = "one of several"

    browser.visit(write)
    assert browser.visit(lambda request: dict(request.session)) == {"x": "the only one"}
    assert browser.multi(lambda m: dict(m["a"])) == {"x": "one of several"}


def test_request_session_is_missing_without_a_factory(browse, signed):
    """A namespace does not become ``request.session``."""
    browser = browse(a=signed("a"))
    assert browser.visit(lambda request: hasattr(request, "session")) is False


def test_a_falsy_factory_is_called(browse, signed):
    """Sessions can be falsy as well: an empty one is."""

    class Factories(list):
        def __call__(self, request):
            return signed("a")(request)

    factories = Factories()
    browser = browse(a=factories)
    first, again = browser.multi(lambda m: (m["a"], m["a"]))
    assert first is again
    assert browser.multi(lambda m: m.get_namespace_config("a")) is factories


def test_a_failing_factory_is_not_remembered(browse, signed, watched):
    """The factory's own error is raised, and the next access tries again."""
    factory = watched(signed("a"))
    browser = browse(a=factory)

    def fail_and_recover(m):
        factory.error = OSError("the backend is away")
        for attempt in (lambda: m["a"], lambda: m.get("a")):
            with pytest.raises(OSError, match="away") as caught:
                attempt()
            assert caught.value is factory.error
            assert "a" not in m
        factory.error = None
        return m["a"]

    assert browser.multi(fail_and_recover) == {}


ASK_ITSELF = {
    "[]": lambda m: m["a"],
    "get": lambda m: m.get("a"),
    "peek": lambda m: m.peek("a"),
    "renew": lambda m: m.renew("a"),
    "another namespace": lambda m: m["b"],
}


@pytest.mark.parametrize("ask", ASK_ITSELF.values(), ids=ASK_ITSELF)
@pytest.mark.parametrize("role", ["factory", "discriminator"])
def test_opening_within_its_own_opening_is_a_clear_error(browse, signed, ask, role):
    """No endless recursion, directly or through another namespace, and no lasting damage."""
    asks = True

    def needs_itself(request):
        return ask(request.session_multi) if asks else signed("a")(request)

    def needs_a(request):
        return request.session_multi["a"]

    a = needs_itself if role == "factory" else (signed("a"), needs_itself)
    browser = browse(a=a, b=(signed("b"), needs_a))

    def recurse_and_recover(m):
        nonlocal asks
        asks = True
        with pytest.raises(RecursiveOpening, match=r"'a'.*its own") as caught:
            m["a"]
        assert caught.value.namespace == "a"
        assert len(m) == 0
        asks = False
        return m["a"]

    browser.multi(recurse_and_recover)


def test_peeking_within_its_own_peeking_is_a_clear_error(browse, signed, aged):
    """The same if it begins with ``peek``, whose factory runs on a copy of the request."""

    factory = signed("a")

    def needs_itself(request):
        request.session_multi.peek("a")
        return factory(request)

    browser = browse(a=needs_itself)
    browser.client.set_cookie("a", aged("a", {}))
    with pytest.raises(RecursiveOpening):
        browser.multi(lambda m: m.peek("a"))


def test_a_factory_that_returns_none_is_an_error(browse):
    """Otherwise the namespace would look refused."""

    def forgetful(request):
        """A factory without a return."""

    with pytest.raises(TypeError, match=r"forgetful of the namespace 'a' .* returned None"):
        browse(a=forgetful).multi(lambda m: m["a"])


def test_unknown_names_suggest_the_near_miss(browse, signed):
    """The ``KeyError`` reads as a sentence, and has its data as attributes."""
    browser = browse(account=signed("x"), public=signed("y"))
    with pytest.raises(KeyError) as caught:
        browser.multi(lambda m: m["acount"])
    assert type(caught.value) is UnregisteredSession
    assert str(caught.value) == (
        "No session is registered for the namespace 'acount'. "
        "Registered: 'account', 'public'. Did you mean 'account'?"
    )
    assert caught.value.namespace == "acount"
    assert caught.value.registered == ("account", "public")


def test_unknown_names_without_a_near_miss_suggest_nothing(browse, signed):
    """A far-fetched suggestion misleads; if nothing is registered, it says how to register."""
    with pytest.raises(UnregisteredSession) as caught:
        browse(account=signed("x")).multi(lambda m: m["zzz"])
    assert "Did you mean" not in str(caught.value)
    with pytest.raises(UnregisteredSession, match="register_session_factory"):
        browse().multi(lambda m: m["zzz"])
