"""Redis clients for Sentinel and Redis Cluster, from urls that redis-py itself cannot parse.

::

    redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT,HOST:PORT/SERVICE/DB?OPTION=VALUE
    redis+cluster://USER:PASSWORD@HOST:PORT,HOST:PORT,HOST:PORT?OPTION=VALUE

The hosts are the Sentinels, and some nodes of the cluster. User, password, database and options are
those of redis-py's own urls, for the connections to Redis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from redis import StrictRedis, cluster
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry
from redis.sentinel import Sentinel

from .option_converters import OptionError

# The options of pyramid_session_redis that are passed on; all others come from the url.
_PASSED = ("socket_timeout", "encoding", "encoding_errors")


@dataclass(frozen=True)
class RedisServers:
    """The servers that a url names.

    :ivar hosts: names and ports.
    :ivar service: Sentinel's name for the primary and its replicas; empty for a cluster.
    :ivar options: for redis-py's connections.
    """

    hosts: tuple[tuple[str, int], ...]
    service: str
    options: dict[str, Any]

    @classmethod
    def parse(cls, url: str) -> RedisServers:
        """Parse a url; raise ``ValueError`` if it does not have one of the two forms."""
        parts = urlsplit(url)
        userinfo, at, hosts = parts.netloc.rpartition("@")
        service, _, database = parts.path.removeprefix("/").partition("/")
        is_sentinel = parts.scheme == "redis+sentinel"
        if is_sentinel != bool(service):
            raise ValueError(url)
        # redis-py parses everything but the hosts.
        options = parse_url(f"redis://{userinfo}{at}/?{parts.query}")
        if database:
            options["db"] = int(database)
        default = 26379 if is_sentinel else 6379
        return cls(
            tuple(_host_and_port(host, default) for host in hosts.split(",")),
            unquote(service),
            options,
        )

    def client(self, **options: Any) -> Any:
        """Create a client; options in the url take precedence."""
        options |= self.options
        if self.service:
            sentinel = Sentinel(self.hosts, **options)
            return sentinel.master_for(self.service, redis_class=StrictRedis)
        nodes = [cluster.ClusterNode(*host) for host in self.hosts]
        # redis-py would retry with pauses, and each attempt would wait for the socket timeout.
        once = Retry(NoBackoff(), 0)
        # A pipeline counts its own errors, and without retries never reaches redis-py's five: it
        # would not learn that a replica has taken over.
        return _Cluster(startup_nodes=nodes, retry=once, **{"reinitialize_steps": 1} | options)


class _Cluster(cluster.RedisCluster):
    """A cluster in which pyramid_session_redis can create sessions.

    The library does so in a pipeline that is a transaction of one key. In a cluster, redis-py
    creates such pipelines only on request; its others refuse ``WATCH``.
    """

    def pipeline(self, transaction: Any = True, shard_hint: Any = None) -> Any:
        return super().pipeline(transaction, shard_hint)


def _host_and_port(text: str, default: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.path:
        raise ValueError(text)
    return parts.hostname, parts.port or default


def redis_client_callable(url: str) -> Callable[..., Any]:
    """Return a ``redis_client_callable`` with one client, which it creates at the first call."""
    servers = RedisServers.parse(url)
    if not servers.service and not hasattr(cluster, "TransactionStrategy"):
        raise OptionError("redis_url", "names a cluster, which needs redis-py 6.1 or later")
    clients: list[Any] = []

    def redis_client(request: Any, **options: Any) -> Any:
        if not clients:
            client_options = {k: options[k] for k in _PASSED if options.get(k) is not None}
            clients.append(servers.client(**client_options))
        return clients[0]

    return redis_client
