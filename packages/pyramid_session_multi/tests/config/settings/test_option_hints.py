"""An option in the wrong place: the message says where it belongs."""

from __future__ import annotations

import sys

import pytest

ELSEWHERE = [
    (
        {"use": "beaker", "type": "memory", "url": "hush-hush"},
        "url",
        "ext:memcached, ext:database, ext:mongodb, ext:redis",
    ),
    ({"use": "beaker", "type": "memory", "file_dir": "/tmp"}, "file_dir", "file"),
    ({"use": "beaker", "type": "memory", "dbm_dir": "/tmp"}, "dbm_dir", "dbm"),
    ({"use": "beaker", "type": "memory", "schema_name": "s"}, "schema_name", "ext:database"),
    ({"use": "beaker", "type": "memory", "urls": "hush-hush"}, "urls", "ext:rediscluster"),
]


@pytest.mark.parametrize(("options", "option", "types"), ELSEWHERE)
def test_an_option_of_another_type_names_that_type(error_with, hushed, options, option, types):
    """Types are storages of one library, for example of Beaker."""
    message = error_with(hushed("memory") | options)
    assert message == (
        f"session_multi.a.{option} is not an option of use = beaker; it is one of type = {types}."
    )


def test_the_directory_of_a_cookie_session_names_the_types_that_have_one(error_with, hushed):
    """Nothing would be stored there."""
    message = error_with(hushed("cookie") | {"data_dir": "/tmp"})
    assert "session_multi.a.data_dir is not an option of use = beaker; it is one of type" in message
    assert "file" in message


@pytest.mark.parametrize("option", ["secret", "namespace_class"])
def test_an_option_of_every_storage_is_not_one_of_cookie_sessions(error_with, hushed, option):
    """It is not a near miss of ``secure``."""
    assert error_with(hushed("cookie") | {option: "hush-hush" * 8}) == (
        f"session_multi.a.{option} is not an option of use = beaker; it is one of every type "
        "except cookie."
    )


USES = [
    ("signed_cookie", "redis_url", "redis"),
    ("redis", "hashalg", "signed_cookie"),
    ("nacl", "invalidate_empty_session", "redis"),
]


@pytest.mark.parametrize(("kind", "option", "use"), USES)
def test_an_option_of_another_library_names_its_use(error_with, hushed, kind, option, use):
    """A typical mistake after a change of ``use``."""
    message = error_with(hushed(kind) | {option: "hush-hush"})
    assert f"is not an option of use = {kind}; it is one of use = {use}." in message


def test_libraries_that_are_not_installed_are_not_searched(error_with, hushed, monkeypatch):
    """Their options are not known."""
    monkeypatch.setitem(sys.modules, "pyramid_session_redis", None)
    message = error_with(hushed("signed_cookie") | {"redis_url": "hush-hush"})
    assert message == "session_multi.a.redis_url is not an option of use = signed_cookie."


def test_a_storage_that_needs_objects_is_an_error(error_with, hushed):
    """Beaker would fail in each request: a setting cannot hold a table."""
    message = error_with(hushed("memory") | {"type": "ext:sqla"})
    assert message.startswith("session_multi.a.type is ext:sqla, which needs SQLAlchemy objects")
