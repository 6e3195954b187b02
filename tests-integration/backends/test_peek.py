"""``peek`` returns the data of a cookie without side effects."""

import copy

import pytest
from beaker.container import MemoryNamespaceManager

ON_REDIS = {"redis", "kvs2"}


@pytest.fixture
def storage(tmp_path):
    """The exact content of the file, SQLite and memory backends, with its times."""

    def storage():
        files = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.rglob("*.*")}
        memory = MemoryNamespaceManager.namespaces.dict
        return files, copy.deepcopy(memory)

    return storage


def write(multi):
    multi["a"].update({"who": "ann", "cart": ["tea"]})
    multi["a"].flash("saved")
    multi["b"].update({"who": "bob"})


def peek(multi):
    return {name: multi.peek(name) for name in multi.namespaces}


def test_peek_returns_the_data_without_side_effects(client, pair, redis, storage):
    """One GET if the data are in Redis, else no command; nothing is opened, written or sent."""
    client.multi(write)
    before = storage()
    with redis.commands() as commands:
        seen, opened = client.multi(lambda m: (peek(m), dict(m)))
    assert seen == {"a": {"who": "ann", "cart": ["tea"], "_f_": ["saved"]}, "b": {"who": "bob"}}
    assert opened == {}
    assert commands == ["GET" for kind in pair.values() if kind in ON_REDIS]
    assert storage() == before
    assert client.set_cookies == []


def test_peek_does_not_show_writes_of_the_request(client):
    """They are not in its cookie yet, and peeking does not undo them."""
    client.multi(write)

    def view(multi):
        multi["a"]["who"] = "eve"
        seen = multi.peek("a")["who"]
        multi["a"]["lang"] = "fr"
        return seen

    assert client.multi(view) == "ann"
    assert client.multi(lambda m: (m["a"]["who"], m["a"]["lang"])) == ("eve", "fr")


def test_peek_returns_a_copy(client):
    """Changing it, at any depth, changes no session."""
    client.multi(write)
    client.multi(lambda m: m.peek("a")["cart"].append("salt"))
    client.multi(lambda m: (m["a"].get("who"), m.peek("a")["cart"].append("salt")))
    assert client.multi(lambda m: m["a"]["cart"]) == ["tea"]


def test_peek_without_a_cookie_is_none(client, redis, storage):
    """No backend is queried."""
    before = storage()
    with redis.commands() as commands:
        assert client.multi(peek) == {"a": None, "b": None}
    assert (commands, client.set_cookies, storage()) == ([], [], before)


@pytest.mark.filterwarnings("ignore:Invalidating corrupt session:RuntimeWarning:beaker\\.")
@pytest.mark.parametrize("value", ["x", "0" * 64, "x" * 8000], ids=["x", "id", "oversize"])
def test_peek_at_an_invalid_cookie_is_none(client, pair, redis, storage, value):
    """kvs2 must query the server, as it does not sign ids."""
    client.cookies.update(a=value, b=value)
    before = storage()
    with redis.commands() as commands:
        assert client.multi(peek) == {"a": None, "b": None}
    assert commands == ["GET" for kind in pair.values() if kind == "kvs2"]
    assert (client.set_cookies, storage()) == ([], before)


def test_peek_at_an_ended_id_is_none(client, pair, redis, storage):
    """After ``invalidate`` the old cookie reads nothing from a server, and restores nothing."""
    client.multi(write)
    old = client.stranger(**client.cookies)
    client.multi(lambda m: m.invalidate())
    before = storage()
    with redis.commands() as commands:
        seen = old.multi(peek)
    server_side = [n for n, kind in pair.items() if kind in ON_REDIS or "beaker_" in kind]
    server_side = [n for n in server_side if pair[n] != "beaker_cookie"]
    assert all(seen[name] is None for name in server_side)
    assert commands == ["GET" for kind in pair.values() if kind in ON_REDIS]
    assert (old.set_cookies, storage()) == ([], before)
