"""Namespaces from the settings, as an .ini file gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.settings import aslist

from ...libraries.options import Resolve, near
from ...messages import describe
from .global_settings import PREFIX
from .namespace_settings import NamespaceSettings, uses

_SCALARS = ("namespaces", "vary", "isolation")

# How like the prefix is a misspelt one: "session_mutli" is, "session_cookie" is another's.
_MISSPELT = 0.92


def namespaces_in(settings: Mapping[str, Any], resolve: Resolve) -> Iterator[NamespaceSettings]:
    """The namespaces that the settings list, or a ``ConfigurationError`` for what is left over."""
    _refuse_misspelt_prefix(settings)
    names = _names(settings.get(f"{PREFIX}namespaces") or ())
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(f"{PREFIX}namespaces lists {twice[0]!r} more than once.")
    given: dict[str, dict[str, Any]] = {name: {} for name in names}
    for key, value in settings.items():
        if isinstance(key, str) and key.startswith(PREFIX):
            name, option = _split(key.removeprefix(PREFIX), names)
            if option:
                given[name][option] = value
    for name, options in given.items():
        if not options:
            raise ConfigurationError(
                f"{PREFIX}namespaces lists {name!r}, but there are no options "
                f"{PREFIX}{name}.*: {PREFIX}{name}.use takes {uses()}."
            )
        yield NamespaceSettings(name, options, resolve)


def _refuse_misspelt_prefix(settings: Iterable[Any]) -> None:
    prefix = PREFIX.rstrip(".")
    for key in settings:
        first, dot, rest = key.partition(".") if isinstance(key, str) else ("", "", "")
        like = dot and get_close_matches(first.lower(), [prefix], cutoff=_MISSPELT)
        if like and first != prefix:
            raise ConfigurationError(f"{key} is no setting; did you mean {PREFIX}{rest}?")


def _names(listed: Any) -> list[str]:
    names = aslist(listed) if isinstance(listed, (str, list, tuple)) else [listed]
    for name in names:
        if not isinstance(name, str):
            raise ConfigurationError(
                f"{PREFIX}namespaces takes names separated by white space, not {describe(name)}."
            )
    if any("," in name for name in names):
        cured = " ".join(re.findall(r"[^\s,]+", " ".join(names)))
        raise ConfigurationError(
            f"{PREFIX}namespaces takes names separated by white space, without commas: {cured}"
        )
    return names


def _split(key: str, names: Iterable[str]) -> tuple[str, str]:
    """Namespace and option; no option for a setting that is no namespace's."""
    for name in sorted(names, key=len, reverse=True):
        if key.startswith(f"{name}.") and key != f"{name}.":
            return name, key[len(name) + 1 :]
    if key in _SCALARS:
        return "", ""
    if "." in key:
        name = key.partition(".")[0]
        raise ConfigurationError(
            f"{PREFIX}{key} is an option of a namespace that {PREFIX}namespaces does not list"
            f"{near(name, names) or '.'} Add {name!r} to it, or remove the option."
        )
    raise ConfigurationError(
        f"{PREFIX}{key} is no setting{near(key, _SCALARS) or '.'} There are "
        f"{', '.join(PREFIX + scalar for scalar in _SCALARS)} and {PREFIX}<namespace>.<option>."
    )
