"""Options of pyramid_session_redis."""

from __future__ import annotations

import inspect

import pytest
from pyramid.path import DottedNameResolver
from pyramid_session_redis import RedisSessionFactory
from redis import StrictRedis

SECRET = "a-secret-" * 8


REDIS = {
    "secret": (SECRET, SECRET),
    "timeout": ("77", 77),
    "cookie_name": ("sid", "sid"),
    "cookie_max_age": ("60", 60),
    "cookie_path": ("/shop", "/shop"),
    "cookie_domain": ("example.com", "example.com"),
    "cookie_secure": ("true", True),
    "cookie_httponly": ("false", False),
    "cookie_comment": ("what for", "what for"),
    "cookie_samesite": ("strict", "Strict"),
    "cookie_on_exception": ("no", False),
    "redis_url": ("redis://example.com:6380/3", "redis://example.com:6380/3"),
    "redis_host": ("example.com", "example.com"),
    "redis_port": ("6380", 6380),
    "redis_db": ("3", 3),
    "redis_password": ("password", "password"),
    "redis_client_callable": ("package_of_somebody.client", StrictRedis),
    "serialize": ("marshal.dumps", None),
    "deserialize": ("marshal.loads", None),
    "id_generator": ("secrets.token_hex", None),
    "set_redis_ttl": ("false", False),
    "set_redis_ttl_readheavy": ("true", True),
    "detect_changes": ("false", False),
    "deserialized_fails_new": ("true", True),
    "func_check_response_allow_cookies": (
        "pyramid_session_redis.check_response_allow_cookies",
        None,
    ),
    "func_invalid_logger": ("warnings.warn", None),
    "timeout_trigger": ("30", 30),
    "python_expires": ("true", True),
    "cookie_signer": ("package_of_somebody.signer", None),
    "redis_socket_timeout": ("0.5", 0.5),
    "redis_encoding": ("latin-1", "latin-1"),
    "redis_encoding_errors": ("replace", "replace"),
    "redis_unix_socket_path": ("/run/redis", "/run/redis"),
    "invalidate_empty_session": ("false", False),
}


def seen_in_redis(factory, option):
    """The value of an option inside a factory of pyramid_session_redis."""
    closure = inspect.getclosurevars(factory).nonlocals
    if option == "secret":
        return closure["_cookie_signer"].secret
    if option == "cookie_signer":
        return closure["_cookie_signer"]
    for group, prefix in [("set_cookie_kwargs", "cookie_"), ("redis_options", "redis_")]:
        if option.removeprefix(prefix) in closure[group]:
            return closure[group][option.removeprefix(prefix)]
    return closure[option]


NOT_FROM_TEXT = ("cookie_expires", "redis_connection_pool")


@pytest.mark.parametrize(
    "option",
    [
        name
        for name in inspect.signature(RedisSessionFactory).parameters
        if name not in NOT_FROM_TEXT
    ],
)
def test_every_option_of_pyramid_session_redis_reaches_it(package, option, factory_of):
    """All parameters of ``RedisSessionFactory`` except those that its own parser rejects."""
    text, value = REDIS[option]
    if value is None:
        value = DottedNameResolver(None).maybe_resolve(text)
    signed_with = {} if option == "cookie_signer" else {"secret": SECRET}
    seen = seen_in_redis(factory_of({"use": "redis"} | signed_with | {option: text}), option)
    assert (seen, type(seen)) == (value, type(value))


@pytest.mark.parametrize(
    ("option", "argument"),
    {
        "redis_host": "host",
        "redis_port": "port",
        "redis_db": "db",
        "redis_password": "password",
        "redis_socket_timeout": "socket_timeout",
        "redis_encoding": "encoding",
        "redis_encoding_errors": "encoding_errors",
        "redis_unix_socket_path": "path",
    }.items(),
)
def test_the_options_for_redis_reach_the_client(browse, option, argument, words):
    """The client that the namespace's sessions use."""
    text, value = REDIS[option]
    browser = browse(settings=words(a={"use": "redis", "secret": SECRET, option: text}))
    client = browser.multi(lambda m: m["a"].redis)
    assert client.connection_pool.connection_kwargs[argument] == value


@pytest.mark.parametrize("option", ["timeout", "timeout_trigger", "cookie_max_age"])
def test_numbers_can_be_none(option, factory_of):
    """As in its own parser."""
    factory = factory_of({"use": "redis", "secret": SECRET, option: "None"})
    assert seen_in_redis(factory, option) is None


def test_the_timeout_is_that_of_the_key_in_redis(browse, minimal, redis, words):
    """``timeout`` reaches the server."""
    browser = browse(settings=words(a=minimal("redis") | {"timeout": "7777"}))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    [key] = redis.client.keys()
    assert 7700 < redis.client.ttl(key) <= 7777


@pytest.mark.parametrize("options", [{}, {"python_expires": "true"}])
def test_a_late_request_does_not_restore_a_session(
    browse, minimal, redis, monkeypatch, options, words
):
    """Also if it only reads, and its library stores the data it has read."""
    browser = browse(settings=words(a=minimal("redis") | options))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    monkeypatch.setattr("pyramid_session_redis.util.time_time", lambda: 4e9)  # a second is enough

    def slow(m):
        seen = m["a"]["x"]
        browser.thief().multi(lambda other: other["a"].invalidate())
        return seen, len(redis.client.keys())

    monkeypatch.setattr("pyramid_session_redis.session.int_time", lambda: 10**9)  # not timed out
    assert browser.multi(slow) == (1, 0)
    assert redis.client.keys() == []
