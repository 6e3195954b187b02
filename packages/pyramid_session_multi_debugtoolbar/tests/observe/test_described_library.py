"""A session library that the application describes itself is shown like a built-in one."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections import UserDict

import pytest
from pyramid_session_multi import CookieAttributes, SessionLibrary


class PlainSession(UserDict):
    """A session that is neither signed nor a dict, with a callback that notices every access."""

    def __init__(self, request, name):
        came = request.cookies.get(name)
        self.new = came is None
        super().__init__(json.loads(b64decode(came)) if came else {})
        self.touched = 0
        self.name = name
        request.add_response_callback(self.send)

    def items(self):
        self.touched += 1
        return super().items()

    def send(self, request, response):
        value = b64encode(json.dumps(self.data).encode())
        response.set_cookie(self.name, value, httponly=True)
        self.data["touched"] = self.touched


class PlainFactory:
    def __init__(self, name):
        self.name = name
        self.calls = 0

    def __call__(self, request):
        self.calls += 1
        return PlainSession(request, self.name)


class Minimal(SessionLibrary):
    """A description that only recognizes its factories."""

    def recognizes_factory(self, candidate):
        return isinstance(candidate, PlainFactory)

    def cookie_name(self, factory):
        return factory.name


class Full(Minimal):
    """A description with everything that a built-in one has."""

    def cookie_attributes(self, factory):
        return CookieAttributes(httponly=True)

    def server_side(self, factory):
        return False

    def key_tokens(self, factory):
        return (factory.name,)

    def read_passively(self, session):
        return {key: value for key, value in session.data.items() if key != "touched"}

    read = read_passively


def wrapper(factory):
    def wrapped(request):
        return factory(request)

    return wrapped


@pytest.fixture(params=[False, True], ids=["as it is", "wrapped"])
def is_wrapped(request):
    """True for a factory inside a function of the application."""
    return request.param


@pytest.fixture
def make(is_wrapped, site):
    """A site whose namespace "a" has a factory of the library."""

    def make(library, toolbar=True):
        factory = PlainFactory("plain")
        return site(
            toolbar=toolbar,
            setup=lambda config: config.register_session_library(library),
            a=wrapper(factory) if is_wrapped else factory,
        )

    return make


def values(here):
    row = here.panel.report.rows[0]
    assert here.panel._errors.lines == []
    return {change.label: (change.before, change.after, str(change.kind)) for change in row.changes}


def test_a_full_description(make, is_wrapped):
    """Values, changes, lost writes, unopened sessions, flags and isolation."""
    here = make(Full())
    here.multi(lambda m: m["a"].update(x=1, nested={"y": [1]}))
    assert values(here) == {
        "x": (None, "1", "added"),
        "nested": (None, "{'y': [1]}", "added"),
    }
    here.multi(lambda m: m["a"].update(x=2))
    assert values(here)["x"] == ("1", "2", "changed")
    assert not here.has_lost_writes
    here.multi(lambda m: None)
    assert here.states == {"a": "received, not opened"}
    assert values(here)["x"] == ("2", None, "")
    here.visit(lambda request: request.add_finished_callback(
        lambda request: request.session_multi["a"].update(late=1)))  # fmt: skip
    assert here.has_lost_writes
    verdict = "cannot tell" if is_wrapped else "isolated"
    assert verdict in here.content.get_text()
    assert "Path=/; HttpOnly" in here.content.get_text()


def test_a_session_in_use_is_not_accessed(make):
    """The panel reads it without side effects."""
    here = make(Full())
    here.multi(lambda m: m["a"].update(x=1))
    assert here.multi(lambda m: m["a"].touched) == 0


def test_a_minimal_description(make):
    """The data may be on a server, and cannot be read passively: they are read when activated."""
    here = make(Minimal())
    here.multi(lambda m: m["a"].update(x=1))
    assert values(here) == {}
    assert "when this panel is activated" in here.section("a")
    here = make(Minimal(), toolbar="activated")
    here.multi(lambda m: m["a"].update(x=1))
    assert values(here)["x"] == (None, "1", "added")
    here.multi(lambda m: m["a"].update(x=2))
    assert values(here)["x"] == ("1", "2", "changed")
    here.multi(lambda m: None)
    assert values(here)["x"] == ("2", None, "")


@pytest.mark.parametrize(
    ("toolbar", "opened", "sent"), [(False, 1, 0), (True, 1, 0), ("activated", 3, 1)]
)
def test_nothing_is_read_from_a_server_unless_activated(site, toolbar, opened, sent):
    """Not even on a copy of the request, neither incoming data nor those of the next request."""
    factory = PlainFactory("plain")
    here = site(toolbar=toolbar, setup=lambda c: c.register_session_library(Minimal()), a=factory)
    here.multi(lambda m: m["a"].update(x=1))
    factory.calls = 0
    here.multi(lambda m: m["a"].update(x=2))
    assert factory.calls == opened
    if toolbar is True:  # neither incoming nor outgoing data, and one sentence that says why
        assert here.section("a").count("activate") == 1
        assert "Lost writes on a server are found only" in here.section("a")
    factory.calls = 0
    here.multi(lambda m: None)
    assert factory.calls == sent


def test_an_undescribed_library(site):
    """A dict is shown; for any other session the panel says that its library is not described."""

    class DictSession(dict):
        items = keys = __iter__ = None

    here = site(
        a=(lambda request: DictSession(x=1), None, "a"),
        b=(lambda request: PlainSession(request, "b"), None, "b"),
    )
    here.multi(lambda m: (m["a"].update(y=2), m["b"]))
    assert values(here) == {"x": ("1", "1", "unchanged"), "y": (None, "2", "added")}
    assert "its session library is not described" in here.content.get_text()
    assert "activated" in here.section("b")


def test_callbacks_of_reading_at_the_end_do_not_run(site):
    """Reading a session as the application does can add a callback."""
    ran = []

    class Eager(PlainSession):
        def __init__(self, request, name):
            super().__init__(request, name)
            self.request = request

        def items(self):
            self.request.add_finished_callback(lambda request: ran.append("stored again"))
            return super().items()

    here = site(toolbar="activated", a=(lambda request: Eager(request, "a"), None, "a"))
    here.multi(lambda m: m["a"].update(x=1))
    assert values(here)["x"] == (None, "1", "")
    assert ran == []


def test_a_description_that_does_not_read_a_dict(site):
    """It is wrong: the panel says so, and shows everything else."""

    class Lists(Full):
        def read_passively(self, session):
            return list(session.data.items())

    factory = PlainFactory("plain")
    here = site(setup=lambda c: c.register_session_library(Lists()), a=factory)
    here.multi(lambda m: m["a"].update(x=1))
    assert here.states == {"a": "opened"}
    assert "TypeError" in here.content.find(class_="alert-danger").get_text()


def test_a_description_that_raises_for_the_place_of_the_data(site, signed):
    """The panel cannot read a session that was not opened."""

    class Unsure(Full):
        def server_side(self, factory):
            raise LookupError

    here = site(
        setup=lambda c: c.register_session_library(Unsure()), a=PlainFactory("plain"), b=signed("b")
    )
    here.multi(lambda m: m["b"].update(x=1))
    here.client.set_cookie("plain", "e30=")
    here.multi(lambda m: None)
    assert here.states == {"a": "received, not opened", "b": "received, not opened"}
    assert "LookupError" in here.content.find(class_="alert-danger").get_text()
    assert "x" in here.section("b")
