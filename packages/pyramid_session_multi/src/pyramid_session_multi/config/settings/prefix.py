"""Which settings are this package's, and which were meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyramid.exceptions import ConfigurationError

from .global_settings import PREFIX

# How close a misspelling is: "session_mutli" is one, "session_cookie" is another package's prefix.
_TYPO_CUTOFF = 0.92


def check_prefixes(settings: Iterable[Any]) -> bool:
    """True if one of the settings is ours.

    :raises pyramid.exceptions.ConfigurationError: for a prefix that is nearly ours.
    """
    from difflib import get_close_matches  # a twentieth of the time to import this package

    prefix = PREFIX.rstrip(".")
    is_used = False
    for key in settings:
        first, dot, rest = key.partition(".") if isinstance(key, str) else ("", "", "")
        if first == prefix and dot:
            is_used = True
        elif dot and get_close_matches(first.lower(), [prefix], cutoff=_TYPO_CUTOFF):
            raise ConfigurationError(f"{key} is not a setting; did you mean {PREFIX}{rest}?")
    return is_used
