"""Sessions of three libraries behind the servers that people run Pyramid with.

Each serves 2,000 requests of twenty clients, with a HUP in the middle where it reloads at one.
``docs/how-to/servers.md`` has the table of what is seen here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "servers.md"


@dataclass(frozen=True)
class Case:
    """A server, and what it does.

    :ivar command: ``{port}`` is a free one, ``{python}`` this Python, ``{options}`` may be empty.
    :ivar reloads: it replaces its processes at a HUP.
    :ivar limits: bytes of cookies that it takes, and that it does not.
    :ivar refusal: the status then; ``None``: it ends the connection.
    :ivar believes: ``X-Forwarded-Proto`` from a proxy on this machine.
    :ivar options: for more cookies, and for the other answer to ``X-Forwarded-Proto``.
    :ivar more: bytes of cookies that it takes with them.
    :ivar then_believes: ``X-Forwarded-Proto`` with them.
    """

    command: str
    reloads: bool
    limits: tuple[int, int]
    refusal: int | None
    believes: bool
    options: str
    more: int
    then_believes: bool


def gunicorn(arguments):
    return Case(
        "gunicorn --bind 127.0.0.1:{port} --workers 2 " + arguments + " {options} application:app",
        reloads=True,
        limits=(8_100, 8_300),
        refusal=431,
        believes=True,
        options="--limit-request-field_size 16380 --forwarded-allow-ips 192.0.2.1",
        more=16_000,
        then_believes=False,
    )


CASES = {
    "waitress": Case(
        "waitress-serve --listen 127.0.0.1:{port} --threads 8 {options} application:app",
        reloads=False,
        limits=(250_000, 300_000),
        refusal=431,
        believes=False,
        options="--max-request-header-size 8192 --trusted-proxy 127.0.0.1"
        " --trusted-proxy-headers x-forwarded-proto",
        more=8_000,
        then_believes=True,
    ),
    "gunicorn sync": gunicorn("--worker-class sync"),
    "gunicorn gthread": gunicorn("--worker-class gthread --threads 4 --preload"),
    "gunicorn gevent": gunicorn("--worker-class gevent"),
    "uWSGI": Case(
        "uwsgi --binary-path {python} --http-socket 127.0.0.1:{port} --master --processes 2"
        " --threads 4 {options} --need-app --module application:app",
        reloads=True,
        limits=(3_500, 4_200),
        refusal=None,
        believes=True,
        options="--buffer-size 32768",
        more=32_000,
        then_believes=True,  # there is no option for it
    ),
    "a2wsgi under uvicorn": Case(
        "uvicorn --port {port} --workers 2 {options} application:asgi_app",
        reloads=True,
        limits=(60_000, 300_000),
        refusal=None,
        believes=True,
        options="--no-proxy-headers",
        more=60_000,
        then_believes=False,
    ),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return CASES[request.param]


@pytest.fixture(scope="module")
def served(case, serve, load):
    """The observations of a server with its default configuration."""
    with serve(case.command) as server:
        statuses = [server.get(Cookie=f"a={'x' * size}")[0] for size in case.limits]
        believes = is_secure(server)
        done = load(server, server.reload if case.reloads else None)
    return SimpleNamespace(load=done, statuses=statuses, believes=believes)


def is_secure(server):
    """Is a request that a proxy says came by https on https to the application?"""
    _, body = server.get(**{"X-Forwarded-Proto": "https"})
    return json.loads(body)["is_secure"]


def test_nothing_is_mixed_and_nothing_lost(served):
    """In a signed cookie, in Redis and in Beaker's files."""
    counts = served.load.counts
    assert counts["requests"] >= 2000
    assert (counts["mixed"], counts["lost"]) == (0, 0)


def test_a_reload_in_the_middle_replaces_the_processes(case, served):
    """By a HUP; where there is none, no connection is cut off."""
    if case.reloads:
        assert len(served.load.first_half) == 2
        assert served.load.last_processes.isdisjoint(served.load.first_half)
    else:
        assert served.load.counts["cut off"] == 0


def test_limits_and_schemes_are_those_that_the_page_names(case, served, serve):
    """As it is by default, and with options that change them."""
    assert served.statuses == [200, case.refusal]
    assert served.believes is case.believes
    with serve(case.command, options=case.options) as server:
        assert server.get(Cookie=f"a={'x' * case.more}")[0] == 200
        assert is_secure(server) is case.then_believes


def test_the_panel_mixes_nothing(serve, load):
    """With the toolbar, behind waitress: it knows of one process."""
    with serve(CASES["waitress"].command, PANEL="on") as server:
        counts = load(server).counts
        status, page = server.get("/_debug_toolbar/")
    assert counts == {"requests": 2000}
    assert status == 200
    assert b"session_multi" in page


def test_the_page_names_them(case):
    """Each option in a row of the table."""
    rows = [row for row in PAGE.read_text().splitlines() if row.startswith("| ")]
    named = [row for row in rows if all(f"`{option}" in row for option in options_of(case))]
    assert named


def options_of(case):
    return [word for word in case.options.split() if word.startswith("--")]
