"""Simultaneous requests of several browsers: the panel does not confuse them."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

BROWSERS = ("one", "two", "three")


@pytest.fixture
def at_once(library, application, clock):
    """Let all browsers send a request at once: what can be compared of it.

    Each view is given a function that waits until all of them have come so far.
    """
    start = clock.now

    def at_once(toolbar, view):
        clock.now = start
        first = application(toolbar, None)
        library.fresh()
        sites = {name: type(first)(first.app) for name in BROWSERS}
        for name, site in sites.items():
            site.visit(lambda request, name=name: fill(request.session_multi, name))
            seen_cookies(library, site)
        first.calls.clear()
        clock.now += 100
        barrier = threading.Barrier(len(BROWSERS), timeout=60)
        outcomes = {}

        def send(name):
            outcomes[name] = sites[name].visit(
                lambda request: view(request.session_multi, name, barrier.wait)
            )

        with library.commands() as commands:
            threads = [threading.Thread(target=send, args=[name]) for name in BROWSERS]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        result = {
            "outcomes": outcomes,
            "status": [site.response.status for site in sites.values()],
            "cookies": [seen_cookies(library, site) for site in sites.values()],
            "calls": Counter(first.calls),
            "commands": Counter(commands),
        }
        if toolbar in (True, "activated"):
            result["pages"] = pages(first)
        clock.now += 100
        result["afterwards"] = [
            site.visit(lambda request: contents(request.session_multi)) for site in sites.values()
        ]
        return result

    return at_once


def fill(m, name):
    for each in ("a", "b"):
        m[each].update({"who": name, "before": each})


def contents(m):
    return [{key: m[name].get(key) for key in ("who", "before", "mine")} for name in ("a", "b")]


def seen_cookies(library, site):
    headers = site.response.headers.getall("Set-Cookie")
    pairs = [header.partition(";")[0].partition("=") for header in headers]
    return [(name, library.read(name, value)) for name, _, value in pairs]


def pages(site):
    """For the last requests: the state of "a", and its data at the end."""
    states = set()
    for site.index in range(len(BROWSERS)):
        assert site.panel._errors.lines == []
        (a,) = [row for row in site.panel.report.rows if row.name == "a"]
        after = {change.label: change.after for change in a.changes}
        states.add((site.states["a"], after["who"], after["mine"]))
    site.index = 0
    return states


def view(m, name, wait):
    wait()
    owner = m["a"]["who"]
    wait()
    m["a"]["mine"] = name
    wait()
    others = sorted(m)
    m["b"]["mine"] = m["a"]["who"]
    wait()
    return owner, others, sorted(m), contents(m)


@pytest.mark.parametrize("toolbar", [True, "activated"])
def test_requests_at_the_same_time(at_once, toolbar):
    """Each has its own sessions, and its own page."""
    baseline, same_toolbar, seen = (at_once(each, view) for each in (False, "bare", toolbar))
    assert seen["outcomes"] == same_toolbar["outcomes"] == baseline["outcomes"]
    assert {owner for owner, *_ in seen["outcomes"].values()} == set(BROWSERS)
    for what in ("status", "cookies", "afterwards"):
        assert seen[what] == baseline[what], what
    for what, permitted in (("calls", "discriminator a"), ("commands", "GET")):
        more = set(seen[what] - baseline[what])
        assert more <= ({permitted} if toolbar == "activated" else set()), what
        assert not baseline[what] - seen[what], what
    assert seen["pages"] == {("opened", repr(name), repr(name)) for name in BROWSERS}
