"""The prefix of the settings, and those that are not about one namespace, like ``.vary``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.registry import Registry
from pyramid.settings import asbool, falsey, truthy

from ...messages import closest_match, did_you_mean, shown

PREFIX = "session_multi."

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


def vary(registry: Registry) -> bool:
    """``session_multi.vary``: true if responses that used sessions say ``Vary: Cookie``."""
    return bool(asbool(_choice(registry, "vary", "true", truthy | falsey)))


def isolation(registry: Registry) -> str:
    """``session_multi.isolation``: the reaction to sessions that accept each other's cookies."""
    return _choice(registry, "isolation", "error", ("error", "warn", "off"))


def views(registry: Registry) -> str:
    """``session_multi.views``: the namespaces that a view without the view option can open."""
    return _choice(registry, "views", "any", ("any", "declared"))


def _choice(registry: Registry, setting: str, default: str, choices: Collection[str]) -> str:
    value = str((registry.settings or {}).get(PREFIX + setting, default)).strip().lower()
    if value not in choices:
        *others, last = choices
        expected = "true or false" if "true" in choices else f"{', '.join(others)} or {last}"
        problem = f"takes {expected}, not {shown(value)}{did_you_mean(value, choices) or '.'}"
        raise ConfigurationError(f"{PREFIX}{setting} {problem}")
    return value
