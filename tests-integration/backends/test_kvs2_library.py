"""docs/examples/kvs2_library.py: a session library that nobody described, described in one file."""

import secrets

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError


@pytest.fixture
def keys(redis):
    """The keys that are in Redis."""
    return lambda: {key.decode() for key in redis.client.scan_iter()}


@pytest.fixture
def client(build, connect, make):
    """A client of two pyramid_kvs2 namespaces."""
    return connect(build(**{n: make("kvs2", n, key_prefix=f"{n}:") for n in "ab"}))


def test_the_cookie_name_is_known_without_being_declared(client):
    """``key_name`` is the name of the cookie."""
    names = client.multi(lambda m: m.namespaces_to_cookienames)
    assert names == {"a": "a", "b": "b"}
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    assert list(client.cookies) == ["a"]


def test_one_key_prefix_for_two_namespaces_is_refused_with_the_cure(build, make):
    """Ids are not signed: with one prefix, each session can be had under either name."""
    with pytest.raises(ConfigurationError, match="key_prefix") as refused:
        build(a=make("kvs2", "a", "same"), b=make("kvs2", "b", "same"))
    assert "'a'" in str(refused.value)
    assert "'b'" in str(refused.value)


def test_two_names_of_one_server_do_not_hide_that_it_is_one(build, make, redis):
    """The prefix alone decides, as a server can be reached under several addresses."""
    other = {"unix_socket_path": redis.socket.replace("/socket", "/./socket")}
    with pytest.raises(ConfigurationError, match="key_prefix"):
        build(a=make("kvs2", "a", "same"), b=make("kvs2", "b", "same", kvs_kwargs=other))


def test_a_session_can_be_peeked_at_without_prolonging_it(client, redis, keys):
    """One GET; reading through the session's own methods would be a SETEX and a cookie."""
    client.multi(lambda m: m["a"].update({"who": "ann", "nested": {"x": 1}}))
    [key] = keys()
    redis.client.expire(key, 1000)
    with redis.commands() as commands:
        assert client.multi(lambda m: m.peek("a")) == {"who": "ann", "nested": {"x": 1}}
    assert commands == ["GET"]
    assert client.set_cookies == []
    assert redis.client.ttl(key) <= 1000  # kvs2 would have written 3600


def test_an_id_that_the_server_does_not_know_is_no_session(client):
    """``.new`` is always false in pyramid_kvs2; what counts is whether there are data."""
    assert client.stranger(a=secrets.token_hex(20)).multi(lambda m: m.peek("a")) is None


def test_invalidate_ends_the_id_on_the_server(client, keys):
    """The key is gone, and a new id begins; pyramid_kvs2 alone would keep the id."""
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    [old] = keys()
    assert old == f"a:{client.cookies['a']}"
    client.multi(lambda m: m.invalidate())
    assert old not in keys()
    assert old != f"a:{client.cookies['a']}"
    assert client.multi(lambda m: m["a"].get("who")) is None


def test_renew_moves_the_data_to_a_new_id(client, keys):
    """After a login nothing is left under the id from before, and the token is another."""
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    [old] = keys()
    token = client.multi(lambda m: m["a"].get_csrf_token())
    client.multi(lambda m: m.renew("a"))
    assert keys() == {f"a:{client.cookies['a']}"} != {old}
    assert client.multi(lambda m: m["a"].get("who")) == "ann"
    assert client.multi(lambda m: m["a"].get_csrf_token()) != token


def test_renew_ends_an_id_that_a_stranger_chose(client, keys):
    """pyramid_kvs2 takes any id that a client sends; the login must not stay under it."""
    victim = client.stranger(a="planted")
    victim.multi(lambda m: m["a"].update({"cart": ["tea"]}))
    assert keys() == {"a:planted"}
    victim.multi(lambda m: m.renew("a").update({"who": "ann"}))
    assert client.stranger(a="planted").multi(lambda m: m.peek("a")) is None
    assert victim.multi(lambda m: (m["a"]["who"], m["a"]["cart"])) == ("ann", ["tea"])


def test_sessions_in_a_header_have_no_cookie_name(build, connect, make, keys):
    """``key_name`` lists headers, and the id is the client's: ``invalidate`` can only empty it."""
    api = make("kvs2", ["X-Token"], session_type="header", key_prefix="api:")
    client = connect(build(api=api, b=make("kvs2", "b")))
    assert client.multi(lambda m: m.namespaces_to_cookienames["api"]) is None
    token = {"X-Token": "secret"}
    client.multi(lambda m: m["api"].update({"who": "ann"}), **token)
    assert keys() == {"api:x-token::secret"}
    assert client.multi(lambda m: m["api"].get("who"), **token) == "ann"
    client.multi(lambda m: m.invalidate(), **token)
    assert client.multi(lambda m: m["api"].get("who"), **token) is None
    assert client.cookies == {}


def test_undescribed_it_can_be_registered_all_the_same(stage, connect, make):
    """Then it opens and writes, but nothing tells two of them apart, and nobody can peek."""
    config = Configurator()
    config.include("pyramid_session_multi")
    for name in "ab":
        config.register_session_factory(name, make("kvs2", name, "same"))
    client = connect(stage(config))
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    assert client.multi(lambda m: m["a"].get("who")) == "ann"
    assert client.multi(lambda m: m.peek("a")) is None
    assert client.stranger(b=client.cookies["a"]).multi(lambda m: m["b"].get("who")) == "ann"
