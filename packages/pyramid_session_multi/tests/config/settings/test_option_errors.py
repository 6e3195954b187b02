"""Mistakes in options: every error names the setting and the valid values, and shows no secret."""

from __future__ import annotations

import sys

import beaker.crypto
import pytest
from pyramid.session import JSONSerializer
from pyramid_session_multi.libraries.factory_builders.builder import builders
from pyramid_session_multi.libraries.option_converters import TEXT

# Part of every value that must not be shown.
HUSH = "hush-hush"
SECRET = HUSH * 8

KINDS = ["signed_cookie", "nacl", "redis", "memory", "cookie"]
every_kind = pytest.mark.parametrize("kind", KINDS)


# Which namespaces there are

# use


# Secrets

# Options

UNKNOWN = [
    ("signed_cookie", "htponly", "httponly"),
    ("signed_cookie", "salt", None),
    ("signed_cookie", "redis_url", None),
    ("nacl", "cookiename", "cookie_name"),
    ("nacl", "hashalg", None),
    ("redis", "cookie_secur", "cookie_secure"),
    ("redis", "redis_connection_pool", None),
    ("redis", "httponly", "cookie_httponly"),
    ("signed_cookie", "cookie_secure", "secure"),
    ("nacl", "cookie_httponly", "httponly"),
    ("memory", "cookie_samesite", "samesite"),
    ("redis", "domain", "cookie_domain"),
    ("redis", "host", "redis_host"),
    ("signed_cookie", "redis_timeout", "timeout"),
    ("memory", "datadir", None),
    ("memory", "secrett", "secret"),
    ("cookie", "validate_keys", "validate_key"),
    ("memory", "discriminater", "discriminator"),
    ("nacl", "usee", "use"),
]


@pytest.mark.parametrize(("kind", "option", "near"), UNKNOWN)
def test_an_unknown_option_suggests_the_near_miss(error_with, hushed, kind, option, near):
    """Its value is hidden: the option may be a misspelled secret."""
    options = hushed(kind)
    message = error_with(options | {option: SECRET})
    assert message.startswith(
        f"session_multi.a.{option} is not an option of use = {options['use']}"
    )
    if near:
        assert message.endswith(f"; did you mean {near!r}?")
    assert SECRET not in message


def options_with_a_form():
    """The options of every library that do not take any text."""
    kinds = {"signed_cookie": {}, "nacl": {}, "redis": {}}
    kinds |= {"memory": {"type": "memory"}, "cookie": {"type": "cookie"}}
    for kind, given in kinds.items():
        maker = builders()[kind if kind in builders() else "beaker"]
        for name, option in maker.options(given, resolver=None).items():
            if option.expected != TEXT.expected:
                yield pytest.param(kind, name, option, id=f"{kind}-{name}")


@pytest.mark.parametrize(("kind", "name", "option"), list(options_with_a_form()))
def test_a_value_that_does_not_convert_says_what_the_option_takes(
    error_with, hushed, kind, name, option
):
    """The value is shown if it cannot be a secret."""
    message = error_with(hushed(kind) | {name: f"no-{HUSH[:4]}"})
    assert message.startswith(f"session_multi.a.{name} ")
    if option.secret:
        assert "is too short: it is 7 bytes long; at least 32 are required" in message
    else:
        assert f"takes {option.expected}" in message
    assert ("not 'no-hush'" in message) is option.may_show


def test_secrets_passwords_urls_and_names_of_hosts_are_never_shown():
    """The options that may be shown are listed here; a new one is hidden unless it has a form."""
    hidden = {
        name
        for maker in builders().values()
        for name, option in maker.options({}, resolver=None).items()
        if not option.may_show
    }
    assert hidden >= {"secret", "secrets", "encrypt_key", "validate_key", "constant_csrf_token"}
    assert hidden >= {"redis_url", "redis_password", "redis_host", "data_dir", "prefix"}


