"""The logger ``pyramid_session_multi`` says what is opened, and never what it holds."""

from __future__ import annotations

import logging

import pytest


@pytest.fixture
def messages(caplog):
    caplog.set_level(logging.DEBUG, "pyramid_session_multi")

    def messages():
        records = [r for r in caplog.records if r.name == "pyramid_session_multi"]
        assert {record.levelname for record in records} <= {"DEBUG"}
        return [record.getMessage() for record in records]

    return messages


def test_opening_is_logged_once(browse, signed, messages):
    """The namespace, and what became of it."""
    browser = browse(a=signed("a"))
    browser.multi(lambda m: [m["a"], m["a"]])
    assert messages() == ["session 'a' opened"]


def test_a_refusal_is_logged(browse, signed, messages):
    """Why a session is ``None`` is a question that comes up."""
    browser = browse(a=(signed("a"), lambda request: False))
    browser.multi(lambda m: m["a"])
    assert messages() == ["session 'a' refused"]


def test_a_failure_is_logged_by_its_kind(browse, watched, messages):
    """The exception's text may hold a password; who catches it may show it."""
    factory = watched(None)
    factory.error = OSError("redis://user:hush@localhost is away")
    browser = browse(a=factory)
    with pytest.raises(OSError, match="away"):
        browser.multi(lambda m: m["a"])
    assert messages() == ["session 'a' failed: builtins.OSError"]


def test_no_data_and_no_secret_is_logged(browse, any_library, caplog, messages):
    """Neither keys nor values, nor cookies, nor what signs them, nor the id on the server."""
    caplog.set_level(logging.DEBUG, "pyramid_session_multi")
    browser = browse(a=any_library("sid"))
    browser.multi(lambda m: m["a"].update({"hidden key": "hidden value"}))
    secrets = ["hidden", "the secret of", browser.client.cookies["sid"]]
    secrets += browser.multi(lambda m: _identifiers(m["a"]))
    browser.multi(lambda m: [m.peek("a"), m["a"], m.renew("a"), m.invalidate()])
    text = "\n".join(messages())
    assert text
    for secret in secrets:
        assert secret not in text


def _identifiers(session):
    """The id under which a server keeps it, as the libraries call it."""
    return [getattr(session, name) for name in ("session_id", "id") if hasattr(session, name)]


def test_nothing_is_logged_above_debug(browse, signed, caplog):
    """An application at its usual level hears nothing."""
    caplog.set_level(logging.INFO, "pyramid_session_multi")
    browser = browse(a=signed("a"), b=(signed("b"), lambda request: False))
    browser.multi(lambda m: [m["a"], m["b"]])
    assert caplog.records == []
