"""A secret in the place of a name: neither the message nor the traceback shows it."""

from __future__ import annotations

import traceback

import pytest
from pyramid.exceptions import ConfigurationError

SECRETS = ["hush-hush" * 8, "hush" * 16, "hush hush." * 8, "a.hush-hush.b" * 5, "hush.0f:" * 6]

OPTIONS = [
    ("signed_cookie", "use"),
    ("signed_cookie", "discriminator"),
    ("signed_cookie", "serializer"),
    ("signed_cookie", "samesite"),
    ("signed_cookie", "hashalg"),
    ("signed_cookie", "secure"),
    ("signed_cookie", "timeout"),
    ("nacl", "serializer"),
    ("redis", "cookie_signer"),
    ("redis", "id_generator"),
    ("memory", "type"),
    ("memory", "crypto_type"),
]


@pytest.fixture
def report(start):
    """The traceback of the ``ConfigurationError``, without our own sources."""

    def report(settings):
        with pytest.raises(ConfigurationError) as caught:
            start(settings)
        return "".join(traceback.format_exception(caught.value))

    return report


@pytest.mark.parametrize("secret", SECRETS, ids=range(5))
@pytest.mark.parametrize(("kind", "option"), OPTIONS)
def test_a_secret_in_an_option_is_not_shown(report, words, minimal, kind, option, secret):
    """A line was pasted into another one."""
    text = report(words(a=minimal(kind) | {option: secret}))
    assert f"session_multi.a.{option} " in text
    assert "hush" not in text


@pytest.mark.parametrize("setting", ["namespaces", "isolation", "vary"])
@pytest.mark.parametrize("secret", [text for text in SECRETS if " " not in text], ids=range(4))
def test_a_secret_in_a_global_setting_is_not_shown(report, words, minimal, setting, secret):
    """Also if it is listed twice."""
    settings = words(a=minimal("signed_cookie"))
    assert "hush" not in report(settings | {f"session_multi.{setting}": secret})
    assert "hush" not in report(settings | {f"session_multi.{setting}": f"{secret} {secret}"})


@pytest.mark.parametrize("secret", [text for text in SECRETS if " " not in text], ids=range(4))
def test_a_secret_in_a_list_with_commas_is_not_shown(report, secret):
    """The message leaves the corrected list out."""
    text = report({"session_multi.namespaces": f"a,{secret}"})
    assert text.endswith(" takes names separated by white space, not by commas.\n")
    assert "hush" not in text


def test_a_short_name_is_shown(error_with, hushed):
    """Secrets have at least 32 bytes, so this is a misspelled name."""
    assert "not 'sigend_cookie'" in error_with(hushed("signed_cookie") | {"use": "sigend_cookie"})
