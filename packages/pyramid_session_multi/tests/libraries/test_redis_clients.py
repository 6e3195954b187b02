"""Urls of Sentinel and Redis Cluster. Real servers are in ``tests-integration``."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi.libraries.redis_clients import RedisServers, redis_client_callable
from redis import StrictRedis, cluster

SECRET = "a-secret-" * 8


@pytest.mark.parametrize(
    ("url", "hosts", "service", "options"),
    [
        ("redis+sentinel://a:1,b:2/cart", (("a", 1), ("b", 2)), "cart", {}),
        ("redis+sentinel://a,[::1]/cart", (("a", 26379), ("::1", 26379)), "cart", {}),
        ("redis+sentinel://a/cart/3", (("a", 26379),), "cart", {"db": 3}),
        ("redis+cluster://a:1,b", (("a", 1), ("b", 6379)), "", {}),
        ("redis+cluster://a/", (("a", 6379),), "", {}),
        (
            "redis+cluster://me:p%40ss@a?socket_timeout=0.5&ssl_ca_certs=ca.pem",
            (("a", 6379),),
            "",
            {
                "username": "me",
                "password": "p@ss",
                "socket_timeout": 0.5,
                "ssl_ca_certs": "ca.pem",
            },
        ),
    ],
)
def test_a_url_names_the_servers(url, hosts, service, options):
    """All parts except the hosts mean the same as in redis-py's urls."""
    assert RedisServers.parse(url) == RedisServers(hosts, service, options)


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://a",  # no service
        "redis+sentinel:///cart",
        "redis+sentinel://a,/cart",
        "redis+sentinel://a:port/cart",
        "redis+sentinel://a:99999/cart",
        "redis+sentinel://a/cart/first",
        "redis+sentinel://a/cart/0?socket_timeout=soon",
        "redis+sentinel://[::1/cart",
        "redis+cluster://a,?b",
        "redis+cluster://",
        "redis+cluster://a/cart",  # a cluster has no services or databases
        "redis+cluster://a/1",
        "rediss+cluster://a",
        "redis-sentinel://a/cart",
    ],
)
def test_an_invalid_url_is_an_error_that_does_not_show_it(url, words):
    """It may hold a password. The message has the forms for several servers, and a way to TLS."""
    config = Configurator(settings=words(a={"use": "redis", "secret": SECRET, "redis_url": url}))
    with pytest.raises(ConfigurationError) as info:
        config.include("pyramid_session_multi")
    assert str(info.value) == (
        "session_multi.a.redis_url takes a url like redis+sentinel://localhost:26379/SERVICE for "
        "Sentinel, and like redis+cluster://localhost:6379 for Redis Cluster. For TLS with these, "
        "set redis_client_callable instead."
    )


def test_a_client_of_sentinel_is_created_once_from_the_url_and_the_options():
    """The url takes precedence; options that it replaces are not passed on."""
    redis_client = redis_client_callable("redis+sentinel://a:1/cart/3?socket_timeout=2")
    client = redis_client(None, host="localhost", db=0, socket_timeout=1, encoding="latin-1")
    assert type(client) is StrictRedis
    assert redis_client(None) is client
    pool = client.connection_pool
    assert pool.service_name == "cart"
    assert (pool.connection_kwargs["db"], pool.connection_kwargs["encoding"]) == (3, "latin-1")
    assert pool.connection_kwargs["socket_timeout"] == 2
    assert "host" not in pool.connection_kwargs
    [sentinel] = pool.sentinel_manager.sentinels
    assert sentinel.connection_pool.connection_kwargs["socket_timeout"] == 2


def test_a_cluster_needs_a_redis_py_that_has_transactions_there(words, monkeypatch):
    """pyramid_session_redis creates its sessions in a transaction."""
    monkeypatch.delattr(cluster, "TransactionStrategy")
    url = "redis+cluster://localhost"
    config = Configurator(settings=words(a={"use": "redis", "secret": SECRET, "redis_url": url}))
    with pytest.raises(ConfigurationError, match=r"a\.redis_url names a cluster, which needs"):
        config.include("pyramid_session_multi")
