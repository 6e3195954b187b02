"""Makers: functions of session libraries that create factories, which people forget to call."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from ..messages import defined_name, dotted_name
from . import backends
from .session_library import SessionLibrary


def uncalled_maker(candidate: object, libraries: Sequence[SessionLibrary] = ()) -> str | None:
    """The dotted name of the maker that was passed in place of a factory that it creates.

    :param candidate: a session factory, or a maker, also inside a ``functools.partial``.
    :param libraries: the descriptions that the application registered.
    """
    while isinstance(candidate, functools.partial):
        candidate = candidate.func
    name = defined_name(candidate)
    is_maker = any(name in library.makers for library in (*libraries, *_builtin_libraries()))
    return dotted_name(candidate) if is_maker else None


def call_first(maker: str) -> str:
    """The end of a sentence about a maker that was not called."""
    function = maker.rpartition(".")[2]
    return (
        f"{maker} itself, which creates session factories: call it first, and pass the factory "
        f"that {function}(...) returns"
    )


@functools.cache
def _builtin_libraries() -> tuple[SessionLibrary, ...]:
    names = (f"{backends.__name__}.{file.name}" for file in iter_modules(backends.__path__))
    return tuple(import_module(name).LIBRARY for name in names)