WRONG = [
    ("signed_cookie", "hashalg", "sha52", "name of a hash algorithm, like sha512, not 'sha52'"),
    ("signed_cookie", "hashalg", "shake_128", "not 'shake_128' (its digests have no fixed length"),
    ("signed_cookie", "secure", "ture", "takes true or false, not 'ture'"),
    ("signed_cookie", "max_age", "1h", "a whole number of seconds above 0, or none, not '1h'"),
    ("redis", "redis_port", "6379.0", "takes a whole number, not '6379.0'"),
    ("redis", "redis_socket_timeout", "1s", "takes a number, or none, not '1s'"),
    ("nacl", "samesite", "laxx", "takes Lax, Strict, None, or nothing for no attribute, not"),
    ("memory", "cookie_expires", "never", "or a number of seconds above 0, not 'never'"),
    ("memory", "cookie_expires", "-5", "or a number of seconds above 0, not '-5'"),
    ("memory", "crypto_type", "crpytography", "registered with Beaker, not 'crpytography'"),
    ("memory", "crypto_type", "pycryptodome", "(Crypto is not installed)"),
    ("cookie", "data_serializer", "yaml", "takes json or pickle, not 'yaml'"),
    ("memory", "type", "memroy", "not 'memroy'; did you mean 'memory'?"),
    ("memory", "type", "ext:memcache", "did you mean 'ext:memcached'?"),
    ("signed_cookie", "serializer", "json", "not 'json' (its dumps returns builtins.str, not b"),
    ("signed_cookie", "serializer", "os.path", "(AttributeError: module "),
    ("nacl", "serializer", "yaml", "takes json, pickle, the dotted name of an object with dumps"),
    ("nacl", "serializer", "webob.cookies.SignedSerializer", "(TypeError: "),
    ("redis", "cookie_signer", "json", "not 'json' (its dumps returns builtins.str, not bytes)"),
    ("redis", "serialize", "os.path", "takes the dotted name of a callable, not 'os.path' (that"),
    ("redis", "deserialize", "marshal.laods", "not 'marshal.laods' ("),
    ("memory", "namespace_class", "baeker.container.X", "(ModuleNotFoundError: No module named"),
]


@pytest.mark.parametrize(("kind", "option", "value", "said"), WRONG)
def test_an_invalid_value_is_explained(error_with, hushed, kind, option, value, said):
    """The valid values, the value itself, and the reason if it is not obvious."""
    message = error_with(hushed(kind) | {option: value})
    assert message.startswith(f"session_multi.a.{option} takes ")
    assert said in message


@every_kind
@pytest.mark.parametrize("secure", [{}, "false", ""])
def test_samesite_none_needs_secure(error_with, hushed, kind, secure):
    """Browsers require it, and WebOb would fail at the first write."""
    prefix = "cookie_" if kind == "redis" else ""
    given = {f"{prefix}secure": secure} if secure == "false" else {}
    assert error_with(hushed(kind) | given | {f"{prefix}samesite": "none"}) == (
        f"session_multi.a.{prefix}samesite is None, which browsers accept only with "
        f"session_multi.a.{prefix}secure = true; leave it empty to send no SameSite attribute."
    )


TOGETHER = [
    ("redis", {"prefix": "a:", "id_generator": "secrets.token_hex"}, ["a.prefix and id_generator"]),
    (
        "redis",
        {"cookie_signer": "package_of_somebody.signer"},
        ["a.use", "secret", "cookie_signer"],
    ),
    ("redis", {"set_redis_ttl_readheavy": "true", "timeout": "none"}, ["a.use", "timeout"]),
    ("memory", {"timeout": "60", "save_accessed_time": "no"}, ["a.use", "save_accessed_time"]),
    ("memory", {"encrypt_key": SECRET}, ["a.validate_key is missing", "encrypt_key"]),
    ("memory", {"type": "file"}, ["a.data_dir is missing", "type = file needs data_dir or file"]),
    ("memory", {"type": "dbm"}, ["a.data_dir is missing", "type = dbm needs data_dir or dbm_dir"]),
    ("memory", {"type": "ext:database"}, ["a.url is missing", "type = ext:database needs url"]),
    ("memory", {"type": "ext:redis", "url": ""}, ["a.url is missing", "ext:redis needs url"]),
    ("memory", {"key": "a", "cookie_name": "b"}, ["session_multi.a.*", "'a'", "'b'"]),
    ("memory", {"data_dir": ""}, ["a.use is beaker, which says: Empty strings are", "data_dir"]),
    ("nacl", {"cookie_name": "a b"}, ["session_multi.a.*", "'a b'", "RFC 6265"]),
    ("nacl", {"cookie_name": ""}, ["session_multi.a.*", "''", "RFC 6265"]),
]


