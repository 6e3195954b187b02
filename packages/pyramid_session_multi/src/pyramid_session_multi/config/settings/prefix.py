"""The prefix of this package's settings, and misspellings of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyramid.exceptions import ConfigurationError

from ...messages import closest_match
from .global_settings import PREFIX

# "session_mutli" is above it, "session_cookie", which may be another package's prefix, below.
_TYPO_CUTOFF = 0.92


def check_prefixes(settings: Iterable[Any]) -> bool:
    """True if one of the settings is ours.

    :raises pyramid.exceptions.ConfigurationError: for a prefix that is ours misspelled.
    """
    prefix = PREFIX.rstrip(".")
    is_used = False
    for key in settings:
        first, dot, rest = key.partition(".") if isinstance(key, str) else ("", "", "")
        if first == prefix and dot:
            is_used = True
        elif dot and closest_match(first.lower(), [prefix], _TYPO_CUTOFF):
            raise ConfigurationError(f"{key} is not a setting; did you mean {PREFIX}{rest}?")
    return is_used
