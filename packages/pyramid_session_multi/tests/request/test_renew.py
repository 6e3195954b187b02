"""``session_multi.renew(namespace)``: protection of a login against session fixation."""

from __future__ import annotations

import pytest
from pyramid.response import Response
from pyramid_session_multi import RefusedSession


def fill(m):
    m["a"]["x"] = {"nested": [1]}
    m["a"]["user"] = "anna"
    m["a"].flash("hello")
    return m["a"].get_csrf_token()


def contents(m):
    return m.peek("a")


def test_renew_keeps_everything_by_default(browse, any_library):
    """In this request and the next, with a new CSRF token."""
    browser = browse(a=any_library("sid"))
    old_token = browser.multi(fill)

    def renew(m):
        session = m["a"]
        assert m.renew("a") is session
        assert m["a"] is session
        return [session["x"], session["user"], session.peek_flash(), session.get_csrf_token()]

    *data, token = browser.multi(renew)
    assert data == [{"nested": [1]}, "anna", ["hello"]]
    assert token != old_token
    assert browser.multi(contents) == {
        "x": {"nested": [1]},
        "user": "anna",
        "_f_": ["hello"],
        "_csrft_": token,
    }


def test_renew_opens_a_session(browse, any_library):
    """And keeps the data of its cookie."""
    browser = browse(a=any_library("sid"))
    token = browser.multi(fill)
    browser.multi(lambda m: m.renew("a"))
    after = browser.multi(contents)
    assert after.pop("_csrft_") != token
    assert after == {"x": {"nested": [1]}, "user": "anna", "_f_": ["hello"]}


@pytest.mark.parametrize("keep", [["user", "absent"], ("user",), {"user"}], ids=repr)
def test_renew_keeps_only_the_given_keys(browse, any_library, keep):
    """Absent keys are ignored; flash messages are removed as well."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)
    token = browser.multi(lambda m: m.renew("a", keep=keep).get_csrf_token())
    assert browser.multi(contents) == {"user": "anna", "_csrft_": token}


def test_renew_never_keeps_the_csrf_token(browse, any_library):
    """Not even if ``keep`` names it."""
    browser = browse(a=any_library("sid"))
    token = browser.multi(fill)
    browser.multi(lambda m: m.renew("a", keep=["_csrft_"]))
    (name, renewed), *others = browser.multi(contents).items()
    assert (name, others) == ("_csrft_", [])
    assert renewed != token


def test_renew_of_a_new_session_gives_it_a_token(browse, any_library):
    """A login may come first, without any cookie."""
    browser = browse(a=any_library("sid"))
    token = browser.multi(lambda m: m.renew("a").get_csrf_token())
    assert browser.multi(contents) == {"_csrft_": token}


def test_data_written_before_and_after_renew_is_kept(browse, any_library):
    """Also around a second renewal."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)

    def work(m):
        m["a"]["before"] = 1
        m.renew("a", keep=["before"])
        m["a"]["between"] = 2
        m.renew("a")
        m["a"]["after"] = 3
        return m["a"].get_csrf_token()

    token = browser.multi(work)
    expected = {"before": 1, "between": 2, "after": 3, "_csrft_": token}
    assert browser.multi(contents) == expected


def test_renew_after_invalidate_finds_nothing_to_keep(browse, any_library):
    """The ended data do not return."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)
    token = browser.multi(lambda m: (m.invalidate(), m.renew("a"))[1].get_csrf_token())
    assert browser.multi(contents) == {"_csrft_": token}


@pytest.mark.parametrize("opened", [True, False])
def test_renew_sets_a_new_id_and_ends_the_old_one(browse, server_side, opened):
    """The old id is useless to anyone who fixed or copied it."""
    browser = browse(a=server_side("sid"))
    browser.multi(fill)
    thief, old = browser.thief(), browser.client.cookies["sid"]
    assert thief.multi(lambda m: m["a"]["user"]) == "anna"
    browser.multi(lambda m: [opened and m["a"]["user"], m.renew("a")])
    assert browser.client.cookies["sid"] != old
    assert thief.multi(contents) is None
    assert thief.multi(lambda m: m["a"].get("user")) is None
    assert browser.multi(lambda m: m["a"]["user"]) == "anna"


def test_renew_deletes_the_old_session_in_redis(browse, library, redis):
    """There is one session before, and another one after."""
    browser = browse(a=library("redis")("sid"))
    browser.multi(fill)
    (old,) = redis.client.keys()
    with redis.commands() as commands:
        browser.multi(lambda m: m.renew("a"))
    assert commands.count("DEL") == 1
    (new,) = redis.client.keys()
    assert new != old


def test_renew_works_through_a_wrapped_factory(browse, server_side):
    """The library's description holds for its wrapped factories as well."""
    inner = server_side("sid")

    def wrapper(request):
        return inner(request)

    browser = browse(a=wrapper)
    browser.multi(fill)
    thief = browser.thief()
    browser.multi(lambda m: m.renew("a"))
    assert thief.multi(lambda m: m["a"].get("user")) is None
    assert browser.multi(lambda m: m["a"]["user"]) == "anna"


def test_renew_works_for_an_undescribed_library(browse, signed, undescribed):
    """With the methods of ``ISession``."""
    browser = browse(a=undescribed(signed("a")))
    token = browser.multi(fill)
    renewed = browser.multi(lambda m: m.renew("a", keep=["user"]).get_csrf_token())
    assert renewed != token
    assert browser.multi(lambda m: dict(m["a"])) == {"user": "anna", "_csrft_": renewed}


def test_renew_opens_no_other_namespace(browse, signed, watched):
    """A login in one does not need another."""
    other = watched(signed("b"))
    browser = browse(a=signed("a"), b=other)
    browser.multi(lambda m: m.renew("a"))
    assert other.requests == []


def test_renewing_a_refused_namespace_names_the_discriminator(browse, signed, watched):
    """``RefusedSession`` is an ``AttributeError`` with ``namespace`` and ``discriminator``."""
    factory, discriminator = watched(signed("a")), watched(False)
    browser = browse(a=(factory, discriminator))
    with pytest.raises(RefusedSession, match=r"'a'.*refused") as caught:
        browser.multi(lambda m: m.renew("a"))
    assert isinstance(caught.value, AttributeError)
    assert caught.value.namespace == "a"
    assert caught.value.discriminator is discriminator
    assert factory.requests == []


def test_an_exception_view_can_redirect_to_where_the_session_exists(browse, signed):
    """The error has the namespace as an attribute."""

    def lead(error, request):
        return Response(error.namespace, status=303, location="https://localhost/")

    def setup(config):
        config.add_exception_view(lead, context=RefusedSession)

    browser = browse(a=(signed("a"), "pyramid_session_multi.https_only"), setup=setup)
    browser.multi(lambda m: m.renew("a"), status=303)
    assert browser.response.text == "a"


@pytest.mark.parametrize("keep", ["user", b"user"])
def test_a_single_string_is_not_a_collection_of_keys(browse, signed, keep):
    """``keep="user"`` would keep the keys "u", "s", "e" and "r"."""
    browser = browse(a=signed("a"))
    browser.multi(fill)
    with pytest.raises(TypeError, match="keep"):
        browser.multi(lambda m: m.renew("a", keep=keep))
    assert browser.multi(lambda m: m["a"]["user"]) == "anna"
