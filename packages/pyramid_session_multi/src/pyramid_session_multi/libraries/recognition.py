"""Finds what is known of the session library that a factory comes from.

A file here is named after the package that it describes. It holds a ``LIBRARY``, which knows its
factories and sessions, or ``MAKERS`` of factories for the settings, or both. It is imported when
the first factory of that package is registered, or the first namespace from the settings, and
imports the package itself only where a session of it exists already.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import FunctionType
from typing import Any, NamedTuple

from . import backends
from .factory_builders import Maker
from .session_library import SessionLibrary

# A wrapper in a wrapper is met in practice; deeper, a function's closure says little of its result.
_DEPTH = 4

# Where factories of other libraries keep the name of their cookie; no more is known of these.
_COOKIE_NAMES = {"pyramid_dynamodb_sessions": "cookie_name", "pyramid_kvs2": "key_name"}


class Recognized(NamedTuple):
    """A factory inside what was registered, and the library that made it."""

    session_library: SessionLibrary
    factory: Callable[..., Any]


def recognize(
    registered: Callable[..., Any], described: Sequence[SessionLibrary] = ()
) -> Recognized | None:
    """The one known factory in ``registered``: itself, what it derives from, or what it wraps.

    Subclasses, ``functools.partial``, objects that hold a factory, and functions that call one
    from their closure or their module are looked through. ``None`` when there is none, and also
    when there are several: which of them makes the session can then not be told.

    :param described: the libraries that the application itself described, asked first.
    """
    search = _Search(described)
    search.collect(registered, _DEPTH)
    return next(iter(search.found.values())) if len(search.found) == 1 else None


def cookie_name_of(factory: Callable[..., Any], recognized: Recognized | None) -> str | None:
    """The cookie name that a factory uses, as far as can be told without opening a session."""
    declared = getattr(factory, "_cookie_name", None)
    if isinstance(declared, str):
        return declared
    if recognized is not None:
        return recognized.session_library.cookie_name(recognized.factory)
    for package in _packages(factory):
        name = getattr(factory, _COOKIE_NAMES.get(package, ""), None)
        if isinstance(name, str):  # pyramid_kvs2 has a list of headers in its header mode
            return name
    return None


class _Search:
    def __init__(self, described: Sequence[SessionLibrary]) -> None:
        self.described = described
        self.found: dict[int, Recognized] = {}
        self.seen: set[int] = set()

    def collect(self, candidate: object, depth: int) -> None:
        if id(candidate) in self.seen or not callable(candidate):
            return
        self.seen.add(id(candidate))
        library = self.session_library_of(candidate)
        if library is not None:
            self.found[id(candidate)] = Recognized(library, candidate)
        elif depth:
            for inner in self.inside(candidate):
                self.collect(inner, depth - 1)

    def session_library_of(self, candidate: Callable[..., Any]) -> SessionLibrary | None:
        for library in self.described:
            if library.recognizes_factory(candidate):
                return library
        for package in _packages(candidate):
            built_in = _built_in(package)
            if built_in is not None and built_in.recognizes_factory(candidate):
                return built_in
        return None

    def inside(self, candidate: Callable[..., Any]) -> Iterator[object]:
        """What a callable was made from."""
        if isinstance(candidate, functools.partial):
            yield candidate.func
        elif inspect.isfunction(candidate):
            yield from _closure(candidate)
            yield from self.factories_in_module(candidate)
        elif not isinstance(candidate, type):
            holder = getattr(candidate, "__self__", candidate)  # a bound method's object
            yield from getattr(holder, "__dict__", {}).values()

    def factories_in_module(self, function: FunctionType) -> Iterator[object]:
        # Only factories themselves: following the functions it calls reaches half the program.
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            if callable(value) and self.session_library_of(value) is not None:
                yield value


def _packages(candidate: Callable[..., Any]) -> Iterable[str]:
    classes = inspect.getmro(candidate if isinstance(candidate, type) else type(candidate))
    modules = [getattr(candidate, "__module__", None), *(cls.__module__ for cls in classes)]
    return dict.fromkeys(m.partition(".")[0] for m in modules if isinstance(m, str))


@functools.cache
def makers() -> dict[str, Maker]:
    """What can stand after ``use =`` in the settings, by its word."""
    return {
        maker.use: maker
        for file in iter_modules(backends.__path__)
        for maker in getattr(import_module(f"{backends.__name__}.{file.name}"), "MAKERS", ())
    }


@functools.cache
def _built_in(package: str) -> SessionLibrary | None:
    name = f"{backends.__name__}.{package}"
    if not package.isidentifier() or find_spec(name) is None:
        return None
    library: SessionLibrary | None = getattr(import_module(name), "LIBRARY", None)
    return library


def _closure(function: FunctionType) -> Iterator[object]:
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a cell that nothing was put into yet
            yield cell.cell_contents
