"""The Pyramid application inside a WebTest ``TestApp``, under whatever middleware is around it."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Iterable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from pyramid.router import Router
from pyramid_session_multi import ISessionMultiManagerConfig

from .errors import ApplicationNotFound

# Middleware is rarely stacked ten deep, and holds few callables. What holds more is none.
_DEEPEST = 16
_MOST = 2000

_COLLECTIONS = (list, tuple, set, frozenset, dict)


def find_application(wsgi: Any) -> Router:
    """The one Pyramid application in ``wsgi`` that includes ``pyramid_session_multi``.

    Attributes, closures, ``functools.partial``, ``__wrapped__`` and collections of WSGI
    applications are looked through.

    :raises ApplicationNotFound: where there is none, or several.
    """
    routers = list(_routers(wsgi))
    ours = [r for r in routers if r.registry.queryUtility(ISessionMultiManagerConfig) is not None]
    if len(ours) == 1:
        return ours[0]
    if ours:
        problem = f"{len(ours)} Pyramid applications with sessions were found in {_name(wsgi)}."
    elif routers:
        problem = (
            f"The Pyramid application in {_name(wsgi)} does not "
            "config.include('pyramid_session_multi')."
        )
    else:
        problem = f"No Pyramid application was found in {_name(wsgi)}."
    raise ApplicationNotFound(wsgi, problem)


def _routers(wsgi: Any) -> Iterator[Router]:
    seen: dict[int, Any] = {}  # the objects as well, so that no id is used again meanwhile
    waiting = deque([(wsgi, 0)])
    while waiting and len(seen) < _MOST:
        thing, depth = waiting.popleft()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if isinstance(thing, Router):
            yield thing
        elif depth < _DEEPEST:
            waiting.extend((inner, depth + 1) for inner in _inside(thing) if _may_hold(inner))


def _may_hold(thing: Any) -> bool:
    if isinstance(thing, (type, ModuleType)):
        return False
    return callable(thing) or isinstance(thing, _COLLECTIONS)


def _inside(thing: Any) -> Iterable[Any]:
    if isinstance(thing, dict):
        return list(thing.values())
    if isinstance(thing, _COLLECTIONS):
        return list(thing)
    if inspect.isfunction(thing):
        return [*vars(thing).values(), *_closure(thing), *_globals(thing)]
    # functools.partial and bound methods have slots.
    return [*getattr(thing, "__dict__", {}).values(), *_slots(thing)]


def _closure(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # nothing was put into it yet
            continue


def _globals(function: FunctionType) -> Iterator[Router]:
    # Applications only: what else a function uses of its module may lead anywhere.
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if isinstance(value, Router):
            yield value


def _slots(thing: Any) -> Iterator[Any]:
    for cls in type(thing).__mro__:
        for descriptor in vars(cls).values():
            if inspect.ismemberdescriptor(descriptor):
                try:
                    yield descriptor.__get__(thing)
                except AttributeError:  # nothing was put into it yet
                    continue


def _name(wsgi: Any) -> str:
    named = wsgi if inspect.isroutine(wsgi) else type(wsgi)
    return f"{named.__module__}.{named.__qualname__}"
