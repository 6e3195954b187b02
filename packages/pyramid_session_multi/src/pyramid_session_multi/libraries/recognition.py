"""Recognition: which described session library made a factory, and which cookie it uses."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType
from typing import Any, NamedTuple

from . import backends
from .session_library import SessionLibrary

# A wrapper in a wrapper is met in practice. Deeper, a closure says little about the result.
_MAX_DEPTH = 4

# The attribute with the cookie's name in factories of libraries that are not described.
_COOKIE_NAMES = {
    "pyramid_dynamodb_sessions": "cookie_name",
    "pyramid_kvs": "key_name",
    "pyramid_kvs2": "key_name",
}


class Recognized(NamedTuple):
    """A library's factory inside a registered one, and the description of the library."""

    session_library: SessionLibrary
    factory: Callable[..., Any]


def recognize(
    registered: Callable[..., Any], libraries: Sequence[SessionLibrary] = ()
) -> Recognized | None:
    """Find the one described factory in ``registered``: itself, its base, or what it wraps.

    The search looks through subclasses, ``functools.partial``, objects that hold a factory, and
    functions that call one from their closure or their module.

    :param libraries: the descriptions that the application registered; they come first.
    :returns: ``None`` if there is none, and if there are several: which of them makes the session
        is then unknown.
    """
    search = _Search(libraries)
    search.collect(registered, _MAX_DEPTH)
    return next(iter(search.results.values())) if len(search.results) == 1 else None


def cookie_name_of(factory: Callable[..., Any], recognized: Recognized | None) -> str | None:
    """The cookie name that a factory uses; ``None`` if only an opened session would show it."""
    name = getattr(factory, "_cookie_name", None)
    if isinstance(name, str):
        return name
    if recognized is not None:
        return recognized.session_library.cookie_name(recognized.factory)
    for package in _packages(factory):
        name = getattr(factory, _COOKIE_NAMES.get(package, ""), None)
        if isinstance(name, str):  # pyramid_kvs2 has a list of headers in its header mode
            return name
    return None


class _Search:
    def __init__(self, libraries: Sequence[SessionLibrary]) -> None:
        self.libraries = libraries
        self.results: dict[int, Recognized] = {}
        self.seen: set[int] = set()

    def collect(self, candidate: object, depth: int) -> None:
        if id(candidate) in self.seen or not callable(candidate):
            return
        self.seen.add(id(candidate))
        library = self.session_library_of(candidate)
        if library is not None:
            self.results[id(candidate)] = Recognized(library, candidate)
        elif depth:
            for inner in self.parts(candidate):
                self.collect(inner, depth - 1)

    def session_library_of(self, candidate: Callable[..., Any]) -> SessionLibrary | None:
        for library in self.libraries:
            if library.recognizes_factory(candidate):
                return library
        for package in _packages(candidate):
            built_in = _builtin_library(package)
            if built_in is not None and built_in.recognizes_factory(candidate):
                return built_in
        return None

    def parts(self, candidate: Callable[..., Any]) -> Iterator[object]:
        """The objects that a callable is made of."""
        if isinstance(candidate, functools.partial):
            yield candidate.func
        elif inspect.isfunction(candidate):
            yield from _closure(candidate)
            yield from self.factories_in_module(candidate)
        elif not isinstance(candidate, type):
            owner = getattr(candidate, "__self__", candidate)  # a bound method's object
            yield from getattr(owner, "__dict__", {}).values()

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
def _builtin_library(package: str) -> SessionLibrary | None:
    name = f"{backends.__name__}.{package}"
    if not package.isidentifier() or find_spec(name) is None:
        return None
    library: SessionLibrary | None = getattr(import_module(name), "LIBRARY", None)
    return library


def _closure(function: FunctionType) -> Iterator[object]:
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a cell that is still empty
            yield cell.cell_contents
