"""What is being opened, and inside of what: a namespace cannot be built on itself."""

from __future__ import annotations

from ..exceptions import RecursiveOpening

# The innermost first; a pair is made faster than a longer tuple.
Opening = tuple[()] | tuple[str, "Opening"]


def refuse_recursion(namespace: str, opening: Opening) -> None:
    """Raise a ``RecursiveOpening`` where the namespace is among them."""
    while opening:
        inner, opening = opening
        if inner == namespace:
            raise RecursiveOpening(namespace)
