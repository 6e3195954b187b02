"""Types of the public names of ``pyramid_session_multi_testing`` for type checkers."""

from typing import Any, assert_type

from pyramid_session_multi import SessionMultiManager
from pyramid_session_multi_testing import (
    ApplicationNotFound,
    CookieNotReturned,
    DummySessionMulti,
    Namespaces,
    SessionDataWarning,
    SessionMultiRequest,
    edit_session,
    read_session,
)
from webtest import TestApp


def double() -> None:
    namespaces: Namespaces = {"cart": {"apples": 2}, "account": {}}
    sessions = DummySessionMulti(namespaces, refused=["account"])
    assert_type(sessions, DummySessionMulti)
    assert_type(DummySessionMulti(["cart"]), DummySessionMulti)
    assert_type(DummySessionMulti(["cart"], strict=False), DummySessionMulti)
    assert_type(DummySessionMulti(["a", "b"], strict=["a"]), DummySessionMulti)
    assert_type(DummySessionMulti(["a", "b"], lifetimes={"a": 3600}), DummySessionMulti)
    assert_type(sessions.check_unsaved(), None)
    in_place_of: SessionMultiManager = sessions
    assert_type(in_place_of["cart"], Any)
    assert_type(sessions["cart"], Any)
    assert_type(sessions.has_cookie("cart"), bool)
    assert_type(sessions.peek("cart"), dict[str, Any] | None)
    assert_type(sessions.invalidate(), None)
    assert_type(sessions.request, SessionMultiRequest)
    assert_type(SessionMultiRequest(session_multi=sessions).session_multi, DummySessionMulti)


def sessions_of_a_client(testapp: TestApp) -> None:
    with edit_session(testapp, "cart") as session:
        assert_type(session, Any)
    with edit_session(testapp, "a", url="https://localhost/", extra_environ={"X": 1}, app=testapp):
        pass
    assert_type(read_session(testapp, "cart"), dict[str, Any])
    assert_type(read_session(testapp, "cart", url="/shop", app=None), dict[str, Any])


def errors(not_found: ApplicationNotFound, not_returned: CookieNotReturned) -> None:
    a_lookup_error: LookupError = not_found
    a_value_error: ValueError = not_returned
    a_warning: Warning = SessionDataWarning("lost")
    assert_type(a_warning.args, tuple[Any, ...])
    assert_type([a_lookup_error.args, a_value_error.args], list[tuple[Any, ...]])
    assert_type(not_found.wsgi_app, Any)
    assert_type(not_found.problem, str)
    assert_type(not_returned.namespace, str)
    assert_type(not_returned.cookie_name, str | None)
    assert_type(not_returned.url, str)
    assert_type(not_returned.reason, str)
    assert_type(not_returned.fix, str)
