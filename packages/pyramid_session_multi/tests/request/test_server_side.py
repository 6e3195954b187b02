"""Server-side sessions by their id: ``session_id`` and ``end_session``."""

from __future__ import annotations

import ast
import functools
import json
import pickle
import time

import pytest
from pyramid_session_multi import (
    RefusedSession,
    UnregisteredSession,
    end_session,
    https_only,
    session_id,
)
from pyramid_session_redis import RedisSessionFactory
from pyramid_session_redis.util import prefixed_id


def login(request):
    request.session_multi["a"]["user"] = "anna"
    return session_id(request, "a")


def user(m):
    return m["a"].get("user")


def test_a_session_ends_by_its_id_from_outside_its_requests(browse, server_side):
    """Its cookie opens a new session; other sessions stay."""
    browser = browse(a=server_side("sid"))
    other = browser.stranger()
    ids = browser.visit(login), other.visit(login)
    assert end_session(browser.app.registry, "a", ids[0]) is True
    assert browser.multi(lambda m: m.peek("a")) is None
    assert browser.multi(user) is None
    assert other.multi(user) == "anna"
    browser.multi(lambda m: m["a"].update({"user": "bert"}))
    assert browser.multi(user) == "bert"


def test_ending_a_session_twice_returns_false(browse, server_side):
    """There is no such session any more."""
    browser = browse(a=server_side("sid"))
    ended = browser.visit(login)
    browser.multi(lambda m: m.invalidate())
    assert end_session(browser.app.registry, "a", ended) is False
    assert end_session(browser.app.registry, "a", "f" * 32) is False


def test_the_id_stays_until_renew(browse, server_side):
    """A list of logins must store the id after the login."""
    browser = browse(a=server_side("sid"))
    first = browser.visit(login)
    assert isinstance(first, str)
    assert browser.visit(login) == first
    renewed = browser.visit(lambda r: [r.session_multi.renew("a"), session_id(r, "a")][1])
    assert renewed != first
    assert browser.visit(login) == renewed
    assert end_session(browser.app.registry, "a", renewed) is True
    assert browser.multi(user) is None


def test_a_new_session_without_data_has_no_id(browse, server_side, redis):
    """Nothing is stored, no cookie is sent, and no id is returned that would be lost."""
    browser = browse(a=server_side("sid"))
    assert browser.visit(lambda request: session_id(request, "a")) is None
    assert browser.set_cookies == []
    assert redis.client.keys() == []


def test_the_id_of_a_new_session_with_data_is_that_of_its_cookie(browse, server_side):
    """It is known before the session is stored."""
    browser = browse(a=server_side("sid"))
    new = browser.visit(login)
    assert new is not None
    assert browser.visit(lambda request: session_id(request, "a")) == new


@pytest.mark.parametrize("end", [lambda m: m.invalidate("a"), lambda m: m["a"].invalidate()])
def test_a_session_that_was_ended_has_no_id(browse, server_side, redis, end):
    """The call does not begin another one, which would keep the old cookie."""
    browser = browse(a=server_side("sid"))
    browser.multi(lambda m: m["a"].get("user"))
    browser.visit(login)
    assert browser.visit(lambda r: [end(r.session_multi), session_id(r, "a")][1]) is None
    assert browser.multi(user) is None
    assert redis.client.keys() == []


def test_ending_a_session_that_timed_out_returns_false(browse, library, monkeypatch):
    """Even if it is still in Beaker's storage."""
    browser = browse(a=library("beaker_file")("sid", timeout=60))
    old = browser.visit(login)
    now = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: now)
    assert end_session(browser.app.registry, "a", old) is False


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "", "F" * 32, "f" * 31, "é" * 32])
def test_an_id_in_another_form_is_not_a_path(browse, library, hostile, tmp_path):
    """Beaker would look for it in the file system."""
    browser = browse(a=library("beaker_file")("sid"))
    assert end_session(browser.app.registry, "a", hostile) is False
    assert not (tmp_path / "beaker").exists()


