"""Cookies that the namespace never sent: invalid, too large, or of another namespace."""

import pytest
from pyramid.session import JSONSerializer
from webob.cookies import Base64Serializer

# Beaker's cookie mode, if it must accept invalid cookies
pytestmark = pytest.mark.filterwarnings("ignore:Invalidating corrupt:RuntimeWarning:beaker\\.")

NONSENSE = {
    "a letter": "x",
    "an id's look": "0" * 64,
    "base64": "e30" * 30,
    "escapes": "%00%ff%22",
    "signs": "a=b&c=<d>",
    "oversize": "x" * 8000,
}

ON_SERVER = {"redis", "beaker_memory", "beaker_file", "beaker_sqlite", "kvs2"}


def write(multi):
    multi["a"].update({"who": "ann"})
    multi["b"].update({"who": "bob"})


def who(multi):
    return {name: multi[name].get("who") for name in multi.namespaces}


@pytest.mark.parametrize("value", NONSENSE.values(), ids=list(NONSENSE))
def test_an_invalid_cookie_reads_nothing_and_does_not_affect_the_other_namespace(client, value):
    """It opens an empty session, which can be written to."""
    client.multi(write)
    for name, other in [("a", "b"), ("b", "a")]:
        browser = client.stranger(**client.cookies)
        browser.cookies[name] = value
        own = client.multi(who)[other]
        assert browser.multi(who) == {name: None, other: own}
        browser.multi(lambda m, name=name: m[name].update({"who": "eve"}))
        assert browser.multi(who) == {name: "eve", other: own}
    assert client.multi(who) == {"a": "ann", "b": "bob"}


def test_swapped_cookies_read_nothing(client):
    """Neither namespace accepts the cookie that the other sent."""
    client.multi(write)
    swapped = client.stranger(a=client.cookies["b"], b=client.cookies["a"])
    assert swapped.multi(who) == {"a": None, "b": None}
    swapped.multi(lambda m: (m["a"].update({"who": "eve"}), m["b"].update({"who": "eve"})))
    assert swapped.multi(who) == {"a": "eve", "b": "eve"}
    assert client.multi(who) == {"a": "ann", "b": "bob"}


def test_invalidating_with_a_foreign_cookie_does_not_end_its_session(client):
    """A cookie under the wrong name cannot end the session it belongs to."""
    client.multi(write)
    swapped = client.stranger(a=client.cookies["b"], b=client.cookies["a"])
    swapped.multi(lambda m: m.invalidate())
    swapped.multi(lambda m: (m.renew("a"), m.renew("b")))
    assert client.multi(who) == {"a": "ann", "b": "bob"}


@pytest.mark.parametrize("foreign", ["foo[bar]=1", "flag", "name=Ann Lee"])
def test_a_foreign_cookie_does_not_hide_a_session_or_keep_it_alive(client, pair, foreign):
    """Cookies of other scripts are in the same header; not every parser accepts them."""
    client.multi(write)
    own = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    header = {"Cookie": f"{foreign}; {own}"}
    assert client.stranger().multi(who, **header) == {"a": "ann", "b": "bob"}
    client.stranger().multi(lambda m: m.invalidate(), **header)
    users = client.stranger().multi(who, **header)
    assert {users[name] for name, kind in pair.items() if kind in ON_SERVER} <= {None}


def test_a_truncated_cookie_reads_nothing(client):
    """A cookie without its last byte opens an empty session."""
    client.multi(write)
    cut = client.stranger(**{name: value[:-1] for name, value in client.cookies.items()})
    assert cut.multi(who) == {"a": None, "b": None}


def test_anyone_can_write_an_unsigned_cookie(build, connect, make):
    """The docs advise against unsigned cookies for this reason."""
    site = build(a=make("unsigned", "a"))
    forged = Base64Serializer(JSONSerializer()).dumps([2**32, 2**32, {"who": "eve"}]).decode()
    eve = connect(site).stranger(a=forged)
    assert eve.multi(who) == {"a": "eve"}
