"""The ``session_multi.*`` settings of an application, but for its namespaces."""

from __future__ import annotations

from collections.abc import Collection

from pyramid.exceptions import ConfigurationError
from pyramid.registry import Registry
from pyramid.settings import asbool, falsey, truthy

from ...libraries.options import near

PREFIX = "session_multi."


def vary(registry: Registry) -> bool:
    """``session_multi.vary``: do responses for which sessions were used say ``Vary: Cookie``?"""
    return bool(asbool(_word(registry, "vary", "true", truthy | falsey)))


def isolation(registry: Registry) -> str:
    """``session_multi.isolation``: what happens when sessions accept each other's cookies?"""
    return _word(registry, "isolation", "error", ("error", "warn", "off"))


def _word(registry: Registry, setting: str, default: str, allowed: Collection[str]) -> str:
    value = str((registry.settings or {}).get(PREFIX + setting, default)).strip().lower()
    if value not in allowed:
        takes = "true or false" if "true" in allowed else _either(*allowed)
        problem = f"takes {takes}, not {value!r}{near(value, allowed) or '.'}"
        raise ConfigurationError(f"{PREFIX}{setting} {problem}")
    return value


def _either(*words: str) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
