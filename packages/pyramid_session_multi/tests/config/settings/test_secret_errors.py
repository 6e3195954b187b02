"""Mistakes in secrets, and in urls that hold passwords: no message shows them."""

from __future__ import annotations

import pytest
from pyramid.session import JSONSerializer
from webob.cookies import SignedSerializer

# Part of every value that must not be shown.
HUSH = "hush-hush"

SECRET = HUSH * 8

KINDS = ["signed_cookie", "nacl", "redis", "memory", "cookie"]

every_kind = pytest.mark.parametrize("kind", KINDS)

NEEDED = {
    "signed_cookie": ("session_multi.a.secrets", 64),
    "nacl": ("session_multi.a.secret", 32),
    "redis": ("session_multi.a.secret or session_multi.a.cookie_signer", 64),
    "memory": ("session_multi.a.secret", 64),
    "cookie": ("session_multi.a.validate_key", 64),
}


@every_kind
@pytest.mark.parametrize("value", ["missing", "", "   ", None])
def test_a_missing_secret_comes_with_a_command_that_creates_one(error_with, hushed, kind, value):
    """A valid one for the library; an empty secret counts as missing."""
    setting, length = NEEDED[kind]
    name = setting.rpartition(".")[2] if kind != "redis" else "secret"
    options = {k: v for k, v in hushed(kind).items() if k != name}
    message = error_with(options | ({} if value == "missing" else {name: value}))
    assert message.startswith(f"{setting} is missing: use = {options['use']} needs a secret. ")
    assert f"python -c 'import secrets; print(secrets.token_hex({length}))'" in message


def test_a_misspelled_secret_is_a_missing_one(error_with, hushed):
    """``secret`` and ``secrets`` are easily confused."""
    options = {k: v for k, v in hushed("signed_cookie").items() if k != "secrets"}
    assert error_with(options | {"secret": SECRET}).startswith(
        "session_multi.a.secrets is missing: use = signed_cookie needs a secret; did you misspell "
        "it as 'secret'? To create one, run: "
    )


ONE_SECRET = [("redis", "secret"), ("nacl", "secret"), ("memory", "secret")]
ONE_SECRET.append(("cookie", "validate_key"))


@pytest.mark.parametrize(("kind", "right"), ONE_SECRET)
def test_a_library_that_takes_one_secret_does_not_rotate_secrets(error_with, hushed, kind, right):
    """``secrets`` was kept when ``use`` was changed, also next to the right option."""
    options = hushed(kind) | {"secrets": f"{SECRET} {SECRET}"}
    hint = (
        f"; it takes one secret, {right!r}, not 'secrets'. It does not rotate secrets: a new one "
        "ends all sessions."
    )
    use = f"use = {options['use']}"
    assert error_with(options) == f"session_multi.a.secrets is not an option of {use}{hint}"
    del options[right]
    message = error_with(options)
    assert message.startswith(f"session_multi.a.{right} ")
    assert f" is missing: {use} needs a secret{hint} To create one, run: " in message


def test_the_secret_of_a_storage_is_not_that_of_a_cookie_session(error_with, hushed):
    """Beaker has two names for what signs: ``secret`` and ``validate_key``."""
    options = {k: v for k, v in hushed("cookie").items() if k != "validate_key"}
    assert error_with(options | {"secret": SECRET}).startswith(
        "session_multi.a.validate_key is missing: use = beaker needs a secret; its name is "
        "'validate_key', not 'secret'. To create one, run: "
    )


SHORT = HUSH * 3  # 27 bytes

TOO_SHORT = [
    ("signed_cookie", "secrets", SHORT, "it is 27 bytes long"),
    ("signed_cookie", "secrets", [SECRET, SHORT.encode()], "its secret 2 is 27 bytes long"),
    ("redis", "secret", SHORT, "it is 27 bytes long"),
    ("redis", "secret", SHORT.encode(), "it is 27 bytes long"),
    ("memory", "secret", SHORT, "it is 27 bytes long"),
    ("memory", "encrypt_key", SHORT, "it is 27 bytes long"),
    ("memory", "constant_csrf_token", SHORT, "it is 27 bytes long"),
    ("cookie", "validate_key", SHORT, "it is 27 bytes long"),
]


@pytest.mark.parametrize(("kind", "option", "value", "said"), TOO_SHORT)
def test_a_short_secret_is_an_error_with_its_length(error_with, hushed, kind, option, value, said):
    """For each of several secrets, with its position; 32 bytes are enough."""
    message = error_with(hushed(kind) | {option: value})
    assert message == (
        f"session_multi.a.{option} is too short: {said}; at least 32 are required, 64 recommended."
    )


@pytest.mark.parametrize("value", [f"{SECRET} {SHORT}", f"{SHORT}\n{SECRET}", "a secret sentence"])
def test_short_secrets_with_white_space_explain_the_split(error_with, hushed, value):
    """A sentence may have been meant as one secret."""
    message = error_with(hushed("signed_cookie", secrets=value))
    assert message.startswith("session_multi.a.secrets is too short: its secret ")
    assert message.endswith(
        " 64 recommended. White space separates secrets, so a secret cannot contain any."
    )


