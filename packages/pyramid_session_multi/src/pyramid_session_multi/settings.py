"""The ``session_multi.*`` settings of an application, but for its namespaces."""

from __future__ import annotations

from collections.abc import Collection

from pyramid.exceptions import ConfigurationError
from pyramid.registry import Registry
from pyramid.settings import asbool, falsey, truthy

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
        words = "true or false" if "true" in allowed else " or ".join(allowed)
        raise ConfigurationError(f"{PREFIX}{setting} takes {words}, not {value!r}.")
    return value