@pytest.mark.parametrize(("kind", "options", "said"), TOGETHER, ids=repr)
def test_options_that_exclude_each_other_are_named(
    error_with, hushed, package, kind, options, said
):
    """At start-up, with the library's own message if it has one."""
    package.signer = JSONSerializer()
    message = error_with(hushed(kind) | options)
    assert all(part in message for part in said), message


ABOVE_ZERO = "a whole number of seconds above 0, or none"
FROM_ZERO = "a whole number of seconds, 0 or more, or none"

SECONDS = [
    *[
        (kind, "timeout", given, ABOVE_ZERO)
        for kind in KINDS
        if kind != "redis"
        for given in ("-5", "0", -5, 0)
    ],
    *[("redis", "timeout", given, FROM_ZERO) for given in ("-5", -5)],
    *[(kind, "max_age", "0", ABOVE_ZERO) for kind in ("signed_cookie", "nacl")],
    ("redis", "cookie_max_age", "-1", ABOVE_ZERO),
    *[(kind, "reissue_time", "-1", FROM_ZERO) for kind in ("signed_cookie", "nacl")],
    ("redis", "timeout_trigger", "-1", FROM_ZERO),
]


@pytest.mark.parametrize(("kind", "option", "given", "takes"), SECONDS)
def test_durations_that_would_end_sessions_at_once_are_errors(
    error_with, hushed, kind, option, given, takes
):
    """Every request would get an empty session, or Redis would not store it."""
    message = error_with(hushed(kind) | {option: given})
    assert message == f"session_multi.a.{option} takes {takes}, not {given!r}."


@pytest.mark.parametrize("kind", ["signed_cookie", "nacl"])
@pytest.mark.parametrize(
    ("given", "reissue", "timeout"),
    [
        ({"timeout": "60", "reissue_time": "60"}, 60, 60),
        ({"timeout": 60, "reissue_time": 61}, 61, 60),
        ({"reissue_time": "1200"}, 1200, 1200),
    ],
)
def test_a_reissue_time_that_is_not_below_the_timeout_is_an_error(
    error_with, hushed, kind, given, reissue, timeout
):
    """The cookie would be sent again too late; Pyramid's default is the timeout if none is set."""
    assert error_with(hushed(kind) | given) == (
        f"session_multi.a.reissue_time is {reissue}, but session_multi.a.timeout is {timeout}: the "
        "session would time out even while it is used. Set a smaller reissue_time, or none if that "
        "is intended."
    )


MEANT = [
    {"timeout": "1"},
    {"timeout": "60", "reissue_time": "59"},
    {"timeout": "60", "reissue_time": "none"},
    {"timeout": "none", "reissue_time": "3600"},
    {"timeout": None, "reissue_time": 3600},
    {"reissue_time": "0", "max_age": "1"},
]


@pytest.mark.parametrize("kind", ["signed_cookie", "nacl"])
@pytest.mark.parametrize("given", MEANT, ids=repr)
def test_other_durations_are_accepted(words, hushed, kind, given, start):
    """No timeout, or one that use does not extend."""
    start(words(a=hushed(kind) | given))


@pytest.mark.parametrize("kind", ["memory", "cookie"])
def test_encrypting_with_beaker_needs_a_library(error_with, hushed, monkeypatch, kind):
    """Without one, Beaker would store the data on a server as clear text."""
    libraries = ("cryptography", "Crypto", "Cryptodome")
    for name in [*libraries, *(m for m in sys.modules if m.startswith("cryptography."))]:
        monkeypatch.setitem(sys.modules, name, None)
    for module in ("pyca_cryptography", "pycrypto"):
        monkeypatch.delitem(sys.modules, f"beaker.crypto.{module}", raising=False)
        monkeypatch.delattr(beaker.crypto, module, raising=False)
    monkeypatch.setattr("beaker.crypto.CRYPTO_MODULES", {})
    assert error_with(hushed(kind, encrypt_key=SECRET, validate_key=SECRET)) == (
        "session_multi.a.encrypt_key needs a library that encrypts: pip install cryptography."
    )


# Whatever the settings
