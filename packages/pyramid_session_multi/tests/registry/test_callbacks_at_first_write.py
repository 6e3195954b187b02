"""Libraries that add their callback at the first write, and store ``request.session`` in it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyramid.interfaces import ISession
from pyramid.request import Request, RequestLocalCache
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi import SessionLibrary
from zope.interface import alsoProvides, implementer


@implementer(ISession)
class Session(dict):
    """A session that has its request, and adds a callback before it is changed."""

    new, created = False, 0

    def __init__(self, request, callback, data):
        super().__init__(data)
        self.request, self.callback = request, callback

    def __setitem__(self, key, value):
        self.changed()
        super().__setitem__(key, value)

    def changed(self):
        if self.callback not in self.request.response_callbacks:
            self.request.add_response_callback(self.callback)

    def invalidate(self):
        self.clear()


def _load(request, cookie_name):
    return json.loads(bytes.fromhex(request.cookies.get(cookie_name, "7b7d")))


def _saving(cookie_name):
    """A callback that holds neither the session nor its factory."""

    def save(request, response):
        value = json.dumps(request.session).encode().hex()
        response.set_cookie(cookie_name, value, path=request.script_name or "/")

    return save


def closure(cookie_name):
    save = _saving(cookie_name)
    return lambda request: Session(request, save, _load(request, cookie_name))


class Factory:
    """A factory whose own method is the callback."""

    def __init__(self, cookie_name):
        self.cookie_name = cookie_name

    def __call__(self, request):
        return Session(request, self.save, _load(request, self.cookie_name))

    def save(self, request, response):
        _saving(self.cookie_name)(request, response)


def method_of_the_session(cookie_name):
    class Own(Session):
        def __init__(self, request):
            super().__init__(request, self.save, _load(request, cookie_name))

        def save(self, request, response):
            _saving(cookie_name)(request, response)

    return Own


def at_opening(cookie_name):
    """The other kind, which adds the callback in the factory."""

    def factory(request):
        request.add_response_callback(_saving(cookie_name))
        return Session(request, lambda request, response: None, _load(request, cookie_name))

    return factory


def in_two_steps(cookie_name):
    """The callback adds another one, with the request that the factory was given."""

    def factory(request):
        def save(_request, _response):
            request.add_response_callback(_saving(cookie_name))

        return Session(request, save, _load(request, cookie_name))

    return factory


KINDS = {
    "closure": closure,
    "method of the factory": Factory,
    "method of the session": method_of_the_session,
    "in two steps": in_two_steps,
    "at opening": at_opening,
}
any_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)

OF_REQUEST = {
    "none": lambda: None,
    "signed": lambda: SignedCookieSessionFactory("secret"),
    **{kind: lambda make=make: make("outer") for kind, make in KINDS.items()},
}


def _setup(make_request_session):
    factory = make_request_session()
    return lambda config: None if factory is None else config.set_session_factory(factory)


@pytest.mark.parametrize("of_request", OF_REQUEST.values(), ids=OF_REQUEST)
@any_kind
def test_two_of_them_are_stored_each_under_its_cookie(browse, make, of_request):
    """Next to each other, with and without ``request.session``, and in every order."""
    browser = browse(a=make("a"), b=make("b"), setup=_setup(of_request))

    def write(request):
        b = request.session_multi["b"]
        request.session_multi["a"]["of"] = "a"
        if hasattr(request, "session"):
            request.session["of"] = "request.session"
        b["of"] = "b"

    browser.visit(write)
    assert browser.multi(lambda m: {name: dict(m[name]) for name in "ab"}) == {
        "a": {"of": "a"},
        "b": {"of": "b"},
    }
    of_request = browser.visit(lambda request: dict(getattr(request, "session", {})))
    assert of_request in ({}, {"of": "request.session"})


@any_kind
def test_a_description_of_the_application_does_not_change_that(browse, make):
    """It says nothing about callbacks."""
    factories = [make("a"), make("b")]

    class Described(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate in factories

    def setup(config):
        config.set_session_factory(make("outer"))
        config.register_session_library(Described())

    browser = browse(a=factories[0], b=factories[1], setup=setup)

    def write(request):
        request.session["of"] = "request.session"
        for name in "ab":
            request.session_multi[name]["of"] = name

    browser.visit(write)
    assert browser.multi(lambda m: [m[name]["of"] for name in "ab"]) == ["a", "b"]


kinds = st.sampled_from(sorted(KINDS))
names = st.sampled_from(["a", "b", "session"])
requests = st.lists(st.lists(st.tuples(names, st.integers(0, 2), st.booleans()), max_size=6))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=kinds, b=kinds, outer=kinds, visits=requests)
def test_whatever_is_written_in_whatever_order_no_session_gets_another_one_s(
    browse, a, b, outer, visits
):
    """Some are only opened; each holds what was last written to it, for all kinds."""
    browser = browse(
        a=KINDS[a]("a"), b=KINDS[b]("b"), setup=_setup(lambda: KINDS[outer]("session"))
    )
    model = {"a": {}, "b": {}, "session": {}}

    def sessions(request):
        return SimpleNamespace(
            get=lambda name: request.session if name == "session" else request.session_multi[name]
        )

    for visit in visits:

        def view(request, visit=visit):
            for name, value, writes in visit:
                session = sessions(request).get(name)
                assert dict(session) == model[name]
                if writes:
                    session["of"] = f"{name} {value}"
                    model[name]["of"] = f"{name} {value}"

        browser.visit(view)
    assert browser.visit(lambda r: {n: dict(sessions(r).get(n)) for n in model}) == model


def test_finished_callbacks_at_the_first_write_see_their_session(browse):
    """Some libraries store a session after the response has been sent."""
    finished = []

    class OnServer(Session):
        def changed(self):
            self.request.add_finished_callback(lambda request: finished.append(request.session))

    browser = browse(
        a=lambda request: OnServer(request, None, {}),
        setup=lambda config: config.set_session_factory(lambda request: Session(request, None, {})),
    )
    browser.multi(lambda m: m["a"].update({"of": "a"}) or m["a"].changed())
    assert finished == [{"of": "a"}]


def test_finished_callbacks_of_a_response_callback_see_their_session(browse, signed):
    """Some libraries prepare in the one what they store in the other."""
    finished = []

    def save(request, response):
        request.add_finished_callback(lambda request: finished.append(request.session))

    browser = browse(
        a=lambda request: Session(request, save, {}),
        setup=lambda config: config.set_session_factory(signed("session")),
    )
    browser.multi(lambda m: m["a"].update({"of": "a"}) or m["a"].changed())
    assert finished == [{"of": "a"}]


@any_kind
def test_a_library_finds_its_callback_among_those_of_the_request(browse, make):
    """So that it adds the callback once, however often the session is written."""
    browser = browse(a=make("a"), b=make("b"))
    writes = [("a", 1), ("b", 2), ("a", 3)]
    browser.multi(lambda m: [m[name].__setitem__("of", value) for name, value in writes])
    assert [header.partition("=")[0] for header in browser.set_cookies] == ["a", "b"]


def test_a_library_finds_its_callback_in_a_set_as_well(browse):
    """A bound callback equals the callback."""
    save = _saving("a")

    def view(request):
        request.session_multi["a"]["of"] = "a"
        return {save} & set(request.response_callbacks)

    assert browse(a=lambda request: Session(request, save, {})).visit(view) == {save}


def test_the_session_itself_sees_the_request_s_own_session(browse, signed):
    """One that keeps its data in ``request.session``, for example."""

    class Part(Session):
        def read(self):
            return self.request.session["part"]

    browser = browse(
        a=lambda request: Part(request, None, {}),
        setup=lambda config: config.set_session_factory(signed("session")),
    )

    def view(request):
        request.session["part"] = "of it"
        return request.session_multi["a"].read()

    assert browser.visit(view) == "of it"


def test_the_factory_gets_a_request_like_the_real_one(browse):
    """To read, to write, to delete, to mark, and to compare."""

    class Marker(ISession):
        pass

    def factory(request):
        assert isinstance(request, Request)
        alsoProvides(request, Marker)
        request.note = "written"
        request.passing = 1
        del request.passing
        vars(request)["variable"] = 1
        return Session(request, None, {})

    browser = browse(a=factory, b=lambda request: Session(request, None, {}))

    def view(request):
        of_a, of_b = (request.session_multi[name].request for name in "ab")
        assert of_a == request
        assert request == of_a
        assert of_a == of_b
        assert of_a != Request.blank("/")
        assert hash(of_a) == hash(request)
        assert Marker.providedBy(request)
        assert (request.note, request.variable) == ("written", 1)
        assert not hasattr(request, "passing")

    browser.visit(view)


def test_a_cache_for_each_request_finds_what_the_factory_put_there(browse):
    """Pyramid's holds the request weakly, and no session needs to hold it."""
    cache = RequestLocalCache(lambda request: pytest.fail("not the same request"))

    def factory(request):
        cache.set(request, "cached")
        return Session(None, None, {})

    browser = browse(a=factory)

    def view(request):
        request.session_multi["a"]
        return cache.get_or_create(request)

    assert browser.visit(view) == "cached"
