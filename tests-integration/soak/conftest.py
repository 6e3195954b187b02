"""Clients that know what each of their sessions has to hold, and the server they ask."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
from traffic import CookieJar, Traffic

SERVER = Path(__file__).parent / "server.py"
NAMESPACES = ("public", "cart", "account")
DEEDS = {"read": 4, "peek": 2, "write": 8, "renew": 1, "invalidate": 1}
CLIENTS = 6
PATIENCE = 60  # seconds


class Client:
    """A browser, and the book of what its last acknowledged requests left in each namespace.

    What a request that failed has left is not known before the next answer: ``may_hold`` has all
    that is possible.
    """

    def __init__(self, name, port):
        self.name = name
        self.jar = CookieJar()
        self.may_hold = {namespace: [None] for namespace in NAMESPACES}
        self.counts = Counter()
        self._random = random.Random(name)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def make_request(self):
        """One request more."""
        (deed,) = self._random.choices([*DEEDS], [*DEEDS.values()])
        most = 1 if deed in ("renew", "invalidate") else 3
        self.act(deed, self._random.sample(NAMESPACES, self._random.randint(1, most)))

    def act(self, deed, namespaces):
        """Do it to these, and see that they held what they had to before it."""
        self.counts["requests"] += 1
        mark = [self.name, self.counts["requests"]]
        data = self._ask(do=deed, namespaces=namespaces, mark=mark)
        self.counts["failed" if data is None else "acknowledged"] += 1
        for name in namespaces:
            left = [[*mark, name]] if deed == "write" else [None] if deed == "invalidate" else []
            if data is not None:
                self._compare(name, data[name])
                self.may_hold[name] = left or [data[name]]
            elif deed == "renew":  # the old id has ended, the new one is unknown: docs/reference
                self.may_hold[name].append(None)
            else:
                self.may_hold[name] += left

    def _compare(self, name, data):
        if data not in self.may_hold[name]:
            mine = data is None or (data[0], data[2]) == (self.name, name)
            self.counts["lost" if mine else "mixed"] += 1

    def _ask(self, **wanted):
        """The answer; ``None`` where there is none."""
        self._connection.request("POST", "/act", json.dumps(wanted), self.jar.headers)
        answer = self._connection.getresponse()
        body = answer.read()
        self.counts[answer.status] += 1
        self.jar.keep(answer)
        return json.loads(body) if answer.status == 200 else None

    def close(self):
        self._connection.close()


class SoakTraffic(Traffic):
    """Traffic through outages of Redis."""

    def outage(self, redis):
        """Redis dies and comes back while all clients go on."""
        with self.under_load():
            self.until("acknowledged", 40)
            redis.kill()
            self.until("failed", 3)
            redis.start()
            self.until("acknowledged", 40)


class Server:
    """A running server."""

    def __init__(self, port):
        self.port = port

    def tells(self, what):
        """A figure that the server reports about itself."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", f"/{what}")
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """``with serve(redis, fault) as server``: with the three kinds of sessions."""

    @contextmanager
    def serve(redis, *fault):
        directory = tmp_path_factory.mktemp("carts")
        with subprocess.Popen(
            [sys.executable, SERVER, redis.url, directory, *fault],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback for each request that fails
            text=True,
        ) as process:
            try:
                yield Server(int(process.stdout.readline()))
            finally:
                process.terminate()

    return serve


@pytest.fixture(scope="module")
def visit(serve):
    """``with visit(redis, fault) as (server, traffic)``: clients of such a server."""

    @contextmanager
    def visit(redis, *fault):
        with serve(redis, *fault) as server:
            traffic = SoakTraffic([Client(f"client {n}", server.port) for n in range(CLIENTS)])
            try:
                yield server, traffic
            finally:
                for client in traffic.clients:
                    client.close()

    return visit
