"""Wording shared by messages, logs and pages: names of callables, quoted lists, did-you-mean.

Callables are named by where they are imported from. A ``repr`` is never used for them: that of a
``functools.partial`` prints its arguments, and a session factory's arguments hold the secret.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterable
from typing import Any

# The delimiters of dotted names.
_NAME_PART = re.compile(r"[.:]+")

# A secret has 32 bytes or more; a name of one part is rarely that long.
_MAX_NAME_LENGTH = 31


def dotted_name(thing: object) -> str:
    """The dotted name of a callable, or of its class if it has no name of its own.

    It is the shortest name under which the thing can be imported, as its author probably wrote it.
    """
    if isinstance(thing, functools.partial):
        return f"functools.partial of {dotted_name(thing.func)}"
    name = getattr(thing, "__qualname__", None)
    if name is None:
        return f"an instance of {dotted_name(type(thing))}"
    parts = str(getattr(thing, "__module__", None)).split(".")
    for length in range(1, len(parts)):
        package = ".".join(parts[:length])
        # Not getattr, which might import a submodule or run the package's code.
        if vars(sys.modules.get(package, object)).get(name) is thing:
            return f"{package}.{name}"
    return defined_name(thing)


def defined_name(function: object) -> str:
    """The dotted name of a function or class where it is defined."""
    name = getattr(function, "__qualname__", "")
    module = getattr(function, "__module__", None)  # that of a builtin's method is None
    return f"{module}.{name}" if module else str(name)


def str_or_type(thing: object) -> str:
    """A str as :func:`shown` does; for anything else its dotted type: a repr may hold secrets."""
    return shown(thing) if type(thing) is str else dotted_name(thing)


def shown(text: str) -> str:
    """``repr`` of a text, or only its length if it may be a secret in the wrong place."""
    if may_be_secret(text):
        return f"<{len(text)} characters, not shown because they may be a secret>"
    return repr(text)


def may_be_secret(text: str) -> bool:
    """True for a long text that is not a dotted name of parts of usual length."""
    parts = _NAME_PART.split(text) if len(text) > _MAX_NAME_LENGTH else ()
    return any(
        len(part) > _MAX_NAME_LENGTH or not (part.isidentifier() or part == "") for part in parts
    )


def call_location(action_info: Any) -> str:
    """``file:line`` of a directive's call; the text of an ``action_info`` that has no file."""
    file = getattr(action_info, "file", None)
    return f"{file}:{action_info.line}" if file else str(action_info).strip()


def closest_match(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The candidate that was probably meant."""
    from difflib import get_close_matches  # only errors need it

    matches = get_close_matches(word, list(candidates), 1, cutoff)
    return matches[0] if matches else None


def did_you_mean(word: str, candidates: Iterable[str], question: str = "; did you mean") -> str:
    """``; did you mean 'x'?`` for the end of a sentence; empty if nothing is close."""
    return suggestion(closest_match(word, candidates), question)


def suggestion(match: str | None, question: str = "; did you mean") -> str:
    """``; did you mean 'x'?`` for a match; empty if there is none."""
    return f"{question} {match!r}?" if match else ""


def quoted(names: Iterable[str]) -> str:
    """Names for a sentence: ``'a', 'b', 'c'``."""
    return ", ".join(map(repr, names))
