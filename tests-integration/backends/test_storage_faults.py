"""Data that are missing, locked, corrupt or too long, as docs/reference/faults.md describes."""

import shutil
import sqlite3
import threading
from contextlib import closing

import pytest


def write(multi):
    for name in multi.namespaces:
        multi[name].update({"who": "ann"})


def who(*names):
    return lambda multi: [multi[name].get("who") for name in names]


@pytest.fixture
def visit(build, make, connect):
    """A client with data in the namespaces ``account``, of this kind, and ``public``."""

    def visit(kind, **options):
        account = make(kind, "account", **options)
        client = connect(build(account=account, public=make("signed_cookie", "public")))
        client.multi(write)
        return client

    return visit


@pytest.mark.parametrize("nonsense", [b"", b"nonsense", b"\x80\x05."])
def test_corrupt_data_in_redis_fail_their_namespace_only(visit, redis, nonsense):
    """500 until the key or the cookie is deleted, also for a logout; others are not affected."""
    ann = visit("redis")
    [key] = redis.client.keys()
    redis.client.set(key, nonsense)
    for view in who("account"), lambda m: m.peek("account"), lambda m: m.invalidate():
        ann.multi(view)
        assert ann.status == 500
    assert ann.multi(who("public")) == ["ann"]
    redis.client.delete(key)
    assert ann.multi(who("account", "public")) == [None, "ann"]


def test_corrupt_data_in_redis_can_be_a_new_session(visit, redis):
    """With pyramid_session_redis' ``deserialized_fails_new=True``, unreadable data are dropped."""
    ann = visit("redis", deserialized_fails_new=True)
    [key] = redis.client.keys()
    redis.client.set(key, b"nonsense")
    assert ann.multi(lambda m: m.peek("account")) is None
    assert ann.multi(who("account", "public")) == [None, "ann"]
    ann.multi(write)
    assert ann.multi(who("account")) == ["ann"]


def test_when_beakers_directory_is_removed_its_sessions_are_empty(visit, tmp_path):
    """It is created again; the visitors keep their ids and begin with empty sessions."""
    ann = visit("beaker_file")
    shutil.rmtree(tmp_path / "beaker")
    assert ann.multi(who("account", "public")) == [None, "ann"]
    assert ann.status == 200
    ann.multi(write)
    assert ann.multi(who("account")) == ["ann"]


def test_when_beakers_directory_cannot_be_used_its_namespace_fails(visit, tmp_path):
    """A request that uses it gets a 500, with or without a cookie; others work."""
    ann = visit("beaker_file")
    (tmp_path / "beaker").rename(tmp_path / "moved")
    (tmp_path / "beaker").write_text("no directory")
    for client in ann, ann.stranger():
        client.multi(lambda m: m["account"].update({"who": "eve"}))
        assert client.status == 500
    assert ann.multi(who("public")) == ["ann"]
    (tmp_path / "beaker").unlink()
    (tmp_path / "moved").rename(tmp_path / "beaker")
    assert ann.multi(who("account", "public")) == ["ann", "ann"]


@pytest.fixture
def locked(tmp_path):
    """Another process's transaction on the database: "IMMEDIATE" writes, "EXCLUSIVE" locks all."""

    def locked(how):
        database = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
        database.execute(f"BEGIN {how}")
        return closing(database)

    return locked


@pytest.fixture
def on_sqlite(visit, tmp_path):
    """Like ``visit``, in a database that does not wait for locks."""
    url = f"sqlite:///{tmp_path}/locked.db?timeout=0"
    return lambda **options: visit("beaker_sqlite", url=url, **options)


def test_a_locked_database_fails_its_namespace_and_loses_nothing(on_sqlite, locked):
    """500 while it is locked; afterwards all data are as before."""
    ann = on_sqlite()
    with locked("EXCLUSIVE"):
        for view in who("account"), lambda m: m.peek("account"), write:
            ann.multi(view)
            assert ann.status == 500
        assert ann.multi(who("public")) == ["ann"]
    assert ann.multi(who("account", "public")) == ["ann", "ann"]


