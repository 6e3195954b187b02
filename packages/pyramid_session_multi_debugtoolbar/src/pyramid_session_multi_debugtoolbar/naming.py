"""Names of types, callables and places, as exact ``str`` of a bounded length.

Of what a session holds only the type is asked for, by :func:`type_name`, and that calls nothing an
application can define: not ``__repr__``, ``__str__``, ``__class__``, nor a metaclass. What was
registered, a callable, is asked for its attributes, which ``__getattr__`` may answer.
"""

from __future__ import annotations

import functools
import os
import sys
from inspect import findsource
from types import CodeType
from typing import Any

_QUALNAME = vars(type)["__qualname__"].__get__
_MODULE = vars(type)["__module__"].__get__

_LONGEST = 100


def plain(text: str, longest: int = _LONGEST) -> str:
    """A text as it can stand in a line: cut, and without what is not printed as itself."""
    cut = str.__getitem__(text, slice(0, longest))
    if not cut.isprintable():  # controls, line ends, marks that turn the direction of writing
        cut = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return cut + "…" if str.__len__(text) > longest else cut


def type_name(kind: type) -> str:
    """The dotted name of a class; that of a builtin alone."""
    name, module = _QUALNAME(kind), _MODULE(kind)
    name = plain(name) if type(name) is str else "?"
    if type(module) is not str or module == "builtins":
        return name
    return f"{plain(module)}.{name}"


def callable_name(thing: Any) -> str:
    """The dotted name of a callable, or that of its class where it has none of its own."""
    kind = type(thing)
    if issubclass(kind, functools.partial):
        return f"functools.partial of {callable_name(thing.func)}"
    if issubclass(kind, type):
        return type_name(thing)
    name, module = getattr(thing, "__qualname__", None), getattr(thing, "__module__", None)
    if type(name) is str and type(module) is str:
        return f"{plain(module)}.{plain(name)}"
    return f"an instance of {type_name(kind)}"


def callable_place(thing: Any) -> str:
    """``file:line`` of the definition of a callable, or of its class; empty where not known."""
    kind = type(thing)
    if issubclass(kind, functools.partial):
        return callable_place(thing.func)
    code = getattr(getattr(thing, "__func__", thing), "__code__", None)
    if type(code) is CodeType:
        return spot(code.co_filename, code.co_firstlineno)
    if issubclass(kind, type):
        kind = thing
    known = _MODULE(kind), _QUALNAME(kind)
    if known not in _CLASS_PLACES:
        _CLASS_PLACES[known] = _class_place(kind)
    return _CLASS_PLACES[known]


# By name. Python parses the whole file to find a class in it.
_CLASS_PLACES: dict[tuple[str, str], str] = {}


def _class_place(kind: type) -> str:
    try:
        return spot(sys.modules[kind.__module__].__file__ or "", findsource(kind)[1] + 1)
    except (AttributeError, KeyError, OSError, TypeError):  # made by exec, or in C
        return ""


def spot(file: str, line: int) -> str:
    """``file:line``, the file without the folder in which Python finds modules."""
    return f"{plain(_short(file), 160)}:{line}"


@functools.lru_cache(maxsize=1024)
def _short(file: str) -> str:
    found = [
        entry for entry in sys.path if entry and file.startswith(entry.rstrip(os.sep) + os.sep)
    ]
    return file[len(max(found, key=len).rstrip(os.sep)) + 1 :] if found else file
