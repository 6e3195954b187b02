"""A session from its first write to its end, with two namespaces of every library."""

import pytest

STATELESS = {"signed", "unsigned", "signed_cookie", "nacl", "beaker_cookie"}


def write(multi):
    multi["a"].update({"who": "ann", "cart": ["tea"]})
    multi["b"].update({"who": "bob"})


def who(multi):
    return {name: multi[name].get("who") for name in multi.namespaces}


def token(name):
    return lambda multi: multi[name].get_csrf_token()


def test_written_data_are_in_the_next_request_and_namespace(client):
    """For no other namespace and no other client."""
    client.multi(write)
    assert client.multi(who) == {"a": "ann", "b": "bob"}
    assert client.multi(lambda m: m["a"].get("cart")) == ["tea"]
    assert client.multi(lambda m: m["b"].get("cart")) is None
    assert client.stranger().multi(who) == {"a": None, "b": None}


def test_a_namespace_that_is_not_opened_costs_nothing(client, redis):
    """Opening one namespace sends no cookie of another, and does not query its backend."""
    client.multi(lambda m: m["a"].update({"who": "ann"}))
    assert set(client.cookies) == {"a"}
    with redis.commands() as commands:
        client.multi(lambda m: (m.namespaces, "b" in m, m.has_cookie("a"), m.has_cookie("b")))
    assert commands == client.set_cookies == []


def test_a_value_that_is_replaced_or_removed_stays_so(client):
    """The next request reads the last write of a request."""
    client.multi(write)
    client.multi(lambda m: m["a"].update({"who": "eve"}))
    client.multi(lambda m: m["a"].__delitem__("cart"))
    assert client.multi(who) == {"a": "eve", "b": "bob"}
    assert client.multi(lambda m: "cart" in m["a"]) is False


def test_flash_messages_are_shown_once_and_in_their_namespace(client):
    """A flash message stays in its own namespace and queue until it is popped."""
    client.multi(lambda m: m["a"].flash("saved"))
    client.multi(lambda m: m["b"].flash("careful", queue="warnings"))
    assert client.multi(lambda m: m["b"].pop_flash()) == []
    assert client.multi(lambda m: m["a"].peek_flash()) == ["saved"]
    assert client.multi(lambda m: m["a"].pop_flash()) == ["saved"]
    assert client.multi(lambda m: m["a"].pop_flash()) == []
    assert client.multi(lambda m: m["b"].pop_flash("warnings")) == ["careful"]


def test_each_namespace_has_its_own_csrf_token(client):
    """A token stays the same between requests, and differs from the other namespace's."""
    tokens = client.multi(token("a")), client.multi(token("b"))
    assert tokens == (client.multi(token("a")), client.multi(token("b")))
    assert tokens[0] != tokens[1]


def test_after_invalidate_all_namespaces_are_empty(client):
    """``invalidate`` ends the sessions whose cookies were received, opened or not."""
    client.multi(write)
    client.multi(lambda m: m.invalidate())
    assert client.multi(who) == {"a": None, "b": None}
    client.multi(lambda m: m["a"].update({"who": "eve"}))
    assert client.multi(who) == {"a": "eve", "b": None}


@pytest.mark.parametrize("name", ["a", "b"])
def test_one_namespace_can_be_invalidated_without_the_other(client, name):
    """The other's session and cookie stay as they are."""
    client.multi(write)
    before = dict(client.cookies)
    client.multi(lambda m: m.invalidate(name))
    data = {"a": "ann", "b": "bob"}
    assert client.multi(who) == {**data, name: None}
    other = "b" if name == "a" else "a"
    assert client.stranger(**{other: before[other]}).multi(who) == {name: None, other: data[other]}


def test_after_invalidate_the_old_cookie_is_invalid_on_a_server(client, pair):
    """Data that are in the cookie itself cannot be revoked."""
    client.multi(write)
    thief = client.stranger(**client.cookies)
    client.multi(lambda m: m.invalidate())
    alive = {name: kind in STATELESS for name, kind in pair.items()}
    data = {"a": "ann", "b": "bob"}
    assert thief.multi(who) == {n: data[n] if alive[n] else None for n in alive}
    assert client.multi(who) == {"a": None, "b": None}


def test_one_request_can_invalidate_and_begin_anew(client):
    """Writes after ``invalidate`` are in the new session, under a new id."""
    client.multi(write)
    before = dict(client.cookies)
    client.multi(lambda m: (m.invalidate(), m["a"].update({"lang": "fr"})))
    assert client.multi(lambda m: (m["a"].get("who"), m["a"].get("lang"))) == (None, "fr")
    assert client.cookies["a"] != before["a"]


@pytest.mark.parametrize("name", ["a", "b"])
def test_renew_keeps_the_data_under_a_new_cookie_and_token(client, name):
    """The same data are in another session; the other namespace is not affected."""
    client.multi(write)
    client.multi(lambda m: m[name].flash("saved"))
    old_token = client.multi(token(name))
    before = dict(client.cookies)
    client.multi(lambda m: m.renew(name))
    other = "b" if name == "a" else "a"
    assert client.cookies[name] != before[name]
    assert client.cookies[other] == before[other]
    assert client.multi(who) == {"a": "ann", "b": "bob"}
    assert client.multi(lambda m: m[name].pop_flash()) == ["saved"]
    assert client.multi(token(name)) != old_token


def test_after_renew_the_old_cookie_is_invalid_on_a_server(client, pair):
    """An id from before the login no longer works. Cookies with all their data still do."""
    client.multi(write)
    thief = client.stranger(**client.cookies)
    client.multi(lambda m: (m.renew("a"), m.renew("b")))
    client.multi(lambda m: m["a"].update({"who": "ann, logged in"}))
    stale = {"a": "ann", "b": "bob"}
    assert thief.multi(who) == {n: stale[n] if pair[n] in STATELESS else None for n in stale}
    assert client.multi(who) == {"a": "ann, logged in", "b": "bob"}


def test_renew_keeps_only_the_given_keys(client):
    """Absent keys are ignored."""
    client.multi(write)
    client.multi(lambda m: m.renew("a", keep=["cart", "nothing"]))
    assert client.multi(lambda m: (m["a"].get("cart"), m["a"].get("who"))) == (["tea"], None)
    client.multi(lambda m: m.renew("a", keep=[]))
    assert client.multi(lambda m: m["a"].get("cart")) is None
    assert client.multi(who) == {"a": None, "b": "bob"}
