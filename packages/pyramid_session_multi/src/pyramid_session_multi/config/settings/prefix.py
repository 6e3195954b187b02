"""The prefix of this package's settings, and misspellings of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyramid.exceptions import ConfigurationError

from .global_settings import PREFIX

# "session_mutli" is above it, "session_cookie", which may be another package's prefix, below.
_TYPO_CUTOFF = 0.92


def check_prefixes(settings: Iterable[Any]) -> bool:
    """True if one of the settings is ours.

    :raises pyramid.exceptions.ConfigurationError: for a prefix that is ours misspelled.
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
