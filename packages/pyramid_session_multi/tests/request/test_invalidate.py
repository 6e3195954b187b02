"""``session_multi.invalidate()`` ends every session that this browser may have."""

from __future__ import annotations

import pytest
from pyramid_session_multi import UnregisteredSession


def fill(m):
    m["a"]["x"] = 1


def test_invalidate_ends_opened_sessions(browse, any_library):
    """Earlier data are gone, for this request and the next."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)

    def invalidate(m):
        assert m["a"]["x"] == 1
        assert m.invalidate() is None
        return m["a"].get("x")

    assert browser.multi(invalidate) is None
    assert browser.multi(lambda m: m["a"].get("x")) is None


def test_invalidate_ends_sessions_whose_cookie_was_received(browse, any_library):
    """A logout need not know which sessions a login opened."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)
    browser.multi(lambda m: m.invalidate())
    assert browser.multi(lambda m: m["a"].get("x")) is None


def test_invalidate_ends_opened_sessions_without_a_cookie(browse, any_library):
    """They were written to in this request."""
    browser = browse(a=any_library("sid"))
    browser.multi(lambda m: (fill(m), m.invalidate()))
    assert browser.multi(lambda m: m["a"].get("x")) is None


def test_later_writes_begin_a_new_session(browse, any_library):
    """None of the old data return with them."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)
    browser.multi(lambda m: (m.invalidate(), m["a"].update({"y": 2})))
    assert browser.multi(lambda m: m["a"].get("x")) is None
    assert browser.multi(lambda m: m["a"].get("y")) == 2


@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("write", [True, False])
def test_invalidate_ends_the_old_id_on_the_server(browse, server_side, opened, write):
    """A copy of the cookie opens nothing."""
    browser = browse(a=server_side("sid"))
    browser.multi(fill)
    thief = browser.thief()
    assert thief.multi(lambda m: m["a"]["x"]) == 1

    def invalidate(m):
        if opened:
            assert m["a"]["x"] == 1
        m.invalidate()
        if write:
            m["a"]["y"] = 2

    browser.multi(invalidate)
    assert thief.multi(lambda m: [m["a"].get("x"), m["a"].get("y")]) == [None, None]


def test_invalidate_deletes_the_session_in_redis(browse, library, redis):
    """No key is left in Redis, and the browser deletes the cookie."""
    browser = browse(a=library("redis")("sid"))
    browser.multi(fill)
    with redis.commands() as commands:
        browser.multi(lambda m: m.invalidate())
    assert commands == ["GET", "DEL"]
    assert redis.client.keys() == []
    assert "sid" not in browser.client.cookies


def test_invalidate_works_through_a_wrapped_factory(browse, server_side):
    """The library's description holds for its wrapped factories as well."""
    inner = server_side("sid")

    def wrapper(request):
        return inner(request)

    browser = browse(a=wrapper)
    browser.multi(fill)
    thief = browser.thief()
    browser.multi(lambda m: m.invalidate())
    assert thief.multi(lambda m: m["a"].get("x")) is None


def test_invalidate_opens_nothing_whose_cookie_was_not_received(browse, signed, watched):
    """There is nothing to end."""
    factory, discriminator = watched(signed("a")), watched(True)
    browser = browse(a=(factory, discriminator))
    browser.multi(lambda m: m.invalidate())
    assert factory.requests == discriminator.requests == []
    assert browser.set_cookies == []


def test_invalidate_opens_namespaces_without_a_known_cookie_name(browse, signed, undescribed):
    """Their cookie may have been received."""
    browser = browse(a=undescribed(signed("a")))
    browser.multi(fill)
    browser.multi(lambda m: m.invalidate())
    assert browser.multi(lambda m: m["a"].get("x")) is None


def test_invalidate_skips_refused_namespaces(browse, signed, aged, watched):
    """The discriminator runs, and the factory does not."""
    factory, discriminator = watched(signed("a")), watched(False)
    browser = browse(a=(factory, discriminator))
    browser.client.set_cookie("a", aged("a", {"x": 1}))
    browser.multi(lambda m: m.invalidate())
    assert len(discriminator.requests) == 1
    assert factory.requests == []
    assert browser.set_cookies == []
    discriminator.answer = True
    assert browser.multi(lambda m: m["a"]["x"]) == 1


@pytest.fixture
def failing(browse, signed, aged, watched):
    """Three namespaces whose cookies were received; some of them fail in different ways."""

    def failing(**errors):
        namespaces = {}
        for name in ("a", "b", "c"):
            factory, discriminator = watched(signed(name)), watched(True)
            kind, error = errors.get(name, ("factory", None))
            {"factory": factory, "discriminator": discriminator}[kind].error = error
            namespaces[name] = (factory, discriminator)
        browser = browse(**namespaces)
        for name in namespaces:
            browser.client.set_cookie(name, aged(name, {"x": 1}))
        return browser

    return failing


