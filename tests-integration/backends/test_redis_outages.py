"""A Redis that is down or frozen: the effects on a client, as in docs/reference/faults.md."""

import threading
from contextlib import contextmanager

import pytest
import redis as redis_py
from redis.backoff import NoBackoff
from redis.retry import Retry

LASTING = ["--appendonly", "yes", "--appendfsync", "always"]


@pytest.fixture
def server(start_redis):
    """A Redis that writes all data to disk."""
    with start_redis(*LASTING) as server:
        yield server


@pytest.fixture
def site(build, make, server):
    """The account is in Redis, the public session in a cookie, the cart in files."""

    def site(setup=lambda config: None, **options):
        options = {"redis_url": server.url, **options}
        account = make("redis", "account", **options)
        others = {"public": make("signed_cookie", "public"), "cart": make("beaker_file", "cart")}
        return build(account=account, setup=setup, **others)

    return site


@pytest.fixture
def ann(site, connect):
    """A client with data in each namespace."""
    return log_in(connect(site()))


def log_in(client):
    client.multi(write)
    return client


def write(multi):
    for name in multi.namespaces:
        multi[name].update({"who": "ann"})


def who(*names):
    return lambda multi: [multi[name].get("who") for name in names]


class Load:
    """Clients that count in the cookie and in the files, each in a thread, until stopped."""

    def __init__(self, client, number=3):
        self.problems = []
        self._clients = [client.stranger() for _ in range(number)]
        self._done = [0] * number
        self._turn = threading.Condition()
        self._stop = threading.Event()

    def rounds(self, number):
        """Wait until each client has this many responses."""
        with self._turn:
            goals = [done + number for done in self._done]
            self._turn.wait_for(
                lambda: self.problems or all(d >= g for d, g in zip(self._done, goals, strict=True))
            )

    def _run(self, index):
        client = self._clients[index]
        while not self._stop.is_set():
            counts = client.multi(count)
            with self._turn:
                self._done[index] += 1
                if counts != (self._done[index],) * 2 or client.status != 200:
                    self.problems.append((client.status, counts, self._done[index]))
                self._turn.notify_all()

    @contextmanager
    def going_on(self):
        threads = [threading.Thread(target=self._run, args=(i,)) for i in range(len(self._done))]
        for thread in threads:
            thread.start()
        try:
            self.rounds(5)
            yield
            self.rounds(5)
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()


def answer_503(config):
    """An exception view for the errors of Redis."""

    def unavailable(error, request):
        request.response.status = 503
        return request.response

    config.add_exception_view(unavailable, redis_py.RedisError)


def count(multi):
    for name in "public", "cart":
        multi[name]["count"] = multi[name].get("count", 0) + 1
    return multi["public"]["count"], multi["cart"]["count"]


def test_while_redis_is_down_the_other_namespaces_lose_nothing(ann, server):
    """Under load: 500 if Redis is needed, exact counts elsewhere; later everything works again."""
    load = Load(ann)
    with load.going_on():
        server.kill()
        load.rounds(10)
        assert ann.multi(who("account")) is None
        assert ann.status == 500
        assert ann.multi(who("public", "cart")) == ["ann", "ann"]
        server.start()
        load.rounds(10)
        assert ann.multi(who("account", "public", "cart")) == ["ann"] * 3
    assert load.problems == []


def test_data_that_redis_lost_are_a_new_session(start_redis, site, connect):
    """Without persistence Redis restarts empty: that session begins anew, the others stay."""
    with start_redis() as forgetful:
        ann = log_in(connect(site(redis_url=forgetful.url)))
        forgetful.kill()
        forgetful.start()
        assert ann.multi(who("account", "public", "cart")) == [None, "ann", "ann"]
        ann.multi(write)
        assert ann.multi(who("account", "public", "cart")) == ["ann"] * 3


def test_while_redis_is_down_new_visitors_can_read_but_not_write(ann, server):
    """Without a cookie no query is sent. A first write fails with the whole response."""
    visitor = ann.stranger()
    server.kill()
    assert visitor.multi(who("account", "public")) == [None, None]
    assert visitor.status == 200
    visitor.multi(write)
    assert visitor.status == 500
    assert visitor.cookies == {}  # not even those of the other namespaces


def test_if_redis_stops_during_a_request_its_writes_are_lost(ann, server):
    """Saving at the end of the request fails: the data are the previous ones."""

    def view(multi):
        multi["public"]["who"] = multi["account"]["who"] = "eve"
        server.kill()

    ann.multi(view)
    assert ann.status == 500
    server.start()
    assert ann.multi(who("account", "public")) == ["ann", "ann"]


def test_an_exception_view_handles_opening_but_not_saving(site, connect, server):
    """Opening raises in the view; saving raises after it, past exception views."""
    ann = log_in(connect(site(answer_503)))
    server.kill()
    ann.multi(who("account"))
    assert ann.status == 503
    visitor = ann.stranger()
    visitor.multi(write)
    assert visitor.status == 500


def test_a_logout_while_redis_is_down_ends_the_other_sessions(ann, server):
    """All are tried before the failure is raised; the account stays in Redis."""
    thief = ann.stranger(**ann.cookies)
    server.kill()
    ann.multi(lambda m: m.invalidate())
    assert ann.status == 500
    assert thief.multi(who("cart")) == [None]
    assert ann.multi(who("public")) == ["ann"]  # its cookie was lost with the response
    server.start()
    assert ann.multi(who("account", "cart")) == ["ann", None]
    ann.multi(lambda m: m.invalidate())
    assert ann.status == 200
    assert ann.multi(who("account", "public", "cart")) == [None] * 3


def test_with_an_exception_view_that_logout_reaches_the_cookies(site, connect, server):
    """Its response is sent, and ends the sessions that are in cookies."""
    ann = log_in(connect(site(answer_503)))
    server.kill()
    ann.multi(lambda m: m.invalidate())
    assert ann.status == 503
    assert ann.multi(who("public", "cart")) == [None, None]


def test_a_request_that_waits_for_redis_does_not_block_others(ann, server):
    """While Redis is frozen, other namespaces work; when it continues, so does the request."""
    opening, answers = threading.Event(), []
    patient = ann.stranger(**ann.cookies)

    def wait(multi):
        opening.set()
        return multi["account"].get("who")

    thread = threading.Thread(target=lambda: answers.append(patient.multi(wait)))
    load = Load(ann)
    server.hang()
    try:
        thread.start()
        opening.wait()
        with load.going_on():
            assert ann.multi(who("public", "cart")) == ["ann", "ann"]
            assert answers == []
    finally:
        server.resume()
    thread.join()
    assert (answers, patient.status, load.problems) == (["ann"], 200, [])


@pytest.fixture(params=["option", "client"])
def impatient(request, server):
    """Options that let a session wait for one second only."""
    if request.param == "option":
        yield {"redis_socket_timeout": 1}
        return
    client = redis_py.StrictRedis(
        unix_socket_path=server.socket, socket_timeout=1, retry=Retry(NoBackoff(), 0)
    )
    yield {"redis_client_callable": lambda request, **_: client}
    client.close()


def test_with_a_socket_timeout_a_frozen_redis_is_like_one_that_is_down(
    site, connect, server, impatient
):
    """The status is 500 after the timeout; the other namespaces work."""
    ann = log_in(connect(site(**impatient)))
    server.hang()
    try:
        ann.multi(who("account"))
        assert ann.status == 500
        assert ann.multi(who("public", "cart")) == ["ann", "ann"]
    finally:
        server.resume()
    assert ann.multi(who("account", "public", "cart")) == ["ann"] * 3
