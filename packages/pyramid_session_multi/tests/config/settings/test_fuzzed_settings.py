"""Any settings either work, or are a ``ConfigurationError`` that shows no secret."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pyramid.exceptions import ConfigurationError, ConfigurationExecutionError
from pyramid_session_multi.libraries.factory_builders.builder import builders

# Part of every value that must not be shown.
HUSH = "hush-hush"

SECRET = HUSH * 8

NAMES = ["a", "b", "a.b", "vary", "A-1", "ä"]

USES = ["rediss", "", "builtins.dict", "builtins.repr", "os.path", "nowhere.at_all", None, 7]

DOTTED = ["json", "pickle", "marshal.dumps", "secrets.token_hex", "pyramid.session.JSONSerializer"]

USUAL = [
    "true",
    "no",
    "none",
    "None",
    "60",
    "-1",
    "1.5",
    "",
    " ",
    "memory",
    "file",
    "cookie",
    "lax",
]

SHOWN = sorted(
    {"discriminator", "cookie_name", "key", "type"}
    | {
        name
        for maker in builders().values()
        for given in ({}, {"type": "cookie"}, {"data_dir": "x"})
        for name, option in maker.options(given, resolver=None).items()
        if option.may_show
    }
)

HIDDEN = ["secret", "secrets", "validate_key", "encrypt_key", "redis_url", "redis_password", "url"]

HIDDEN += ["redis_host", "data_dir", "domain", "path", "prefix", "sercet", "token"]

not_text = st.none() | st.booleans() | st.integers() | st.lists(st.integers(), max_size=2)

plain = st.sampled_from(USUAL) | st.sampled_from(DOTTED) | st.text(max_size=8) | not_text

hush = st.sampled_from([HUSH, SECRET, f"{SECRET} {SECRET}", SECRET.encode(), [SECRET, HUSH]])

hush |= st.sampled_from([f"redis://u:{HUSH}@localhost/0", f"redis://u:{HUSH}@localhost:x"])

unknown = st.text(max_size=8).filter(
    lambda name: name not in {*SHOWN, "use", "namespaces", "vary", "isolation", "views"}
)

more = st.dictionaries(st.sampled_from(SHOWN), plain, max_size=2) | st.dictionaries(
    st.sampled_from(HIDDEN) | unknown, hush, max_size=2
)

WORKING = [
    {"use": "signed_cookie", "secrets": SECRET},
    {"use": "nacl", "secret": "0f" * 32, "serializer": "json"},
    {"use": "redis", "secret": SECRET},
    {"use": "beaker", "secret": SECRET},
    {"use": "beaker", "type": "cookie", "validate_key": SECRET},
]


def rarely(strategy):
    """Draw it rarely: otherwise every example stops at the same mistakes."""
    return st.integers(0, 4).flatmap(lambda number: st.just({}) if number else strategy)


any_options = st.builds(
    lambda working, more, use: {**working, **more, **use},
    st.sampled_from(WORKING),
    more,
    rarely(st.fixed_dictionaries({"use": st.sampled_from(USES)})),
)

fuzzed = settings(
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # it holds no state
)


@fuzzed
@given(
    namespaces=st.dictionaries(st.sampled_from(NAMES), any_options, max_size=3),
    listed=rarely(st.fixed_dictionaries({"session_multi.namespaces": plain})),
    others=rarely(st.dictionaries(unknown.map("session_multi.{}".format), hush)),
    isolation=st.sampled_from(["error", "off", "off", "off", "of"]),
)
def test_any_settings_work_or_are_a_configuration_error(
    words, namespaces, listed, others, isolation, start
):
    """Neither its message nor those of our own errors that caused it show a secret."""
    error = None
    try:
        start(words(**namespaces) | {"session_multi.isolation": isolation} | listed | others)
    except ConfigurationError as caught:
        error = caught.evalue if isinstance(caught, ConfigurationExecutionError) else caught
    event("works" if error is None else "is refused")
    assert error is None or (type(error) is ConfigurationError and "session_multi." in str(error))
    while isinstance(error, ConfigurationError):
        assert HUSH not in str(error)
        error = error.__cause__
