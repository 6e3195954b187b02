"""Redis servers with Sentinels, an application in two processes, and its clients."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from traffic import CookieJar, Traffic

DIRECTORY = Path(__file__).parent
NAMESPACES = ("public", "cart", "account")
DEEDS = {"read": 6, "write": 8, "invalidate": 1}
CLIENTS = 50
PROCESSES = 2
SENTINELS = 3
PATIENCE = 120  # seconds


class Node:
    """A Redis server, and the relay through which all but the application reach it."""

    def __init__(self, port, server):
        self.port = port
        self.client = Redis(port=self.port, socket_timeout=5, retry=Retry(NoBackoff(), 0))
        self.relay = start(sys.executable, DIRECTORY / "relay.py", port, ready="ready")
        self.start, self.freeze, self.thaw = server.start, server.hang, server.resume
        self._server = server

    def kill(self):
        self._server.kill()
        self.client.close()

    def cut_off(self):
        """From replicas and Sentinels: nothing arrives any more, and no connection ends."""
        self.relay.send_signal(signal.SIGSTOP)

    def reconnect(self):
        """Deliver the data that were sent meanwhile."""
        self.relay.send_signal(signal.SIGCONT)

    def close(self):
        self.client.close()
        stop(self.relay)


def start(*command, ready):
    """A process whose output has reached a line with this text."""
    process = popen(command)
    log = []
    while not log or ready not in log[-1]:
        log.append(process.stdout.readline())
        if not log[-1]:
            process.wait()
            pytest.fail("".join([f"{command[0]} did not start:\n", *log]))
    process.drain = threading.Thread(target=process.stdout.read)  # it never blocks on a full pipe
    process.drain.start()
    return process


def popen(command):
    words = [str(word) for word in command]
    # Without the traceback of each request that fails.
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def stop(process):
    process.kill()
    process.wait()
    process.drain.join()
    process.stdout.close()


class Deployment:
    """Three Redis servers, of which one is the primary, and three Sentinels."""

    def __init__(self, nodes, sentinels):
        self.nodes, self.sentinels = nodes, sentinels
        self.sentinel_ports = [port for port, _ in sentinels]

    def primary(self):
        """The server that every Sentinel takes for the primary; ``None`` while they differ."""
        ports = {client.sentinel_masters()["sessions"]["port"] for _, client in self.sentinels}
        return {node.port: node for node in self.nodes}[ports.pop()] if len(ports) == 1 else None

    def settled(self, replicas=2):
        """Each Sentinel sees a primary, its replicas in step, and the other Sentinels."""
        return self.primary() is not None and all(
            in_step(client, replicas) for _, client in self.sentinels
        )

    def replaced(self, node):
        """A Sentinel's clients are sent to another primary, which takes writes."""

        def replaced():
            primary = self.primary()
            return primary not in (None, node) and primary.client.role()[0] == b"master"

        return replaced

    def wait_until(self, condition):
        """Look again at each event of a Sentinel, and every fifth of a second."""
        deadline = time.monotonic() + PATIENCE
        with self.sentinels[0][1].pubsub() as events:
            events.psubscribe("*")
            while time.monotonic() < deadline:
                with suppress(RedisError):
                    if condition():
                        return
                events.get_message(timeout=0.2)
        pytest.fail(f"not {condition.__name__} in {PATIENCE} s")


def in_step(sentinel, number):
    replicas = sentinel.sentinel_slaves("sessions")
    primary = sentinel.sentinel_masters()["sessions"]
    states = {(replica["flags"], replica["master-link-status"]) for replica in replicas}
    return (
        len(replicas) == number
        and states <= {("slave", "ok")}
        and (primary["flags"], primary["num-other-sentinels"]) == ("master", SENTINELS - 1)
    )


def free_ports(number):
    """Free on both addresses; taken together, so that all differ."""
    with ExitStack() as stack:
        ports = []
        while len(ports) < number:
            near = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            ports.append(near.getsockname()[1])
            stack.enter_context(socket.create_server(("127.0.0.2", ports[-1])))
        return ports


SENTINEL = """
port {port}
bind 127.0.0.1
dir {directory}
sentinel monitor sessions 127.0.0.2 {primary} 2
sentinel down-after-milliseconds sessions 1000
sentinel failover-timeout sessions 3000
sentinel parallel-syncs sessions 2
"""
# Its clock, which by default asks every ten seconds what is new: the test would take as long.
PERIODS = ("info", "publish", "ask", "min-link-reconnect")


def start_node(stack, start_redis, port, options):
    own = ["--port", str(port), "--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0"]
    public = ["--replica-announce-ip", "127.0.0.2", "--replica-announce-port", str(port)]
    node = Node(port, stack.enter_context(start_redis(*own, *public, *options)))
    stack.callback(node.close)
    return node


def start_sentinel(stack, port, directory, primary):
    file = Path(directory, f"sentinel-{port}.conf")
    file.write_text(SENTINEL.format(port=port, directory=directory, primary=primary))
    process = start("redis-server", file, "--sentinel", ready="+monitor master")
    stack.callback(stop, process)
    client = stack.enter_context(Redis(port=port, decode_responses=True))
    for period in PERIODS:
        client.execute_command("SENTINEL", "DEBUG", f"{period}-period", 300)
    return port, client


@pytest.fixture(scope="session")
def deploy(start_redis):
    """``with deploy(*options) as deployment``: Redis servers that have these options."""

    @contextmanager
    def deploy(*options, replicas=2):
        with ExitStack() as stack:
            directory = tempfile.mkdtemp(prefix="failover-")
            stack.callback(shutil.rmtree, directory)
            ports = free_ports(1 + replicas + SENTINELS)
            nodes = [
                start_node(stack, start_redis, port, options) for port in ports[: 1 + replicas]
            ]
            for node in nodes[1:]:
                node.client.replicaof("127.0.0.2", ports[0])
            nodes[0].client.wait(replicas, PATIENCE * 1000)
            watching = [
                start_sentinel(stack, port, directory, ports[0]) for port in ports[1 + replicas :]
            ]
            deployment = Deployment(nodes, watching)
            deployment.wait_until(lambda: deployment.settled(replicas))
            yield deployment

    return deploy


