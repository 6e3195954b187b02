"""The demo application as users start it, and its visitors."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode
from urllib.request import (
    HTTPCookieProcessor,
    HTTPErrorProcessor,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs/examples"
HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


class Shop:
    """A running shop; ``greeting`` is its output at start-up."""

    def __init__(self, process, port):
        self.process = process
        self.http, self.https = f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port + 1}"
        self.ports = port, port + 1
        with patience(process):
            self.greeting = [process.stdout.readline() for _ in range(5)]
        assert self.greeting[-1], process.stderr.read()

    def visitor(self, *cookies):
        """A new one, who was given these cookies."""
        return Visitor(self, cookies)


class Visitor:
    """An http client with a cookie jar; a browser's jar if it names its host."""

    def __init__(self, shop, cookies):
        self.shop = shop
        self.jar = CookieJar()
        for cookie in cookies:
            self.jar.set_cookie(cookie)
        unverified = ssl.create_default_context()
        unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
        self._open = build_opener(
            ProxyHandler({}),
            HTTPSHandler(context=unverified),
            HTTPCookieProcessor(self.jar),
            AsTheyAre,
        ).open

    def send(self, method, url, *, form=None, **headers):
        data = urlencode(form).encode() if form is not None else None
        request = Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()})
        request.method = method
        with self._open(request, timeout=10) as response:
            response.text = response.read().decode()
        return response

    def post(self, path, *, to="http", **params):
        """Send a form as curl does; return the response with its body read."""
        url = f"{getattr(self.shop, to)}/{path}?{urlencode(params)}"
        return json.loads(self.send("POST", url).text)

    def state(self, to="http"):
        return json.loads(self.send("GET", f"{getattr(self.shop, to)}/state").text)

    def states(self, to="http"):
        return {name: row["state"] for name, row in self.state(to)["namespaces"].items()}

    def values(self, namespace):
        """The values on the https page, which shows all of them."""
        return self.state("https")["namespaces"][namespace]["values"]

    def page(self, to="http"):
        """The text of the page."""
        text = self.send("GET", f"{getattr(self.shop, to)}/", Accept=HTML).text
        self.token = re.search(r'name="csrf_token" value="(\w+)"', text)[1]
        return text

    def cookie(self, namespace):
        return next(c for c in self.jar if c.name == f"shop_{namespace}")


class AsTheyAre(HTTPErrorProcessor):
    """Returns redirects and errors as responses."""

    def http_response(self, request, response):
        return response

    https_response = http_response


@pytest.fixture(scope="session")
def start(two_free_ports):
    """``with start(PORT=..., ...) as shop``: the demo as a process, terminated at the end."""

    @contextmanager
    def start(**environ):
        port = int(environ.setdefault("PORT", str(two_free_ports())))
        inherited = {
            k: v for k, v in os.environ.items() if k != "REDIS_URL" and not k.startswith("SHOP_")
        }
        with subprocess.Popen(
            [sys.executable, "-m", "shop"],
            cwd=EXAMPLES,
            env={**inherited, "PYTHONDONTWRITEBYTECODE": "1", **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Shop(process, port)
            finally:
                process.terminate()
                with patience(process):
                    _, process.complaints = process.communicate()
        assert process.returncode == 0, process.complaints
        assert "Traceback" not in process.complaints

    return start


@pytest.fixture(scope="module")
def shop(start):
    """A running demo that the tests of a module share."""
    with start() as shop:
        yield shop


@pytest.fixture
def visitor(shop):
    """A new visitor with these cookies."""
    return shop.visitor()


@contextmanager
def patience(process):
    """Fail after this time: a test that hangs says less than one that fails."""
    timer = Timer(30, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@pytest.fixture(scope="session")
def two_free_ports():
    """``two_free_ports()``: the first of two successive free ports."""

    def two_free_ports():
        while True:
            with socket.create_server(("127.0.0.1", 0)) as one:
                port = one.getsockname()[1]
                try:
                    socket.create_server(("127.0.0.1", port + 1)).close()
                except OSError:
                    continue
                return port

    return two_free_ports
