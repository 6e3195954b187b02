"""Dotted names in the settings: what they name, and what is missing where they name nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from .messages import describe, nearest

# A part of a dotted name.
_PART = re.compile(r"[^.:]+")


def found(resolve: Callable[[str], Any], name: str, known: Iterable[str] = ()) -> Any:
    """What a dotted name names, or a ``ValueError`` that says what is missing, with the near miss.

    :param known: names that may be meant where the last part of this one is like theirs.
    """
    try:
        return resolve(name)
    except Exception as error:
        missing, meant = _missing(resolve, name)
        by_last_part = {_PART.findall(one)[-1]: one for one in known}
        last = (_PART.findall(name) or [""])[-1]
        meant = meant or by_last_part.get(nearest(last, by_last_part) or "")
        hint = f"; did you mean {meant!r}?" if meant else ""
        raise ValueError(f"{missing or f'{type(error).__name__}: {error}'}{hint}") from error


def _missing(resolve: Callable[[str], Any], name: str) -> tuple[str | None, str | None]:
    """What the longest beginning of a name that is there does not have; and what may be meant.

    Two ``None`` where it is not that, but a module that cannot be imported.
    """
    for part in [] if name.startswith("..") else reversed([*_PART.finditer(name)]):
        beginning = name[: part.start()]
        if not beginning:
            break
        try:
            owner = resolve(beginning[:-1] or ".")
        except Exception:  # noqa: BLE001, S112 - a shorter one may be there
            continue
        names = _names_in(owner)
        if part[0] in names:
            break
        module = isinstance(owner, ModuleType)
        what = f"the module {owner.__name__!r}" if module else describe(owner)
        meant = nearest(part[0], sorted(name for name in names if not name.startswith("_")))
        near_miss = f"{beginning}{meant}{name[part.end() :]}" if meant else None
        return f"{what} has no {part[0]!r}", near_miss
    return None, None


def _names_in(owner: object) -> set[str]:
    """What can stand behind the dot: attributes, and modules that nobody imported yet."""
    path = getattr(owner, "__path__", ()) if isinstance(owner, ModuleType) else ()
    return {*dir(owner), *(module.name for module in iter_modules(path))}
