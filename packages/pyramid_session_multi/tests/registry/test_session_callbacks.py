"""Namespaces of libraries that assume that their session is ``request.session``."""

from __future__ import annotations

import json

import pytest
from pyramid.interfaces import ISession
from pyramid.request import Request
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi.registry.session_callbacks import naming_finished_callbacks
from zope.interface import implementer


@implementer(ISession)
class Session(dict):
    """The session of such a library; its factory finds and stores it."""

    new, created = False, 0

    def changed(self):
        pass

    def invalidate(self):
        self.clear()


class RequestSessionFactory:
    """A factory whose callbacks store ``request.session``.

    :ivar finished: the sessions that its finished callback stored.
    """

    def __init__(self, cookie_name):
        self.cookie_name = cookie_name
        self.finished = []

    def __call__(self, request):
        request.add_response_callback(self.save)
        request.add_finished_callback(lambda request: self.finished.append(dict(request.session)))
        return Session(json.loads(bytes.fromhex(request.cookies.get(self.cookie_name, "7b7d"))))

    def save(self, request, response):
        value = json.dumps(request.session).encode().hex()
        response.set_cookie(self.cookie_name, value, path=request.script_name or "/")


ALONGSIDE = {
    "none": lambda config: None,
    "of the same kind": lambda config: config.set_session_factory(RequestSessionFactory("outer")),
    "signed": lambda config: config.set_session_factory(SignedCookieSessionFactory("secret")),
}


@pytest.fixture(params=ALONGSIDE.values(), ids=ALONGSIDE)
def with_request_session(request):
    """The ``setup`` of an application with or without a ``request.session``."""
    return request.param


def _write(request):
    if hasattr(request, "session"):
        request.session["of"] = "request.session"
    for name, session in [(name, request.session_multi[name]) for name in ("a", "b")]:
        session["of"] = name


def test_several_of_them_are_stored_each_under_its_cookie(browse, with_request_session):
    """Together with ``request.session``; no session is sent under another's cookie."""
    browser = browse(
        a=RequestSessionFactory("a"), b=RequestSessionFactory("b"), setup=with_request_session
    )
    browser.visit(_write)
    assert browser.multi(lambda m: {name: dict(m[name]) for name in "ab"}) == {
        "a": {"of": "a"},
        "b": {"of": "b"},
    }
    of_request = browser.visit(lambda request: dict(getattr(request, "session", {})))
    assert of_request in ({}, {"of": "request.session"})


def test_one_that_was_only_read_is_sent_unchanged(browse, with_request_session):
    """``request.session`` is open and holds other data."""
    browser = browse(
        a=RequestSessionFactory("a"), b=RequestSessionFactory("b"), setup=with_request_session
    )
    browser.visit(_write)
    browser.multi(lambda m: m["b"])
    assert browser.multi(lambda m: dict(m["b"])) == {"of": "b"}
    assert browser.multi(lambda m: dict(m["a"])) == {"of": "a"}


def test_finished_callbacks_see_their_session_too(browse, with_request_session):
    """Some libraries store a session after the response has been sent."""
    a, b = RequestSessionFactory("a"), RequestSessionFactory("b")
    browse(a=a, b=b, setup=with_request_session).visit(_write)
    assert a.finished == [{"of": "a"}]
    assert b.finished == [{"of": "b"}]


def test_a_factory_that_opens_another_namespace_does_not_take_its_callbacks(browse):
    """The inner callbacks are added while the outer session is being opened."""

    class Outer(RequestSessionFactory):
        def __call__(self, request):
            request.session_multi["b"]["of"] = "b"
            return super().__call__(request)

    browser = browse(a=Outer("a"), b=RequestSessionFactory("b"))
    browser.multi(lambda m: m["a"].update({"of": "a"}))
    assert browser.multi(lambda m: [dict(m["a"]), dict(m["b"])]) == [{"of": "a"}, {"of": "b"}]


def test_callbacks_that_their_callbacks_add_see_the_same_session(browse):
    """Some libraries store in a second step, for example when the status is known."""

    class Later(RequestSessionFactory):
        def save(self, request, response):
            request.add_response_callback(super().save)

    browser = browse(a=Later("a"), b=Later("b"))
    browser.visit(_write)
    assert browser.multi(lambda m: [dict(m["a"]), dict(m["b"])]) == [{"of": "a"}, {"of": "b"}]


def test_an_application_can_override_request_session(browse):
    """A property of the request's class takes precedence over an attribute."""

    def setup(config):
        config.add_request_method(
            lambda request: pytest.fail("another session"), "session", property=True
        )

    browser = browse(a=RequestSessionFactory("a"), setup=setup)
    browser.multi(lambda m: m["a"].update({"of": "a"}))
    assert browser.multi(lambda m: dict(m["a"])) == {"of": "a"}


def test_all_other_attributes_are_those_of_the_request(browse):
    """To read, to write and to delete; the request's own ``session`` does not change."""
    seen = []

    def factory(request):
        request.add_response_callback(callback)
        return Session()

    def callback(request, response):
        session = request.session
        request.note = "written"
        request.passing = 1
        del request.passing
        request.session = None
        seen.append((isinstance(request, Request), session, request.matched_route.name))

    browser = browse(a=factory)
    request, session = browser.visit(lambda request: (request, request.session_multi["a"]))
    assert seen == [(True, session, "stage")]
    assert seen[0][1] is session
    assert request.note == "written"
    assert not hasattr(request, "passing")
    assert not hasattr(request, "session")


def test_callbacks_of_the_application_get_the_request_itself(browse, signed):
    """Only those of a session library that is not built in get a proxy."""
    seen = []

    def view(request):
        request.add_response_callback(lambda request, response: seen.append(request))
        request.session_multi["a"]
        request.session_multi["b"]
        request.add_response_callback(lambda request, response: seen.append(request))
        return request

    browser = browse(a=RequestSessionFactory("a"), b=signed("b"))
    request = browser.visit(view)
    assert all(each is request for each in seen)
    assert len(seen) == 2


def test_callbacks_of_a_built_in_library_get_the_request_itself(browse, any_library):
    """They are queued unchanged, at no cost."""
    browser = browse(a=any_library("sid"))
    queued = []

    def view(request):
        request.session_multi["a"]["x"] = 1
        queued.extend([*request.response_callbacks, *request.finished_callbacks])

    browser.visit(view)
    assert queued
    assert not [each for each in queued if type(each).__name__ == "SessionCallback"]


def test_a_factory_that_opens_another_one_leaves_the_others_errors_their_name():
    """The note of a finished callback names the namespace that added it."""

    def fail(request):
        raise OSError("down")

    def inner(request):
        request.add_finished_callback(fail)
        return Session()

    inner = naming_finished_callbacks("inner", inner)
    request = Request.blank("/")
    naming_finished_callbacks("outer", inner)(request)
    with pytest.raises(OSError, match="down") as caught:
        request.finished_callbacks[0](request)
    [note] = caught.value.__notes__
    assert "'inner'" in note
    assert "'outer'" not in note
