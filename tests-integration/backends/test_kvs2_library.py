"""docs/examples/kvs2_library.py describes a session library in one file."""

import secrets

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError


@pytest.fixture
def keys(redis):
    """The keys in Redis."""
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


def test_one_key_prefix_for_two_namespaces_is_an_error_with_the_fix(build, make):
    """Ids are not signed: with one prefix, both names accept each session."""
    with pytest.raises(ConfigurationError, match="key_prefix") as refused:
        build(a=make("kvs2", "a", "same"), b=make("kvs2", "b", "same"))
    assert "'a'" in str(refused.value)
    assert "'b'" in str(refused.value)


def test_two_addresses_of_one_server_count_as_one(build, make, redis):
    """Only the prefix decides, as one server can have several addresses."""
    other = {"unix_socket_path": redis.socket.replace("/socket", "/./socket")}
    with pytest.raises(ConfigurationError, match="key_prefix"):
        build(a=make("kvs2", "a", "same"), b=make("kvs2", "b", "same", kvs_kwargs=other))


def test_peek_does_not_extend_a_session(client, redis, keys):
    """One GET; reading with the session's own methods would be a SETEX and a cookie."""
    client.multi(lambda m: m["a"].update({"who": "ann", "nested": {"x": 1}}))
    [key] = keys()
    redis.client.expire(key, 1000)
    with redis.commands() as commands:
        assert client.multi(lambda m: m.peek("a")) == {"who": "ann", "nested": {"x": 1}}
    assert commands == ["GET"]
    assert client.set_cookies == []
    assert redis.client.ttl(key) <= 1000  # kvs2 would have written 3600


def test_an_id_that_the_server_does_not_know_has_no_session(client):
    """``.new`` is always false in pyramid_kvs2; a session exists if it has data."""
    assert client.stranger(a=secrets.token_hex(20)).multi(lambda m: m.peek("a")) is None


def test_invalidate_ends_the_id_on_the_server(client, keys):
    """The key is deleted, and a new id begins; pyramid_kvs2 itself would keep the id."""
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    [old] = keys()
    assert old == f"a:{client.cookies['a']}"
    client.multi(lambda m: m.invalidate())
    assert old not in keys()
    assert old != f"a:{client.cookies['a']}"
    assert client.multi(lambda m: m["a"].get("who")) is None


def test_renew_moves_the_data_to_a_new_id(client, keys):
    """After a login the old id has no data, and the token is new."""
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    [old] = keys()
    token = client.multi(lambda m: m["a"].get_csrf_token())
    client.multi(lambda m: m.renew("a"))
    assert keys() == {f"a:{client.cookies['a']}"} != {old}
    assert client.multi(lambda m: m["a"].get("who")) == "ann"
    assert client.multi(lambda m: m["a"].get_csrf_token()) != token


def test_renew_ends_an_id_that_a_client_chose(client, keys):
    """pyramid_kvs2 accepts any id from a client; the login must not keep it."""
    victim = client.stranger(a="planted")
    victim.multi(lambda m: m["a"].update({"cart": ["tea"]}))
    assert keys() == {"a:planted"}
    victim.multi(lambda m: m.renew("a").update({"who": "ann"}))
    assert client.stranger(a="planted").multi(lambda m: m.peek("a")) is None
    assert victim.multi(lambda m: (m["a"]["who"], m["a"]["cart"])) == ("ann", ["tea"])


def test_sessions_in_a_header_have_no_cookie_name(build, connect, make, keys):
    """``key_name`` lists headers, and the client chooses the id: ``invalidate`` only empties it."""
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


def test_it_can_be_registered_without_a_description(stage, connect, make):
    """It opens and writes, but there is no isolation check and no ``peek``."""
    config = Configurator()
    config.include("pyramid_session_multi")
    for name in "ab":
        config.register_session_factory(name, make("kvs2", name, "same"))
    client = connect(stage(config))
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    assert client.multi(lambda m: m["a"].get("who")) == "ann"
    assert client.multi(lambda m: m.peek("a")) is None
    assert client.stranger(b=client.cookies["a"]).multi(lambda m: m["b"].get("who")) == "ann"
