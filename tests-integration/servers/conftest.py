"""The servers that people run Pyramid with, and clients that know what their sessions hold."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from traffic import CookieJar

DIRECTORY = Path(__file__).parent
BIN = Path(sys.executable).parent
NAMESPACES = ("public", "account", "cart")
DEEDS = {"read": 6, "write": 8, "renew": 1, "invalidate": 1}
CLIENTS = 20
REQUESTS = 2000
PATIENCE = 60  # seconds


class Server:
    """A running server."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def get(self, path="/", **headers):
        """Status, and body; ``None`` where the connection ends without an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (HTTPException, ConnectionError):
            return None, b""
        finally:
            connection.close()


@pytest.fixture(scope="session")
def serve(redis_server, tmp_path_factory):
    """``with serve(command, options, **environ) as server``: ``{port}`` in it is a free one."""

    @contextmanager
    def serve(command, options="", **environ):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = command.format(port=port, options=options, python=sys.executable).split()
        program, *arguments = words
        directory = tmp_path_factory.mktemp("server")
        log = directory / "log"
        environ |= {
            **{k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
            "REDIS_URL": redis_server.url,
            "DATA_DIR": str(directory / "carts"),
            "PYTHONPATH": str(DIRECTORY),
            "PYTHONWARNINGS": "ignore",
        }
        with (
            log.open("w") as output,
            subprocess.Popen(
                [BIN / program, *arguments],
                env=environ,
                cwd=directory,
                stdout=output,
                stderr=output,
                start_new_session=True,
            ) as process,
        ):
            try:
                wait_for(port, process, log)
                yield Server(process, port)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    return serve


def wait_for(port, process, log):
    """Until it answers."""
    while True:
        assert process.poll() is None, log.read_text()
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return


def left_by(deed, mark, name, data):
    """The data of a session after a deed; ``data`` are those before it."""
    return {"write": [*mark, name], "invalidate": None}.get(deed, data)


# A browser or a proxy tries again as well when a server ends a connection without an answer.
PERSISTENCE = Retry(
    ConstantBackoff(0.05), PATIENCE * 20, supported_errors=(HTTPException, ConnectionError)
)


class Client:
    """A browser, and what each of its sessions may hold, by the answers that it got."""

    def __init__(self, name, port):
        self.name, self.jar, self.counts = name, CookieJar(), Counter()
        self.may_hold = {namespace: [None] for namespace in NAMESPACES}
        self.processes = []  # which answered, in this order
        self._random = random.Random(name)
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def make_request(self):
        """One request more, of any kind."""
        if self._random.random() < 0.1:
            self._connection.close()  # the next one may be to another process
        (deed,) = self._random.choices([*DEEDS], [*DEEDS.values()])
        most = 1 if deed in ("renew", "invalidate") else 3
        namespaces = self._random.sample(NAMESPACES, self._random.randint(1, most))
        self.counts["requests"] += 1
        mark = [self.name, self.counts["requests"]]
        wanted = {"do": deed, "namespaces": namespaces, "mark": mark}

        def cut_off(error):
            self._connection.close()
            self.counts["cut off"] += 1
            for name in namespaces:  # the server may have done it all the same
                self.may_hold[name] += [left_by(deed, mark, name, None)]

        answer = PERSISTENCE.call_with_retry(lambda: self._ask(wanted), cut_off)
        for name in namespaces:
            data = answer["held"][name]
            if data not in self.may_hold[name]:
                mine = data is None or (data[0], data[2]) == (self.name, name)
                self.counts["lost" if mine else "mixed"] += 1
            self.may_hold[name] = [left_by(deed, mark, name, data)]

    def _ask(self, wanted):
        headers = {"Content-Type": "application/json", **self.jar.headers}
        self._connection.request("POST", "/act", json.dumps(wanted), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        self.jar.keep(answer)
        answer_data = json.loads(body)
        self.processes.append(answer_data["process"])
        return answer_data

    def close(self):
        self._connection.close()


class Load:
    """2,000 requests of twenty clients, and what they saw.

    With a reload they go on until a new process answers each of them.
    """

    def __init__(self, port):
        self.clients = [Client(f"client {n}", port) for n in range(CLIENTS)]
        self._half = threading.Barrier(CLIENTS + 1, self._end_of_half, timeout=PATIENCE)

    def run(self, reload):
        """``reload()``, if it is not ``None``, is called when half is done; all go on at once."""
        self._reloads = reload is not None
        with ThreadPoolExecutor(CLIENTS) as pool:
            running = [pool.submit(self._run, client) for client in self.clients]
            self._half.wait()
            if self._reloads:
                reload()
        for each in running:
            each.result()

    def _end_of_half(self):
        self.first_half = {p for c in self.clients for p in c.processes}

    def _run(self, client):
        for _ in range(REQUESTS // CLIENTS // 2):
            client.make_request()
        self._half.wait()
        for _ in range(REQUESTS // CLIENTS // 2):
            client.make_request()
        deadline = time.monotonic() + PATIENCE
        while self._reloads and client.processes[-1] in self.first_half:
            assert time.monotonic() < deadline, "the processes are not replaced"
            client.make_request()
        client.close()

    @property
    def counts(self):
        return sum((client.counts for client in self.clients), Counter())

    @property
    def last_processes(self):
        """The processes that answered each client last."""
        return {client.processes[-1] for client in self.clients}


@pytest.fixture(scope="session")
def load():
    """``load(server, reload)``: put a :class:`Load` on it, and reload it in the middle."""

    def load(server, reload=None):
        load = Load(server.port)
        load.run(reload)
        return load

    return load
