"""The doubles that the running test creates; the plugin checks them at the end of the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .dummy import DummySessionMulti

# The innermost test comes last: a test of a plugin can run another pytest in the same process.
_RUNNING_TESTS: list[list[DummySessionMulti]] = []


@contextmanager
def recorded_doubles() -> Iterator[list[DummySessionMulti]]:
    """Yield a list of all doubles that are created in the block; it grows as they are."""
    doubles: list[DummySessionMulti] = []
    _RUNNING_TESTS.append(doubles)
    try:
        yield doubles
    finally:
        _RUNNING_TESTS.remove(doubles)


def record(double: DummySessionMulti) -> None:
    """Add a double to the list of the running test; without the plugin there is no list."""
    if _RUNNING_TESTS:
        _RUNNING_TESTS[-1].append(double)
