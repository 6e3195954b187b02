"""Recognition: which described session library made a factory, and which cookie it uses."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType
from typing import Any, NamedTuple

from . import backends
from .callable_contents import callable_contents
from .session_library import SessionLibrary

# Wrappers in wrappers exist in practice. Deeper, a closure says little about the session.
_MAX_DEPTH = 4

# Lists and dicts are left out: the application may change what is in them.
_CONTAINERS = (frozenset, tuple)
_MAX_CONTENTS = 100

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
) -> tuple[Recognized, ...]:
    """Find the described factories in ``registered``: itself, its base, or those that it holds.

    The search looks through subclasses, ``functools.partial``, objects that hold a factory, and
    functions that have one in their closure, their defaults or their module. If it finds several,
    only the request will show which of them creates the session.

    :param libraries: the descriptions that the application registered; they come first.
    """
    search = _Search(libraries)
    search.run(registered)
    return tuple(search.results.values())


def cookie_name_of(factory: Callable[..., Any], recognized: Recognized | None) -> str | None:
    """The cookie name that a factory uses; ``None`` if only an opened session would reveal it."""
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


def is_built_in(library: SessionLibrary) -> bool:
    """True for a description of this package's, false for one that the application registered."""
    return type(library).__module__.startswith(f"{backends.__name__}.")


def library_of_session(session: object) -> SessionLibrary | None:
    """Find the built-in description of a session whose factory was not recognized."""
    cls: type = type(session)
    libraries = _libraries_of_type(cls)
    return next((each for each in libraries if each.recognizes_session(session)), None)


@functools.lru_cache  # one that is opened in each request should not be searched in each
def _libraries_of_type(cls: type) -> tuple[SessionLibrary, ...]:
    return tuple(filter(None, map(_builtin_library, _packages(cls))))


class _Search:
    def __init__(self, libraries: Sequence[SessionLibrary]) -> None:
        self.libraries = libraries
        self.results: dict[int, Recognized] = {}
        self.seen: set[int] = set()

    def run(self, registered: Callable[..., Any]) -> None:
        level: list[object] = [registered]
        for _ in range(_MAX_DEPTH + 1):
            level = [inner for candidate in level for inner in self.visit(candidate)]

    def visit(self, candidate: object) -> Iterable[object]:
        """Remember a factory; return the parts of anything else."""
        if id(candidate) in self.seen or not callable(candidate):
            return ()
        self.seen.add(id(candidate))
        library = self.session_library_of(candidate)
        if library is None:
            return _flatten(self.parts(candidate))
        self.results[id(candidate)] = Recognized(library, candidate)
        return ()

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
        owner = getattr(candidate, "__self__", candidate)
        if isinstance(owner, type) and owner is not candidate:  # that of a class method
            yield from vars(owner).values()
        yield from callable_contents(owner)
        if isinstance(candidate, FunctionType):
            yield from self.factories_in_module(candidate)

    def factories_in_module(self, function: FunctionType) -> Iterator[object]:
        # Only factories themselves: following the functions it calls would reach half the program.
        values = map(function.__globals__.get, function.__code__.co_names)
        for value in _flatten(values):
            if callable(value) and self.session_library_of(value) is not None:
                yield value


def _flatten(parts: Iterable[Any], depth: int = _MAX_DEPTH) -> Iterator[object]:
    """The objects in these parts, those in tuples included."""
    for part in parts:
        if type(part) not in _CONTAINERS:
            yield part
        elif depth and len(part) <= _MAX_CONTENTS:
            yield from _flatten(part, depth - 1)


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
