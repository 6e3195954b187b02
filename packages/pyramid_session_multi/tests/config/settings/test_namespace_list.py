"""``session_multi.namespaces`` and the global settings: every mistake is an error."""

from __future__ import annotations

import pytest

# Part of every value that must not be shown.
HUSH = "hush-hush"

SECRET = HUSH * 8

OTHERS = [
    ({"session_multi.varry": "true"}, ["session_multi.varry is not a setting", "mean 'vary'"]),
    ({"session_multi.namespace": "a"}, ["session_multi.namespace is", "mean 'namespaces'"]),
    ({"session_multi.isolate": "no"}, ["session_multi.isolate is no", "mean 'isolation'"]),
    ({"session_multi.": "x"}, ["session_multi. is not a setting", "session_multi.<namespace>."]),
    (
        {"session_multi.secret": SECRET},
        ["session_multi.secret is not a setting", "session_multi.namespaces", "session_multi.vary"],
    ),
    (
        {"session_multi.account.secret": SECRET},
        ["session_multi.account.secret", "session_multi.namespaces does not list", "Add 'account'"],
    ),
    ({"session_multi.namespaces": 7}, ["session_multi.namespaces takes names", "int"]),
    ({"session_multi.namespaces": [None]}, ["session_multi.namespaces takes", "NoneType"]),
    ({"session_multi.namespaces": "a b a"}, ["session_multi.namespaces lists 'a'", "once"]),
    (
        {"session_multi.namespaces": "a"},
        ["session_multi.namespaces lists 'a'", "Add at least session_multi.a.use, which takes "],
    ),
    ({"session_multi.vary": "sometimes"}, ["session_multi.vary takes true or false", "sometimes"]),
    (
        {"session_multi.isolation": "errors"},
        ["session_multi.isolation takes error, warn or off, not 'errors'; did you mean 'error'?"],
    ),
    ({"session_multi.isolation": 7}, ["takes error, warn or off, not '7'."]),
    ({"session_multi.vary": "ture"}, ["takes true or false, not 'ture'; did you mean 'true'?"]),
]

COMMAS = ["public, account", "public,account", "public ,\n account,", ["public,", "account"]]


@pytest.mark.parametrize("listed", COMMAS, ids=repr)
def test_namespaces_with_commas_are_shown_without(listed, error_of):
    """No near miss that contains a comma is suggested."""
    options = {"session_multi.public.use": "redis", "session_multi.account.use": "redis"}
    assert error_of({"session_multi.namespaces": listed} | options) == (
        "session_multi.namespaces takes names separated by white space, not by commas: "
        "public account"
    )


PREFIXES = [
    "sessions_multi",
    "session_mutli",
    "sesion_multi",
    "session_multy",
    "session-multi",
    "sessionmulti",
    "Session_Multi",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("option", ["namespaces", "a.secrets"])
def test_a_misspelled_prefix_is_an_error(words, hushed, prefix, option, error_of):
    """Otherwise nothing would be registered, without a message."""
    settings = words(a=hushed("signed_cookie"))
    settings[f"{prefix}.{option}"] = SECRET
    assert error_of(settings) == (
        f"{prefix}.{option} is not a setting; did you mean session_multi.{option}?"
    )


OF_OTHERS = [
    "session",
    "sessions",
    "session.secret",
    "sessions.namespaces",
    "beaker.session.secret",
    "redis.sessions.secret",
    "session_cookie.secret",
    "session_manager.vary",
    "session_redis.url",
    "multi_session.namespaces",
    "my_session_multi.secret",
    "pyramid_session_multi.secret",
    "session_multi_debugtoolbar.secret",
    "session_multi",
    "session_multi_secret",
    7,
    ("session_mutli.secret",),
]


@pytest.mark.parametrize("key", OF_OTHERS, ids=repr)
def test_the_settings_of_other_packages_are_ignored(words, hushed, key, start):
    """Even if their names are similar to ours."""
    start(words(a=hushed("signed_cookie")) | {key: SECRET})


@pytest.mark.parametrize(("settings", "said"), OTHERS, ids=lambda given: next(iter(given)))
def test_an_invalid_setting_is_an_error(settings, said, error_of):
    """Unknown settings, options of an unlisted namespace, and invalid lists."""
    message = error_of(settings)
    assert all(part in message for part in said), message


def test_the_options_of_an_unlisted_namespace_suggest_the_near_miss(words, hushed, error_of):
    """The message also says how to fix it if no name is close."""
    settings = words(account=hushed("signed_cookie"))
    message = error_of(settings | {"session_multi.acount.secret": SECRET})
    assert message == (
        "session_multi.acount.secret is an option of a namespace that session_multi.namespaces "
        "does not list; did you mean 'account'? Add 'acount' to that list, or remove the option."
    )


@pytest.mark.parametrize("singular_first", [True, False])
def test_session_multi_namespace_is_reported_before_its_options(
    error_of, words, minimal, singular_first
):
    """In any order: without the list, no namespace is listed."""
    settings = words(a=minimal("signed_cookie"))
    del settings["session_multi.namespaces"]
    singular = {"session_multi.namespace": "a"}
    message = error_of(singular | settings if singular_first else settings | singular)
    assert message.startswith(
        "session_multi.namespace is not a setting; did you mean 'namespaces'?"
    )
