"""Kinds of session factories: those that one function or one class has created."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import FunctionType
from typing import Any

from ..libraries.callable_contents import callable_contents

# Bounds of the search: the depth of factories in each other, and the number of objects.
_MAX_DEPTH = 4
_MAX_OBJECTS = 500


def are_of_one_kind(factory: Any, other: Any) -> bool:
    """True if both factories have one kind, or if one of them holds a factory like the other."""
    return _kind(factory) in _kinds(other) or _kind(other) in _kinds(factory)


def _kinds(factory: Any) -> set[object]:
    """The kinds of a factory, and of the callables in it."""
    kinds, seen_ids, pending = set[object](), set[int](), [(factory, 0)]
    while pending and len(seen_ids) < _MAX_OBJECTS:
        candidate, depth = pending.pop(0)
        if callable(candidate) and id(candidate) not in seen_ids:
            seen_ids.add(id(candidate))
            kinds |= {_kind(candidate), *map(_kind, _global_callables(candidate))}
            if depth < _MAX_DEPTH:
                pending += [(each, depth + 1) for each in callable_contents(candidate)]
    return kinds


def _global_callables(candidate: Any) -> Iterator[Any]:
    # Their own contents are left out: these functions call half the program.
    if isinstance(candidate, FunctionType):
        values = map(candidate.__globals__.get, candidate.__code__.co_names)
        yield from filter(callable, values)


def _kind(factory: Any) -> object:
    """A token that is equal for factories which one function, or one class, created."""
    if isinstance(factory, partial):
        return _kind(factory.func)
    factory = getattr(factory, "__func__", factory)  # of a bound method
    if isinstance(factory, type):
        return factory.__module__, factory.__qualname__
    return getattr(factory, "__code__", type(factory))
