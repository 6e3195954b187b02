"""Browsers that make requests, many at a time: for soak, failover and servers."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookies import SimpleCookie


class CookieJar(dict):
    """The cookies of a browser that visits one host, by name."""

    @property
    def headers(self):
        """The headers of a request."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.items())
        return {"Cookie": cookies} if cookies else {}

    def keep(self, response):
        """Obey the ``Set-Cookie`` headers of an ``http.client.HTTPResponse``."""
        for header in response.msg.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(header).items():
                self[name] = cookie.value
                if cookie["max-age"] == "0":
                    del self[name]


class Traffic:
    """Clients, each in a thread, for as long as a ``with`` lasts.

    A client has ``make_request()``, and ``counts`` of what it has seen.

    :cvar patience: seconds to wait for the clients.
    """

    patience = 60

    def __init__(self, clients):
        self.clients = clients
        self._turn, self._stop, self._running = threading.Condition(), threading.Event(), []

    @property
    def counts(self):
        return sum((client.counts for client in self.clients), Counter())

    @contextmanager
    def under_load(self):
        self._stop.clear()
        with ThreadPoolExecutor(len(self.clients)) as pool:
            self._running = [pool.submit(self._run, client) for client in self.clients]
            try:
                yield
            finally:
                self._stop.set()
        for running in self._running:
            running.result()

    def _run(self, client):
        while not self._stop.is_set():
            client.make_request()
            with self._turn:
                self._turn.notify_all()

    def until(self, what, number):
        """Wait until each client has counted this so many times more."""
        goals = [client.counts[what] + number for client in self.clients]

        def reached():
            return any(running.done() for running in self._running) or all(
                c.counts[what] >= goal for c, goal in zip(self.clients, goals, strict=True)
            )

        with self._turn:
            assert self._turn.wait_for(reached, self.patience), f"no {what}: {self.counts}"