def test_beaker_writes_when_it_reads_so_another_writer_makes_it_fail(on_sqlite, locked):
    """The time of access is saved with every request, after the view, past exception views."""
    ann = on_sqlite()
    with locked("IMMEDIATE"):
        assert ann.multi(who("account")) == ["ann"]
        assert ann.status == 500
        assert ann.multi(lambda m: m.peek("account")["who"]) == "ann"
        assert ann.status == 200


def test_without_the_time_of_access_reading_needs_no_lock(on_sqlite, locked):
    """``save_accessed_time=False`` of Beaker."""
    ann = on_sqlite(save_accessed_time=False)
    with locked("IMMEDIATE"):
        assert ann.multi(who("account")) == ["ann"]
        assert ann.status == 200


@pytest.mark.parametrize("kind", ["signed", "signed_cookie", "nacl", "beaker_cookie"])
def test_data_too_long_for_a_cookie_fail_the_whole_response(visit, kind):
    """Over 4,064 bytes: 500, and none of the response's cookies is sent, for any namespace."""
    ann = visit(kind)
    before = dict(ann.cookies)

    def view(multi):
        multi["public"]["who"] = "eve"
        multi["account"]["long"] = "x" * 4100

    ann.multi(view)
    assert ann.status == 500
    assert ann.set_cookies == []
    assert ann.cookies == before
    assert ann.multi(who("account", "public")) == ["ann", "ann"]


def test_data_stored_in_redis_by_a_failed_response_are_kept(visit):
    """If the id is known already: the client sees a 500, and the change in the next request."""
    ann = visit("redis")

    def view(multi):
        multi["account"]["who"] = "eve"
        multi["public"]["long"] = "x" * 4100

    ann.multi(view)
    assert ann.status == 500
    assert ann.multi(who("account", "public")) == ["eve", "ann"]
    visitor = ann.stranger()
    visitor.multi(view)
    assert (visitor.status, visitor.cookies) == (500, {})  # no client knows the id


def test_a_login_in_a_response_that_failed_has_ended_the_session(visit):
    """``renew`` ends the old id at once, and the client never received the new one."""
    ann = visit("redis")
    ann.multi(lambda m: (m.renew("account"), m["public"].update({"long": "x" * 4100})))
    assert ann.status == 500
    assert ann.multi(who("account", "public")) == [None, "ann"]


@pytest.mark.parametrize("kind", ["redis", "kvs2", "beaker_memory", "beaker_file", "beaker_sqlite"])
def test_a_request_that_is_still_running_brings_no_session_back(visit, kind):
    """Unless the library is described by the application: it saves the data under the old id."""
    ann = visit(kind)
    thief = ann.stranger(**ann.cookies)
    running, ended = threading.Event(), threading.Event()

    def slow(multi):
        multi["account"]["late"] = True
        running.set()
        ended.wait()

    thread = threading.Thread(target=lambda: ann.stranger(**ann.cookies).multi(slow))
    thread.start()
    try:
        running.wait()
        ann.multi(lambda m: m.invalidate("account"))
        assert thief.multi(who("account")) == [None]
    finally:
        ended.set()
        thread.join()
    assert thief.multi(who("account")) == ["ann" if kind == "kvs2" else None]


def test_an_invalid_cookie_fails_beakers_cookie_mode_by_default(visit):
    """500 when the namespace is opened, until the cookie is deleted; ``peek`` returns None."""
    ann = visit("beaker_cookie", invalidate_corrupt=False)
    ann.cookies["account"] = "garbage"
    assert ann.multi(lambda m: m.peek("account")) is None
    assert ann.multi(who("public")) == ["ann"]
    ann.multi(who("account"))
    assert ann.status == 500


def test_a_cookie_header_that_cannot_be_decoded_is_a_400(visit):
    """Its namespace cannot be determined, so none can be opened."""
    ann = visit("signed")
    ann.cookies["anything"] = '"\\377"'
    for name in "account", "public":
        ann.multi(who(name))
        assert ann.status == 400
    ann.multi(lambda m: m.namespaces)
    assert ann.status == 200
