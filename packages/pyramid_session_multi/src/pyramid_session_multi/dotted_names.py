"""Dotted names in settings and calls: resolving them, and explaining why one does not resolve."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from .messages import closest_match, dotted_name, suggestion

# Turns a dotted name into the object that it names, as Configurator.maybe_dotted does.
Resolver = Callable[[str], Any]

_PART = re.compile(r"[^.:]+")


def resolve(resolver: Resolver, name: str, suggestions: Iterable[str] = ()) -> Any:
    """Resolve a dotted name.

    :param suggestions: full names to suggest when the last part of ``name`` is close to theirs.
    :raises ValueError: if it does not resolve; the message says which part is missing.
    """
    try:
        return resolver(name)
    except Exception as error:
        missing, match = _explain(resolver, name)
        hint = suggestion(match or suggested_name(name, suggestions))
        raise ValueError(f"{missing or f'{type(error).__name__}: {error}'}{hint}") from error


def suggested_name(name: str, suggestions: Iterable[str]) -> str | None:
    """The full name whose last part is close to that of ``name``."""
    by_last_part = {_PART.findall(full)[-1]: full for full in suggestions}
    last = (_PART.findall(name) or [""])[-1]
    return by_last_part.get(closest_match(last, by_last_part) or "")


def _explain(resolver: Resolver, name: str) -> tuple[str | None, str | None]:
    """Find the part that is missing in the longest prefix that resolves.

    :returns: a predicate that names the part, and a suggestion for the whole name. Both are
        ``None`` if no part is missing but a module fails to import.
    """
    for part in [] if name.startswith("..") else reversed([*_PART.finditer(name)]):
        prefix = name[: part.start()]
        if not prefix:
            break
        try:
            owner = resolver(prefix[:-1] or ".")
        except Exception:  # noqa: BLE001, S112 - a shorter prefix may resolve
            continue
        names = _names_below(owner)
        if part[0] in names:
            break
        is_module = isinstance(owner, ModuleType)
        owner_text = f"the module {owner.__name__!r}" if is_module else dotted_name(owner)
        match = closest_match(part[0], sorted(n for n in names if not n.startswith("_")))
        full_name = f"{prefix}{match}{name[part.end() :]}" if match else None
        return f"{owner_text} has no {part[0]!r}", full_name
    return None, None


def _names_below(owner: object) -> set[str]:
    """Attributes of an object, and submodules that have not been imported yet."""
    path = getattr(owner, "__path__", ()) if isinstance(owner, ModuleType) else ()
    return {*dir(owner), *(module.name for module in iter_modules(path))}
