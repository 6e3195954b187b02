"""The demo as a process: its start, its error messages at start-up, and its end."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs/examples"

NAMESPACES = ("public", "cart", "account")


def test_sessions_survive_a_restart_with_the_same_secret_and_data(start, two_free_ports, tmp_path):
    environment = {
        "SHOP_SECRET": "kept %(s " * 20,
        "SHOP_DATA": str(tmp_path / "100 %(s"),  # the .ini file does not use these
        "PORT": str(two_free_ports()),
    }
    with start(**environment) as shop:
        visitor = shop.visitor()
        for name in NAMESPACES:
            visitor.post("write", to="https", ns=name, key="a", value="b")
    with start(**environment):
        assert visitor.states("https") == dict.fromkeys(NAMESPACES, "filled")
    assert (tmp_path / "100 %(s/carts.sqlite").is_file()
    with start(PORT=environment["PORT"]):
        rows = visitor.state("https")["namespaces"]
        assert {name: rows[name]["accepted"] for name in rows} == dict.fromkeys(NAMESPACES, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_and_leaves_nothing(start, tmp_path, number):
    with start(TMPDIR=str(tmp_path)) as shop:
        visitor = shop.visitor()
        visitor.post("write", ns="cart", key="a", value="b")
        assert list(tmp_path.iterdir())
        # silent or incomplete connections block nothing
        with (
            socket.create_connection(("127.0.0.1", shop.ports[0])) as http,
            socket.create_connection(("127.0.0.1", shop.ports[1])),
        ):
            http.sendall(b"GET / HTTP/1.1\r\n")
            shop.process.send_signal(number)
            assert shop.process.wait(timeout=60) == 0
        for port in shop.ports:
            socket.create_server(("127.0.0.1", port)).close()
    assert not list(tmp_path.iterdir())


def test_failed_tls_handshakes_are_not_logged(start):
    with start() as shop:
        with pytest.raises(ConnectionError):
            shop.visitor().send("GET", shop.https.replace("https", "http"))
        trusting_few = ssl.create_default_context()
        with (
            socket.create_connection(("127.0.0.1", shop.ports[1])) as connection,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            trusting_few.wrap_socket(connection, server_hostname="localhost")
        assert shop.visitor().states("https") == dict.fromkeys(NAMESPACES, "untouched")
    assert "shop.https" not in shop.process.complaints


@pytest.fixture
def failing_start(two_free_ports):
    """``failing_start(environ)``: the output of a demo that cannot start."""

    def failing_start(environ):
        done = subprocess.run(
            [sys.executable, "-m", "shop"],
            cwd=EXAMPLES,
            env={**os.environ, "PORT": str(two_free_ports()), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        return done.stderr

    return failing_start


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({"PORT": "many"}, "PORT must be a number"),
        ({"SHOP_SECRET": "short"}, "SHOP_SECRET must have at least 32"),
        ({"REDIS_URL": "nowhere"}, "session_multi.cart.redis_url takes a url"),
    ],
)
def test_an_invalid_environment_is_explained(failing_start, environ, why):
    assert why in failing_start(environ)


def run_with(argument):
    """The demo, started with an argument."""
    command = [sys.executable, "-m", "shop", argument]
    return subprocess.run(
        command, cwd=EXAMPLES, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("argument", ["--port=8000", "8000"])
def test_an_argument_is_refused_with_the_usage(argument):
    refused = run_with(argument)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert re.search(r"^usage: \[PORT=\d+\] \[REDIS_URL=\S+\] ", refused.stderr, re.MULTILINE)
    assert f"unrecognized arguments: {argument}" in refused.stderr


def test_its_help_lists_every_environment_variable():
    source = (EXAMPLES / "shop/environment.py").read_text()
    asked_for = set(re.findall(r'environ\.get\("(\w+)"', source))
    assert {"PORT", "REDIS_URL"} <= asked_for
    helpful = run_with("--help")
    assert helpful.returncode == 0
    assert set(re.findall(r"^  ([A-Z_]+) ", helpful.stdout, re.MULTILINE)) == asked_for


def test_the_readme_shows_its_default_port():
    """The port itself is in shop.ini."""
    port = re.search(r"PORT=(\d+)", run_with("--help").stdout)[1]
    readme = (EXAMPLES.parents[1] / "README.md").read_text()
    assert f"http://127.0.0.1:{port} and https://127.0.0.1:{int(port) + 1}" in readme


def test_a_port_in_use_is_explained(failing_start, shop):
    taken = shop.ports[0]
    assert f"Ports {taken - 1} and {taken}" in failing_start({"PORT": str(taken - 1)})
    assert f"Ports {taken} and {taken + 1}" in failing_start({"PORT": str(taken)})
