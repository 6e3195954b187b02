"""Names for callables in messages, logs and pages: where they are defined, never what they hold.

A ``repr`` would do neither: that of a ``functools.partial`` prints its arguments, and among the
arguments of a session factory is the secret.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from difflib import get_close_matches


def describe(thing: object) -> str:
    """The dotted name of a callable, or of its class where it has no name of its own."""
    if isinstance(thing, functools.partial):
        return f"functools.partial of {describe(thing.func)}"
    name = getattr(thing, "__qualname__", None)
    if name is None:
        return f"an instance of {describe(type(thing))}"
    module = getattr(thing, "__module__", None)  # that of a builtin's method is None
    return f"{module}.{name}" if module else str(name)


def shown(thing: object) -> str:
    """What was given where a name should be: a ``str`` as it is, of anything else what it is."""
    return repr(thing) if type(thing) is str else describe(thing)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    found = get_close_matches(word, list(known), n=1)
    return found[0] if found else None


def quoted(names: Iterable[str]) -> str:
    """Names for a sentence: ``'a', 'b', 'c'``."""
    return ", ".join(map(repr, names))
