"""Wording shared by messages, logs and pages: names of callables, quoted lists, did-you-mean.

Callables are named by where they are defined. A ``repr`` is never used for them: that of a
``functools.partial`` prints its arguments, and a session factory's arguments hold the secret.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any


def dotted_name(thing: object) -> str:
    """The dotted name of a callable, or of its class if it has no name of its own."""
    if isinstance(thing, functools.partial):
        return f"functools.partial of {dotted_name(thing.func)}"
    name = getattr(thing, "__qualname__", None)
    if name is None:
        return f"an instance of {dotted_name(type(thing))}"
    module = getattr(thing, "__module__", None)  # that of a builtin's method is None
    return f"{module}.{name}" if module else str(name)


def str_or_type(thing: object) -> str:
    """``repr`` of a str; for anything else its dotted type, since a repr may contain secrets."""
    return repr(thing) if type(thing) is str else dotted_name(thing)


def call_location(action_info: Any) -> str:
    """``file:line`` of a directive's call, from its ``action_info``; else what it says."""
    file = getattr(action_info, "file", None)
    return f"{file}:{action_info.line}" if file else str(action_info).strip()


def closest_match(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant."""
    from difflib import get_close_matches  # only errors need it

    matches = get_close_matches(word, list(candidates), n=1)
    return matches[0] if matches else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """``; did you mean 'x'?`` for the end of a sentence; empty if nothing is close."""
    match = closest_match(word, candidates)
    return f"; did you mean {match!r}?" if match else ""


def quoted(names: Iterable[str]) -> str:
    """Names for a sentence: ``'a', 'b', 'c'``."""
    return ", ".join(map(repr, names))
