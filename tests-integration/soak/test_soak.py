"""Mixed traffic while Redis dies and comes back: what was acknowledged is there, and nobody else's.

Each visitor compares every answer with what their last acknowledged requests left, in a signed
cookie, in Beaker's files and in Redis. A longer run: ``SOAK_OUTAGES=1000`` in the environment; one
takes about a second.
"""

from __future__ import annotations

import os
from itertools import pairwise
from statistics import median
from types import SimpleNamespace

import pytest

LASTING = ("--appendonly", "yes", "--appendfsync", "always")
OUTAGES = int(os.environ.get("SOAK_OUTAGES", "8"))
LEAK = 0.25  # objects for each request; what is seen without one is 0.05 and less


def growth(redis, server, traffic, outages):
    """Objects for each request that the server has more after an outage than before it.

    The median, as whatever happens for the first time leaves a few hundred for good.
    """
    samples = []
    for _ in range(outages):
        traffic.outage(redis)
        samples.append((server.tells("memory"), traffic.counts["requests"]))
    return median((b - a) / (n - m) for (a, m), (b, n) in pairwise(samples))


@pytest.fixture(scope="module")
def soak(start_redis, visit):
    """The observations of many outages of a Redis that keeps every acknowledged write."""
    with start_redis(*LASTING) as redis, visit(redis) as (server, traffic):
        grown = growth(redis, server, traffic, OUTAGES)
        unexpected = server.tells("unexpected")
        yield SimpleNamespace(counts=traffic.counts, growth=grown, unexpected=unexpected)


def test_nothing_that_was_acknowledged_is_lost_or_mixed_up(soak):
    """By the visitors' own books; thousands of requests were compared."""
    assert soak.counts["acknowledged"] > 400 * OUTAGES
    assert (soak.counts["lost"], soak.counts["mixed"]) == (0, 0)


def test_what_fails_meanwhile_fails_cleanly(soak):
    """With a 503 where a session is opened, a 500 where it is saved, and for Redis alone."""
    assert soak.counts["failed"] == soak.counts[503] + soak.counts[500]
    assert soak.counts["failed"] >= 18 * OUTAGES
    assert soak.unexpected == {}


def test_memory_does_not_grow(soak):
    """Requests leave nothing behind, whether they succeed or fail."""
    assert soak.growth < LEAK


# The controls: each would be seen above


def test_a_redis_that_forgets_is_noticed(start_redis, visit):
    """Without persistence an outage costs every visitor their account."""
    with start_redis() as redis, visit(redis) as (_, traffic):
        with traffic.under_load():
            traffic.until("acknowledged", 40)
        # Between requests: a renewal or a logout that fails may lose the session by itself.
        redis.kill()
        redis.start()
        with traffic.under_load():
            traffic.until("acknowledged", 40)
        assert traffic.counts["lost"] > 0
        assert traffic.counts["mixed"] == 0


def test_visitors_that_are_mixed_up_are_noticed(start_redis, visit):
    """By a factory that hands the first visitor's session to everybody."""
    with start_redis() as redis, visit(redis, "mixed") as (_, traffic):
        with traffic.under_load():
            traffic.until("acknowledged", 20)
        assert traffic.counts["mixed"] > 0


def test_a_leak_is_noticed(start_redis, visit):
    """A leak of one empty list per request."""
    with start_redis(*LASTING) as redis, visit(redis, "leaking") as (server, traffic):
        assert growth(redis, server, traffic, 3) > 2 * LEAK
