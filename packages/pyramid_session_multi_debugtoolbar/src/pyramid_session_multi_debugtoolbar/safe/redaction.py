"""Redaction: hiding the values of keys that suggest a secret."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..limits import MAX_LINE_CHARS

# Anywhere in a key, after lower-casing it and removing separators.
_SECRET_SUBSTRING = re.compile(
    "passw|passphrase|secret|token|credential|apikey|accesskey|privatekey|signingkey"
    "|encryptionkey|sessionkey|sessionid|authorization|bearer|csrf|xsrf|cardnumber|creditcard"
)

# Only as separate words: "pin" in "shipping" means nothing.
_SECRET_WORDS = frozenset(
    ["pwd", "pw", "pass", "pin", "otp", "totp", "jwt", "sid", "cvv", "cvc", "ssn", "iban", "nonce"]
)
_WORD_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def looks_secret(key: Any) -> bool:
    """True if the value of this key should not be shown."""
    cls = type(key)
    if issubclass(cls, str):
        return _looks_secret(str.__getitem__(key, slice(0, MAX_LINE_CHARS)))
    if issubclass(cls, bytes):
        return _looks_secret(bytes.__getitem__(key, slice(0, MAX_LINE_CHARS)).decode("latin-1"))
    return False


@lru_cache(maxsize=500)
def _looks_secret(text: str) -> bool:
    if _SECRET_SUBSTRING.search(re.sub(r"[\W_]+", "", text).lower()):
        return True
    return any(word.lower() in _SECRET_WORDS for word in _WORD_SPLIT.findall(text))
