"""Writes that pyramid_retry leaves in a session, as docs/reference/faults.md says."""

from __future__ import annotations

import pytest
from pyramid_retry import RetryableException

IN_THE_COOKIE = ["signed", "nacl", "beaker_cookie"]
ON_A_SERVER = ["redis", "beaker_memory", "beaker_file", "beaker_sqlite", "kvs2"]


@pytest.fixture
def visitor(build, make, connect):
    """``visitor(kind)``: a client of an application that retries requests."""

    def visitor(kind):
        site = build(a=make(kind, "a"), setup=lambda config: config.include("pyramid_retry"))
        return connect(site, "webtest")

    return visitor


@pytest.fixture
def retried():
    """Create a view whose first attempt is discarded; list the value of n in each attempt."""

    def retried(change):
        values = []

        def view(request):
            sessions = request.session_multi
            values.append(sessions["a"].get("n"))
            change(sessions)
            if len(values) == 1:
                raise RetryableException
            return request.response

        return view, values

    return retried


def count(sessions):
    sessions["a"]["n"] = sessions["a"].get("n", 0) + 1


def stored(client):
    return client.multi(lambda sessions: sessions["a"].get("n"))


@pytest.mark.parametrize("kind", [*IN_THE_COOKIE, *ON_A_SERVER])
def test_only_redis_keeps_the_writes_of_a_discarded_attempt(visitor, retried, kind):
    """pyramid_session_redis stores a session after the response, even if that is discarded."""
    client = visitor(kind)
    client.multi(count)
    view, values = retried(count)
    assert client.visit(view)
    assert client.status == 200
    attempts = 2 if kind == "redis" else 1
    assert values == [1, attempts]
    assert stored(client) == 1 + attempts


@pytest.mark.parametrize("kind", [*IN_THE_COOKIE, *ON_A_SERVER])
def test_only_redis_keeps_a_new_session_of_a_discarded_attempt(visitor, retried, kind, redis):
    """Until it expires: no cookie was sent, so no client knows its id."""
    client = visitor(kind)
    view, values = retried(count)
    client.visit(view)
    assert values == [None, None]
    assert stored(client) == 1
    assert len(redis.client.keys()) == {"redis": 2, "kvs2": 1}.get(kind, 0)


@pytest.mark.parametrize("operation", ["renew", "invalidate"])
@pytest.mark.parametrize("kind", [*IN_THE_COOKIE, *ON_A_SERVER])
def test_a_session_on_a_server_that_a_discarded_attempt_ended_is_gone(
    visitor, retried, kind, operation
):
    """The next attempt of a login begins with an empty session."""
    client = visitor(kind)
    client.multi(count)
    view, values = retried(lambda sessions: getattr(sessions, operation)("a"))
    client.visit(view)
    survives = kind in IN_THE_COOKIE
    assert values == [1, 1 if survives else None]
    assert stored(client) == (1 if survives and operation == "renew" else None)


@pytest.mark.parametrize("kind", ON_A_SERVER)
def test_an_attempt_that_is_discarded_before_it_renews_keeps_the_session(visitor, retried, kind):
    """The conflict is raised before the session is renewed."""
    client = visitor(kind)
    client.multi(count)
    view, values = retried(lambda sessions: len(values) == 2 and sessions.renew("a"))
    client.visit(view)
    assert values == [1, 1]
    assert stored(client) == 1
