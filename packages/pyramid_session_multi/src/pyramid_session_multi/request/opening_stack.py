"""The namespaces that are being opened right now, to detect one that needs itself."""

from __future__ import annotations

from ..exceptions import RecursiveOpening

# The innermost first; a pair is created faster than a longer tuple.
OpeningStack = tuple[()] | tuple[str, "OpeningStack"]


def check_recursion(name: str, stack: OpeningStack) -> None:
    """Raise ``RecursiveOpening`` if the namespace is being opened already."""
    while stack:
        innermost, stack = stack
        if innermost == name:
            raise RecursiveOpening(name)
