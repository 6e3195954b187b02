"""The objects that a callable holds: in its closure, its arguments and its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from types import FunctionType, MethodType
from typing import Any


def callable_contents(candidate: Any) -> Iterator[Any]:
    """The objects that a callable holds; none for a class, which holds none for one request."""
    if isinstance(candidate, MethodType):
        yield from (candidate.__self__, candidate.__func__)
    elif isinstance(candidate, partial):
        yield from (candidate.func, *candidate.args, *candidate.keywords.values())
    elif isinstance(candidate, FunctionType):
        yield from closure_contents(candidate)
        yield from candidate.__defaults__ or ()
        yield from (candidate.__kwdefaults__ or {}).values()
    elif not isinstance(candidate, type):
        yield from getattr(candidate, "__dict__", {}).values()


def closure_contents(function: FunctionType) -> Iterator[Any]:
    """The objects in a function's closure."""
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a cell that is still empty
            yield cell.cell_contents