NO_SECRETS = [
    ("signed_cookie", "secrets", 12345, "an instance of builtins.int"),
    ("signed_cookie", "secrets", True, "an instance of builtins.bool"),
    ("signed_cookie", "secrets", {SECRET}, "an instance of builtins.set"),
    ("signed_cookie", "secrets", [SECRET, None], "an instance of builtins.NoneType"),
    ("nacl", "secret", 12345, "an instance of builtins.int"),
    ("redis", "secret", 12345, "an instance of builtins.int"),
    ("redis", "secret", [SECRET], "an instance of builtins.list"),
    ("memory", "encrypt_key", 1.5, "an instance of builtins.float"),
    ("cookie", "validate_key", object, "builtins.object"),
]


@pytest.mark.parametrize(("kind", "option", "value", "what"), NO_SECRETS)
def test_a_secret_that_is_not_text_is_named_by_its_type(
    error_with, hushed, kind, option, value, what
):
    """For settings from Python; the message names the option, not ``use``."""
    message = error_with(hushed(kind) | {option: value})
    assert message.startswith(f"session_multi.a.{option} takes ")
    assert message.endswith(f", not {what}.")


def test_a_key_for_nacl_that_is_too_short_is_named(error_with, hushed):
    """In settings from Python it is bytes."""
    message = error_with(hushed("nacl", secret=HUSH.encode()))
    assert message.startswith("session_multi.a.secret takes 64 hexadecimal digits")


def test_a_secret_of_none_counts_as_missing(words, hushed, package, start):
    """Unless a signer replaces it."""
    package.signer = JSONSerializer()
    signer = SignedSerializer(SECRET, "own", serializer=JSONSerializer())
    start(words(a=hushed("redis", secret=None, cookie_signer=signer)))


@pytest.mark.parametrize(("kind", "option"), [("signed_cookie", "secrets"), ("redis", "secret")])
def test_a_secret_of_32_bytes_is_enough(words, hushed, kind, option, start):
    """In the bytes that sign: WebOb encodes text as Latin-1 if possible, else as UTF-8."""
    for enough in ("x" * 32, "é" * 32, "€" * 11):
        start(words(a=hushed(kind) | {option: enough}))


@pytest.mark.parametrize(("kind", "option"), [("signed_cookie", "secrets"), ("redis", "secret")])
def test_bytes_that_do_not_sign_are_not_counted(error_with, hushed, kind, option):
    """These are 32 bytes of UTF-8, but WebOb signs with 16."""
    assert "is too short: it is 16 bytes long" in error_with(hushed(kind) | {option: "é" * 16})


def test_beakers_secret_is_counted_in_utf_8(words, hushed, start):
    """Beaker's encoding."""
    start(words(a=hushed("memory") | {"secret": "é" * 16}))


@pytest.mark.parametrize("kind", ["signed_cookie", "redis", "memory", "cookie"])
def test_a_secret_that_cannot_be_encoded_is_an_error(error_with, hushed, kind):
    """``os.environ`` has lone surrogates for bytes that are not UTF-8."""
    option = NEEDED[kind][0].split()[0].rpartition(".")[2]
    message = error_with(hushed(kind) | {option: "\udcff" * 64})
    assert message.startswith(f"session_multi.a.{option} holds surrogates")
    assert "os.environ" in message


@pytest.mark.parametrize("kind", ["nacl", "redis", "memory", "cookie"])
@pytest.mark.parametrize("several", [" ".join, "\n".join, list, tuple], ids=range(4))
def test_two_secrets_for_a_library_that_takes_one_are_an_error(error_with, hushed, kind, several):
    """The library would sign with both as one text and reject the old cookies."""
    option = NEEDED[kind][0].split()[0].rpartition(".")[2]
    options = hushed(kind)
    message = error_with(options | {option: several([options[option]] * 2)})
    start = f"session_multi.a.{option} holds 2 words, but use = {options['use']} takes one secret"
    assert message.startswith(start)
    assert "does not rotate secrets" in message


@pytest.mark.parametrize("value", [HUSH, SECRET, "0f" * 31, "0f" * 33, "0g" * 32, "0f" * 31 + "0"])
def test_nacls_secret_takes_64_hexadecimal_digits(error_with, hushed, value):
    """Neither more nor fewer, and nothing else."""
    assert error_with(hushed("nacl", secret=value)) == (
        "session_multi.a.secret takes 64 hexadecimal digits, which are 32 bytes."
    )


URLS = [
    f"http://user:{HUSH}@localhost/0",
    f"user:{HUSH}@localhost",
    f"redis://user:{HUSH}@localhost:port/0",
    f"redis://user:{HUSH}@[::1/0",
    f"redis://user:{HUSH}@localhost/0?socket_timeout=soon",
]


@pytest.mark.parametrize("url", URLS)
def test_an_invalid_url_is_not_shown(error_with, hushed, url):
    """It may hold a password; redis-py's own message is hidden as well."""
    assert error_with(hushed("redis", redis_url=url)) == (
        "session_multi.a.redis_url takes a url like redis://localhost:6379/0."
    )