# Clients


@dataclass(frozen=True)
class Deed:
    """A write or an end, acknowledged at these times; it begins with its session if all is lost."""

    namespace: str
    mark: int  # the number of the request
    primary: int | None  # the port of the server that the process took for the primary
    began: float
    ended: float
    cookie: str | None


class Client:
    """A browser, and the book of what was acknowledged since the last end of each session.

    A session holds the numbers of all requests that wrote to it, so that a write that is missing
    stays missing.
    """

    def __init__(self, name, ports):
        self.name, self.jar, self.counts = name, CookieJar(), Counter()
        self.book = {namespace: [] for namespace in NAMESPACES}
        self.ended = []  # the cookies of sessions whose end was acknowledged, and that deed
        self.longest = 0.0
        self._sent = {namespace: set() for namespace in NAMESPACES}  # acknowledged or not
        self._random = random.Random(name)
        self._connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE) for port in ports
        ]

    def make_request(self):
        """One request more, of any kind."""
        (deed,) = self._random.choices([*DEEDS], [*DEEDS.values()])
        self.act(deed, self._random.sample(NAMESPACES, self._random.randint(1, 3)))

    def act(self, deed, namespaces=NAMESPACES):
        """Do it to these, and compare what they held with the book.

        :returns: by namespace what they held; ``None`` where the request failed.
        """
        self.counts["requests"] += 1
        mark, jar, began = self.counts["requests"], dict(self.jar), time.monotonic()
        answer = self._ask(self.jar, do=deed, namespaces=namespaces, client=self.name, mark=mark)
        ended = time.monotonic()
        self.longest = max(self.longest, ended - began)
        self.counts["failed" if answer is None else "acknowledged"] += 1
        data, primaries = answer["held"] if answer else None, answer["primaries"] if answer else {}
        for name in namespaces:
            if data is not None:
                self._compare(name, data[name])
            done = Deed(name, mark, primaries.get(name), began, ended, self.jar.get(name))
            if deed == "write":
                self._sent[name].add(mark)
                self.book[name] += [done] if data is not None else []
            elif deed == "invalidate":
                self.book[name].clear()  # also where it failed: the session may have ended
                if data and data[name] and name != "public":  # a signed cookie has no end
                    self.ended.append((jar[name], done))
        return data

    def _compare(self, name, data):
        marks = set(data.get("marks", ()))
        if data and (data["owner"] != [self.name, name] or marks - self._sent[name]):
            self.counts["mixed"] += 1
        elif any(deed.mark not in marks for deed in self.book[name]):
            self.counts["stale"] += 1

    def verify(self):
        """The acknowledged deeds that are lost, when all servers are well again."""
        data, lost = self.act("read"), []
        assert data is not None, f"{self.name} is not answered"
        for name in NAMESPACES:
            marks = data[name].get("marks", ())
            alive = {deed.cookie for deed in self.book[name] if deed.mark in marks}
            first = {deed.cookie: deed.began for deed in reversed(self.book[name])}
            missing = [deed for deed in self.book[name] if deed.mark not in marks]
            lost += [d if d.cookie in alive else replace(d, began=first[d.cookie]) for d in missing]
            self.counts["sessions lost"] += bool(self.book[name]) and not marks
            self.book[name] = [deed for deed in self.book[name] if deed.mark in marks]
        for cookie, deed in self.ended:
            name = deed.namespace
            answer = self._ask(CookieJar({name: cookie}), do="read", namespaces=[name])
            revived = answer is None or answer["held"] != {name: {}}
            lost += [deed] if revived else []
            self.counts["ends lost"] += revived
        self.ended.clear()
        return lost

    def _ask(self, jar, **wanted):
        """The answer; ``None`` where there is none."""
        connection = self._random.choice(self._connections)
        connection.request("POST", "/act", json.dumps(wanted), jar.headers)
        answer = connection.getresponse()
        body = answer.read()
        self.counts[answer.status] += 1
        if jar is self.jar:
            jar.keep(answer)
        return json.loads(body) if answer.status == 200 else None

    def close(self):
        for connection in self._connections:
            connection.close()


class ClusterTraffic(Traffic):
    """Traffic to an application in several processes.

    :ivar ports: their ports.
    """

    patience = PATIENCE

    def __init__(self, clients, ports):
        super().__init__(clients)
        self.ports = ports

    def unexpected_errors(self):
        """The errors that the processes did not expect, counted."""
        errors = Counter()
        for port in self.ports:
            with urlopen(f"http://127.0.0.1:{port}/unexpected_errors", timeout=PATIENCE) as answer:
                errors.update(json.loads(answer.read()))
        return dict(errors)


@pytest.fixture(scope="session")
def visit():
    """``with visit(deployment) as traffic``: clients of an application in two processes."""

    @contextmanager
    def visit(deployment, clients=CLIENTS):
        command = [sys.executable, DIRECTORY / "application.py", *deployment.sentinel_ports]
        with ExitStack() as stack:
            ports = []
            for _ in range(PROCESSES):
                process = stack.enter_context(popen(command))
                stack.callback(process.terminate)
                ports.append(int(process.stdout.readline()))
            traffic = ClusterTraffic([Client(f"client {n}", ports) for n in range(clients)], ports)
            for client in traffic.clients:
                stack.callback(client.close)
            yield traffic

    return visit
