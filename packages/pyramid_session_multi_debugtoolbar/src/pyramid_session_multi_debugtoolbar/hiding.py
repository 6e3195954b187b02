"""Which values are hidden: those whose key looks like a secret's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# Anywhere in a key, once it is written in small letters and without separators.
_ANYWHERE = re.compile(
    "passw|passphrase|secret|token|credential|apikey|accesskey|privatekey|secretkey|signingkey"
    "|encryptionkey|sessionkey|sessionid|authorization|bearer|csrf|xsrf|cardnumber|creditcard"
)

# As a word of its own: inside another it means nothing, as "pin" in "shipping".
_WORDS = frozenset(
    ["pwd", "pw", "pass", "pin", "otp", "totp", "jwt", "sid", "cvv", "cvc", "ssn", "iban", "nonce"]
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# A longer key is nobody's name for a secret.
_LONGEST = 200


def looks_secret(key: Any) -> bool:
    """Would the value of this key better not be shown?"""
    kind = type(key)
    if issubclass(kind, str):
        return _looks_secret(str.__getitem__(key, slice(0, _LONGEST)))
    if issubclass(kind, bytes):
        return _looks_secret(bytes.__getitem__(key, slice(0, _LONGEST)).decode("latin-1"))
    return False


@lru_cache(maxsize=500)
def _looks_secret(text: str) -> bool:
    if _ANYWHERE.search(re.sub(r"[\W_]+", "", text).lower()):
        return True
    return any(word.lower() in _WORDS for word in _WORD.findall(text))
