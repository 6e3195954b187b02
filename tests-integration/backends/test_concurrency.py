"""Two server processes of several threads, fifty clients, three namespaces: nobody sees another's.

Run as a script, this file is one of the servers.
"""

import http.client
import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import redis
import waitress
from pyramid.config import Configurator
from pyramid_session_multi import signed_cookie_session_factory
from pyramid_session_redis import RedisSessionFactory

NAMESPACES = ["account", "public", "shop"]
CLIENTS = 50
REQUESTS = 10_000


def serve(socket):
    """Account and shop are in Redis, each with its own client; the public session is a cookie."""

    def on_redis(name, database):
        client = redis.StrictRedis(unix_socket_path=socket, db=database)
        own = {"redis_client_callable": lambda request, **options: client}
        return RedisSessionFactory(f"the secret of {name}", cookie_name=name, **own)

    config = Configurator()
    config.include("pyramid_session_multi")
    config.register_session_factory("account", on_redis("account", 0))
    config.register_session_factory("public", signed_cookie_session_factory("public", "s" * 64))
    config.register_session_factory("shop", on_redis("shop", 1))
    config.add_route("count", "/{owner}/{written}/{read}")
    config.add_view(count, route_name="count", renderer="json")
    server = waitress.create_server(config.make_wsgi_app(), host="127.0.0.1", port=0, threads=4)
    print(server.effective_port, flush=True)  # noqa: T201 - for the test to read
    server.run()


def count(request):
    """Count in one namespace, and return its data and those of another."""
    owner, written, read = (request.matchdict[name] for name in ("owner", "written", "read"))
    session = request.session_multi[written]
    session["count"] = session.get("count", 0) + 1
    session["owners"] = sorted({*session.get("owners", []), owner})
    return {
        name: [request.session_multi[name].get("owners"), request.session_multi[name].get("count")]
        for name in {written, read}
    }


@pytest.fixture(scope="module")
def ports(redis_server):
    """Two servers."""
    with ExitStack() as stack:
        ports = []
        for _ in range(2):
            command = [sys.executable, __file__, redis_server.socket]
            server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            stack.enter_context(server)
            stack.callback(server.terminate)
            ports.append(int(server.stdout.readline()))
        yield ports


class Client:
    """Sends requests to both servers in turn, and compares the responses with its own count."""

    def __init__(self, name, ports, jar=None):
        self.name, self.jar = name, {} if jar is None else jar
        self.connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in ports
        ]
        self.random = random.Random(name)
        self.counts = dict.fromkeys(NAMESPACES, 0)
        self.answered = self.mixed = 0

    def run(self, requests):
        for number in range(requests):
            written, read = self.random.choices(NAMESPACES, k=2)
            self.counts[written] += 1
            answer = self.ask(self.connections[number % 2], f"/{self.name}/{written}/{read}")
            expected = {name: self.expected(name) for name in (written, read)}
            self.mixed += answer != expected
            self.answered += 1
        for connection in self.connections:
            connection.close()

    def expected(self, name):
        return [[self.name], self.counts[name]] if self.counts[name] else [None, None]

    def ask(self, connection, path):
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        connection.request("GET", path, headers={"Cookie": cookies} if cookies else {})
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, body
        for header in response.msg.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self.jar[name] = value
        return json.loads(body)


def test_no_client_sees_anothers_data(ports):
    """Ten thousand requests: each response has the client's own data, with the exact count."""
    clients = [Client(f"client{number}", ports) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda client: client.run(REQUESTS // CLIENTS), clients))
    assert sum(client.answered for client in clients) == REQUESTS
    assert [client.name for client in clients if client.mixed] == []
    for name in NAMESPACES:
        assert len({client.jar[name] for client in clients}) == CLIENTS


@pytest.mark.parametrize("shared", NAMESPACES)
def test_two_clients_with_one_cookie_are_detected(ports, shared):
    """The control: the test above would detect mixed-up sessions."""
    ann, bob = Client("ann", ports), Client("bob", ports)
    ann.run(10)
    assert ann.mixed == 0
    bob.jar[shared] = ann.jar[shared]
    bob.run(10)
    assert bob.mixed > 0


if __name__ == "__main__":
    serve(*sys.argv[1:])
