"""Names of types and callables, and ``file:line``, as exact ``str`` of a bounded length.

:func:`type_name`, which is used on a session's values, calls nothing that an application can
define: not ``__repr__``, ``__str__``, ``__class__``, nor a metaclass. The functions for registered
callables read attributes, which may call ``__getattr__``.
"""

from __future__ import annotations

import functools
import os
import sys
from inspect import findsource
from types import CodeType, ModuleType
from typing import Any

from ..limits import MAX_NAME_CHARS, MAX_PATH_CHARS

_QUALNAME = vars(type)["__qualname__"].__get__
_MODULE = vars(type)["__module__"].__get__


def printable(text: str, max_chars: int = MAX_NAME_CHARS) -> str:
    """A text for one line: truncated, and with unprintable characters escaped."""
    cut = str.__getitem__(text, slice(0, max_chars))
    if not cut.isprintable():  # control characters, line ends, bidirectional marks
        cut = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return cut + "…" if str.__len__(text) > max_chars else cut


def type_name(cls: type) -> str:
    """The dotted name of a class; a builtin's without its module."""
    name, module = _QUALNAME(cls), _MODULE(cls)
    name = printable(name) if type(name) is str else "?"
    if type(module) is not str or module == "builtins":
        return name
    return f"{printable(module)}.{name}"


def callable_name(value: Any) -> str:
    """The dotted name of a callable, or of its class if it has no name of its own.

    For a function it is the shortest name that imports it, as in the core's messages.
    """
    cls = type(value)
    if issubclass(cls, functools.partial):
        return f"functools.partial of {callable_name(value.func)}"
    if issubclass(cls, type):
        return type_name(value)
    try:
        name, module = getattr(value, "__qualname__", None), getattr(value, "__module__", None)
    except Exception:  # noqa: BLE001 - the application's own __getattr__ may fail
        name = module = None
    if type(name) is str and type(module) is str:
        return f"{printable(_shortest_module(value, name, module))}.{printable(name)}"
    return f"an instance of {type_name(cls)}"


def _shortest_module(value: Any, name: str, module: str) -> str:
    """The outermost imported package that has the value under its name; else its module."""
    parts = module.split(".")
    for length in range(1, len(parts)):
        package = sys.modules.get(".".join(parts[:length]))
        # Not getattr, which might import a submodule or run the package's code.
        if type(package) is ModuleType and vars(package).get(name) is value:
            return ".".join(parts[:length])
    return module


def callable_location(value: Any) -> str:
    """``file:line`` where a callable or its class is defined; empty if not known."""
    cls = type(value)
    if issubclass(cls, functools.partial):
        return callable_location(value.func)
    try:
        code = getattr(getattr(value, "__func__", value), "__code__", None)
    except Exception:  # noqa: BLE001 - see callable_name
        code = None
    if type(code) is CodeType:
        return file_line(code.co_filename, code.co_firstlineno)
    if issubclass(cls, type):
        cls = value
    name = _MODULE(cls), _QUALNAME(cls)
    if name not in _CLASS_LOCATIONS:
        _CLASS_LOCATIONS[name] = _class_location(cls)
    return _CLASS_LOCATIONS[name]


# By name: Python parses the whole file to find a class in it.
_CLASS_LOCATIONS: dict[tuple[str, str], str] = {}


def _class_location(cls: type) -> str:
    try:
        return file_line(sys.modules[cls.__module__].__file__ or "", findsource(cls)[1] + 1)
    except (AttributeError, KeyError, OSError, TypeError):  # created by exec, or in C
        return ""


def file_line(file: str, line: int) -> str:
    """``file:line``, with the file relative to its entry of ``sys.path``."""
    return f"{printable(_relative_path(file), MAX_PATH_CHARS)}:{line}"


@functools.lru_cache(maxsize=1024)
def _relative_path(file: str) -> str:
    entries = [
        entry for entry in sys.path if entry and file.startswith(entry.rstrip(os.sep) + os.sep)
    ]
    return file[len(max(entries, key=len).rstrip(os.sep)) + 1 :] if entries else file
