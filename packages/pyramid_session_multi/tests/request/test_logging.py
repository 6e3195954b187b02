"""The logger ``pyramid_session_multi`` records openings, and never shows data."""

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
    """With the namespace and the result."""
    browser = browse(a=signed("a"))
    browser.multi(lambda m: [m["a"], m["a"]])
    assert messages() == ["session 'a' opened"]


def test_a_refusal_is_logged(browse, signed, messages):
    """It answers the question why a session is ``None``."""
    browser = browse(a=(signed("a"), lambda request: False))
    browser.multi(lambda m: m["a"])
    assert messages() == ["session 'a' refused"]


def test_a_failure_is_logged_by_its_type(browse, watched, messages):
    """The exception's text may contain a password; its handler can show it."""
    factory = watched(None)
    factory.error = OSError("redis://user:hush@localhost is away")
    browser = browse(a=factory)
    with pytest.raises(OSError, match="away"):
        browser.multi(lambda m: m["a"])
    assert messages() == ["session 'a' failed: builtins.OSError"]


def test_no_data_and_no_secret_is_logged(browse, any_library, caplog, messages):
    """Neither keys, values, cookies nor secrets, nor the id on the server."""
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
    """The id of the session on a server, in each library."""
    return [getattr(session, name) for name in ("session_id", "id") if hasattr(session, name)]


def test_nothing_is_logged_above_debug(browse, signed, caplog):
    """At the usual level, an application logs none of this."""
    caplog.set_level(logging.INFO, "pyramid_session_multi")
    browser = browse(a=signed("a"), b=(signed("b"), lambda request: False))
    browser.multi(lambda m: [m["a"], m["b"]])
    assert caplog.records == []
