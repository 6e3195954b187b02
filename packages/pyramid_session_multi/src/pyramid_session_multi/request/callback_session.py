"""The session that a response callback belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..libraries.callable_contents import callable_contents
from ..registry.session_callbacks import SessionCallback

# Bounds of the search: the depth of callables in each other, and the number of objects.
MAX_DEPTH = 4
MAX_OBJECTS = 200


def names_of_callback(callback: Any, sessions: Mapping[str, Any]) -> list[str]:
    """The namespaces whose session the callback holds; empty if it holds none.

    A callback holds the objects in its closure, its ``__self__``, its arguments and its attributes.

    :param sessions: the sessions that are open, by namespace.
    """
    if isinstance(callback, SessionCallback):
        return [callback.name]
    by_id = {id(session): name for name, session in sessions.items() if session is not None}
    names, visited = set[str](), set[int]()
    pending = [(callback, 0)]
    while pending and len(visited) < MAX_OBJECTS:
        candidate, depth = pending.pop()
        if id(candidate) in by_id:
            names.add(by_id[id(candidate)])
        elif depth < MAX_DEPTH and callable(candidate) and id(candidate) not in visited:
            visited.add(id(candidate))
            pending += [(each, depth + 1) for each in callable_contents(candidate)]
    return [name for name in sessions if name in names]
