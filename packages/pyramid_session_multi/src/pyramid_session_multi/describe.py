"""Names for callables in messages, logs and pages: where they are defined, never what they hold.

A ``repr`` would do neither: that of a ``functools.partial`` prints its arguments, and among the
arguments of a session factory is the secret.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable


def describe(thing: object) -> str:
    """The dotted name of a callable, or of its class where it has no name of its own."""
    if isinstance(thing, functools.partial):
        return f"functools.partial of {describe(thing.func)}"
    name = getattr(thing, "__qualname__", None)
    if name is None:
        return f"an instance of {describe(type(thing))}"
    return f"{thing.__module__}.{name}"


def quoted(names: Iterable[str]) -> str:
    """Names for a sentence: ``'a', 'b', 'c'``."""
    return ", ".join(map(repr, names))