@pytest.mark.parametrize("kind", ["factory", "discriminator"])
def test_one_failure_is_raised_as_itself_after_all_were_tried(failing, kind):
    """None is skipped because an earlier one failed."""
    error = OSError("the backend is away")
    browser = failing(a=(kind, error))

    def invalidate(m):
        with pytest.raises(OSError, match="away") as caught:
            m.invalidate()
        assert caught.value is error
        assert "'a'" in "".join(caught.value.__notes__)
        return [m["b"].get("x"), m["c"].get("x")]

    assert browser.multi(invalidate) == [None, None]


def test_several_failures_are_an_exception_group_after_all_were_tried(failing):
    """It contains each of them, in the order of registration."""
    errors = [OSError("the backend is away"), LookupError("who is this?")]
    browser = failing(a=("factory", errors[0]), b=("discriminator", errors[1]))

    def invalidate(m):
        with pytest.raises(ExceptionGroup) as caught:
            m.invalidate()
        assert list(caught.value.exceptions) == errors
        return m["c"].get("x")

    assert browser.multi(invalidate) is None


def test_a_single_exception_group_is_raised_as_itself(failing):
    """It is one failure, of one namespace."""
    error = ExceptionGroup("all replicas are away", [OSError("one"), OSError("other")])
    browser = failing(b=("factory", error))
    with pytest.raises(ExceptionGroup) as caught:
        browser.multi(lambda m: m.invalidate())
    assert caught.value is error


def test_a_session_that_fails_to_end_does_not_stop_the_others(browse, signed):
    """Opening succeeds, and ending fails."""

    class Stubborn(dict):
        def invalidate(self):
            raise OSError("not now")

    browser = browse(a=lambda request: Stubborn(), b=signed("b"))

    def invalidate(m):
        m["b"]["x"] = 1
        with pytest.raises(OSError, match="not now"):
            m.invalidate()
        return m["b"].get("x")

    assert browser.multi(invalidate) is None


def test_one_namespace_can_be_named(browse, any_library):
    """The other sessions stay, and the old id of this one is invalid."""
    browser = browse(a=any_library("a"), b=any_library("b"))
    browser.multi(lambda m: [m[n].update({"x": n}) for n in "ab"])
    browser.multi(lambda m: m.invalidate("a"))
    assert browser.multi(lambda m: [m[n].get("x") for n in "ab"]) == [None, "b"]


def test_the_old_id_of_a_named_namespace_is_invalid(browse, server_side):
    """As after ``invalidate()`` of all."""
    browser = browse(a=server_side("a"), b=server_side("b"))
    browser.multi(lambda m: [m[n].update({"x": n}) for n in "ab"])
    thief = browser.thief()
    browser.multi(lambda m: m.invalidate("a"))
    assert thief.multi(lambda m: [m[n].get("x") for n in "ab"]) == [None, "b"]


def test_an_unknown_name_is_an_error_and_ends_nothing(browse, signed):
    """A typo must not end any session."""
    browser = browse(a=signed("a"))
    browser.multi(lambda m: m["a"].update({"x": 1}))

    def view(m):
        with pytest.raises(UnregisteredSession):
            m.invalidate("acount")
        return m["a"]["x"]

    assert browser.multi(view) == 1


def test_invalidate_opens_namespaces_with_a_declared_cookie_name(browse, signed, undescribed):
    """The library may use another name: skipping it would leave the user logged in."""
    browser = browse(a=(undescribed(signed("real")), None, "declared"))
    browser.multi(fill)
    browser.multi(lambda m: m.invalidate())
    assert browser.multi(lambda m: m["a"].get("x")) is None


def test_invalidate_trusts_a_name_that_the_factory_itself_has(browse, signed, watched):
    """Also for a library that is not described, and if the same name was declared."""
    factory = watched(signed("a"))
    factory._cookie_name = "a"
    browse(a=(factory, None, "a")).multi(lambda m: m.invalidate())
    assert factory.requests == []


GARBAGE = ["garbage", "%", "x" * 4000, "gA==", "e30=", "0" * 40, "0" * 200]


@pytest.mark.parametrize("value", GARBAGE)
def test_invalidate_is_not_stopped_by_an_unreadable_cookie(browse, signed, any_library, value):
    """The other sessions end, and the response with their cookies is sent."""
    browser = browse(a=signed("a"), b=any_library("sid"), c=signed("c"))
    browser.multi(lambda m: [m["a"].update(x=1), m["c"].update(x=1)])
    cookies = [f"{name}={cookie}" for name, cookie in browser.client.cookies.items()]
    browser.multi(lambda m: m.invalidate(), HTTP_COOKIE="; ".join([*cookies, f"sid={value}"]))
    assert browser.multi(lambda m: [dict(m["a"]), dict(m["c"])]) == [{}, {}]
    browser.multi(lambda m: m["b"].update({"x": 2}))
    assert browser.multi(lambda m: m["b"]["x"]) == 2


@pytest.mark.parametrize("names", [["a"], ("a",), {"a"}, b"a", 1])
def test_invalidate_says_what_it_takes(browse, signed, names):
    """One name, or nothing for all."""
    with pytest.raises(TypeError, match="the name of one namespace, or nothing for all"):
        browse(a=signed("a")).multi(lambda m: m.invalidate(names))