def test_another_key_of_redis_is_not_deleted(browse, redis, library):
    """Only a key that can be an id of the factory's and whose value is a session."""
    prefixed = functools.partial(prefixed_id, prefix="sid:")
    as_json = {"serialize": json.dumps, "deserialize": json.loads}
    browser = browse(
        a=library("redis")("a"),
        b=library("redis")("b", id_generator=prefixed),
        c=library("redis")("c", id_generator=lambda: "mine"),
        d=library("redis")("d", id_generator=lambda: "mine", **as_json),
    )
    values = [b"", b"x", b"{}", b"[]", b"1", pickle.dumps({"x": 1}), pickle.dumps(["m"])]
    strings = {f"sid:{number}": value for number, value in enumerate(values)} | {"f" * 64: b"x"}
    redis.client.mset(strings)
    redis.client.lpush("sid:list", "x")
    redis.client.hset("sid:hash", "m", "x")
    keys = set(redis.client.keys())
    for key in [*keys, b"sid:", b"other", b"sid:unknown"]:
        assert not any(end_session(browser.app.registry, name, key.decode()) for name in "abcd")
    assert set(redis.client.keys()) == keys


def test_a_pickle_of_another_program_is_not_loaded(browse, redis, library):
    """It could run code."""
    browser = browse(a=library("redis")("a", id_generator=lambda: "mine"))
    redis.client.set("key", pickle.dumps(Loaded()))
    assert end_session(browser.app.registry, "a", "key") is False


class Loaded:
    """Its pickle fails the test when it is loaded."""

    def __reduce__(self):
        return pytest.fail, ("the pickle was loaded",)


def literal(value):
    """An application's own deserializer."""
    return ast.literal_eval(value.decode())


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_session_ends_with_any_id_and_serializer(browse, library, redis, protocol):
    """The application's own ones too; each protocol of pickle is recognized."""
    options = [
        {"serialize": functools.partial(pickle.dumps, protocol=protocol)},
        {"serialize": json.dumps, "deserialize": json.loads},
        {"serialize": lambda x: repr(x).encode(), "deserialize": literal},
    ]
    for each in options:
        browser = browse(a=library("redis")("a", id_generator=lambda: "mine", **each))
        assert browser.visit(login) == "mine"
        assert end_session(browser.app.registry, "a", "mine") is True
        assert redis.client.keys() == []


@pytest.mark.parametrize("kind", ["signed", "nacl", "beaker_cookie"])
def test_a_session_in_a_cookie_has_no_id(browse, library, kind):
    """The error says what to use instead."""
    browser = browse(a=library(kind)("sid"))
    assert browser.visit(login) is None
    with pytest.raises(TypeError, match=r"namespace 'a' \(.*pass generation to") as caught:
        end_session(browser.app.registry, "a", "f" * 32)
    assert "<locals>" not in str(caught.value)


def test_a_session_of_an_undescribed_library_has_no_id(browse, signed, undescribed):
    """Nothing is known about it."""
    browser = browse(a=undescribed(signed("a")))
    assert browser.visit(login) is None
    with pytest.raises(TypeError, match="does not "):
        end_session(browser.app.registry, "a", "f" * 32)


def test_the_applications_own_redis_client_is_used(browse, redis):
    """Called as the factory would call it."""
    calls = []

    def client(request, **options):
        calls.append(request.registry)
        return redis.client

    browser = browse(a=RedisSessionFactory("s" * 64, redis_client_callable=client))
    old = browser.visit(login)
    calls.clear()
    assert end_session(browser.app.registry, "a", old) is True
    assert calls == [browser.app.registry]
    assert redis.client.keys() == []


def test_namespaces_must_be_registered_and_not_refused(browse, signed):
    """The errors are those of ``request.session_multi``."""
    browser = browse(a=(signed("a"), https_only))
    with pytest.raises(UnregisteredSession):
        end_session(browser.app.registry, "b", "x")
    with pytest.raises(UnregisteredSession):
        browser.visit(lambda request: session_id(request, "b"))
    with pytest.raises(RefusedSession):
        browser.visit(lambda request: session_id(request, "a"))


def test_one_namespace_is_named(browse, signed):
    """A list of names is an error that says so."""
    browser = browse(a=signed("a"))
    with pytest.raises(TypeError, match="The name of a namespace is a str"):
        end_session(browser.app.registry, ["a"], "x")
    with pytest.raises(TypeError, match="The name of a namespace is a str"):
        browser.visit(lambda request: session_id(request, ["a"]))
