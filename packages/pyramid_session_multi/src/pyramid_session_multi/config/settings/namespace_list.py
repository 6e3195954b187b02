"""The namespaces that the settings list, each with its own options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.settings import aslist

from ...dotted_names import Resolver
from ...messages import did_you_mean, dotted_name, may_be_secret, shown
from .global_settings import PREFIX
from .namespace_settings import NamespaceSettings, use_choices
from .option_hints import COMMENT_PROBLEM

_GLOBAL_SETTINGS = ("namespaces", "vary", "isolation", "views")


def parse_namespaces(
    settings: Mapping[str, Any], resolver: Resolver
) -> Iterator[NamespaceSettings]:
    """Yield the settings of each namespace that ``session_multi.namespaces`` lists.

    :raises pyramid.exceptions.ConfigurationError: for a ``session_multi.*`` setting that does not
        belong to any of them.
    """
    names = _names(settings.get(f"{PREFIX}namespaces") or ())
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates:
        raise ConfigurationError(f"{PREFIX}namespaces lists {shown(duplicates[0])} more than once.")
    keys = {key.removeprefix(PREFIX): key for key in settings if _is_ours(key)}
    _check_global_settings(keys)
    options_by_name: dict[str, dict[str, Any]] = {name: {} for name in names}
    for key, setting in keys.items():
        if key not in _GLOBAL_SETTINGS:
            name, option = _split_key(key, names)
            options_by_name[name][option] = settings[setting]
    for name, options in options_by_name.items():
        if not options:
            prefix = f"{PREFIX}{'<namespace>' if may_be_secret(name) else name}"
            raise ConfigurationError(
                f"{PREFIX}namespaces lists {shown(name)}, but there are no settings {prefix}.*. "
                f"Add at least {prefix}.use, which takes {use_choices()}."
            )
        yield NamespaceSettings(name, options, resolver)


def _names(value: Any) -> list[str]:
    names = aslist(value) if isinstance(value, (str, list, tuple)) else [value]
    for name in names:
        if not isinstance(name, str):
            raise ConfigurationError(
                f"{PREFIX}namespaces takes names separated by white space, not {dotted_name(name)}."
            )
    if any(name.startswith(("#", ";")) for name in names):
        raise ConfigurationError(f"{PREFIX}namespaces {COMMENT_PROBLEM}.")
    if any("," in name for name in names):
        parts = re.findall(r"[^\s,]+", " ".join(names))
        corrected = "." if any(map(may_be_secret, parts)) else f": {' '.join(parts)}"
        raise ConfigurationError(
            f"{PREFIX}namespaces takes names separated by white space, not by commas{corrected}"
        )
    return names


def _split_key(key: str, names: Iterable[str]) -> tuple[str, str]:
    """Split a key into namespace and option."""
    for name in sorted(names, key=len, reverse=True):
        if key.startswith(f"{name}.") and key != f"{name}.":
            return name, key[len(name) + 1 :]
    name = key.partition(".")[0]
    raise ConfigurationError(
        f"{PREFIX}{key} is an option of a namespace that {PREFIX}namespaces does not list"
        f"{did_you_mean(name, names) or '.'} Add {name!r} to that list, or remove the option."
    )


def _is_ours(key: object) -> bool:
    return isinstance(key, str) and key.startswith(PREFIX)


def _check_global_settings(keys: Iterable[str]) -> None:
    # Before the options: if session_multi.namespaces itself is misspelled, no namespace is listed.
    for key in keys:
        if "." not in key and key not in _GLOBAL_SETTINGS:
            raise ConfigurationError(
                f"{PREFIX}{key} is not a setting{did_you_mean(key, _GLOBAL_SETTINGS) or '.'} The "
                f"settings are {', '.join(PREFIX + setting for setting in _GLOBAL_SETTINGS)} and "
                f"{PREFIX}<namespace>.<option>."
            )
