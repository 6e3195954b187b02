"""A session in a storage of Beaker that was ended stays ended, whatever is written later."""

from __future__ import annotations

import logging

import pytest
from beaker.session import Session
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import end_session, session_id

KINDS = ["beaker_memory", "beaker_file", "beaker_database"]


def login(m):
    m["a"].update({"user": "ann", "cart": ["tea"]})


def user(m):
    return m["a"].get("user")


def slow_request(write, end):
    """A view that reads, and writes after the session was ended elsewhere."""

    def slow(m):
        user(m)
        end(m)
        write(m)

    return slow


SLOW = {
    "sets a value": lambda m: m["a"].update({"seen": 1}),
    "changes a value in place": lambda m: (m["a"]["cart"].append("milk"), m["a"].changed()),
    "stores at once": lambda m: (m["a"].update({"seen": 1}), m["a"].persist()),
    "reads": user,
}


@pytest.mark.parametrize("write", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("kind", KINDS)
def test_an_ended_id_stays_ended(browse, library, kind, write):
    """The old cookie opens nothing."""
    browser = browse(a=library(kind)("sid"))
    browser.multi(login)
    thief = browser.thief()
    browser.multi(slow_request(write, lambda m: browser.thief().multi(lambda m: m.invalidate())))
    assert thief.multi(lambda m: m.peek("a")) is None
    assert thief.multi(user) is None


def session_classes(session):
    """The class of the session, and of the one behind Beaker's proxy."""
    return type(session), vars(session).get("_params", {}).get("session_class")


@pytest.mark.parametrize("kind", ["redis", *KINDS])
def test_a_factory_can_return_one_session_again_and_again(browse, library, kind):
    """For example the session that a tween keeps."""
    factory, sessions = library(kind)("sid"), []

    def first_session(request):
        sessions.extend([] if sessions else [factory(request)])
        return sessions[0]

    browser = browse(a=(first_session, None, "sid"))
    browser.multi(login)
    classes = [browser.multi(lambda m: session_classes(m["a"])) for _ in range(2)]
    assert browser.multi(user) == "ann"
    assert classes[0] == classes[1]
    assert len(sessions) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_end_session_wins_against_a_slower_request_as_well(browse, library, kind):
    """Ending a login from elsewhere is final."""
    browser = browse(a=library(kind)("sid"))
    browser.multi(login)
    sid = browser.visit(lambda request: session_id(request, "a"))
    browser.multi(slow_request(login, lambda m: end_session(m.request.registry, "a", sid)))
    assert browser.multi(user) is None


def test_a_dropped_write_is_logged(browse, library, caplog):
    """As a warning that names the namespace; a request that only read loses nothing."""
    browser = browse(a=library("beaker_memory")("sid"))

    def logout(m):
        browser.thief().multi(lambda m: m.invalidate())

    for write, messages in [(user, 0), (login, 1)]:
        browser.client.reset()
        browser.multi(login)
        caplog.clear()
        browser.multi(slow_request(write, logout))
        texts = [record.getMessage() for record in caplog.records]
        assert len(texts) == messages
    assert "'a' was ended by another request" in texts[0]
    assert "ann" not in texts[0]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_dropped_while_the_session_exists(browse, library, kind, caplog):
    """New, changed, renewed, under Beaker's own new id, or begun again after its end."""
    caplog.set_level(logging.WARNING, "pyramid_session_multi")
    browser = browse(a=library(kind)("sid"))
    browser.multi(login)
    browser.multi(lambda m: m["a"].update({"seen": 1}))
    browser.multi(lambda m: m.renew("a"))
    browser.multi(lambda m: m["a"].update({"seen": 2}))
    assert browser.multi(lambda m: m["a"]["seen"]) == 2
    browser.multi(lambda m: (m["a"].regenerate_id(), m["a"].changed()))
    assert browser.multi(user) == "ann"
    browser.multi(lambda m: (m.invalidate("a"), login(m)))
    assert browser.multi(user) == "ann"
    assert caplog.records == []


def test_an_applications_own_session_class_is_kept(browse):
    """Its own code runs when it is stored."""

    class OwnSession(Session):
        def save(self, accessed_only=False):
            self["saved"] = self.get("saved", 0) + 1
            super().save(accessed_only)

    options = {"key": "sid", "secret": "s" * 64, "type": "memory", "session_class": OwnSession}
    browser = browse(a=BeakerSessionFactoryConfig(**options))
    browser.multi(login)
    browser.multi(login)
    assert browser.multi(lambda m: m["a"]["saved"]) == 2
    assert browser.multi(lambda m: isinstance(m["a"]._session(), OwnSession))


def test_a_factory_that_uses_the_session_first_is_covered(browse, library):
    """Its session was loaded before the namespace had it."""
    inner = library("beaker_memory")("sid")

    def factory(request):
        session = inner(request)
        session.get("user")
        return session

    browser = browse(a=factory)
    browser.multi(login)
    browser.multi(slow_request(login, lambda m: browser.thief().multi(lambda m: m.invalidate())))
    assert browser.multi(user) is None


def test_no_request_creates_a_class(browse, library):
    """However many namespaces there are: each has one for all its requests."""
    names = [f"n{number}" for number in range(150)]
    browser = browse(**{name: library("beaker_memory")(name) for name in names})
    first, second = (
        browser.multi(lambda m: [type(m[name]._session()) for name in names]) for _ in range(2)
    )
    assert first == second
