"""Find the Pyramid application that a WebTest ``TestApp`` contains, below any middleware."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Iterable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from pyramid.router import Router
from pyramid_session_multi import ISessionMultiManagerConfig

from .exceptions import ApplicationNotFound

# Bounds of the search; real middleware stays far below them.
_MAX_DEPTH = 16
_MAX_OBJECTS = 2000

_COLLECTIONS = (list, tuple, set, frozenset, dict)


def find_app(wsgi_app: Any) -> Router:
    """Return the one Pyramid application in ``wsgi_app`` that includes ``pyramid_session_multi``.

    Attributes, closures, ``functools.partial``, ``__wrapped__`` and collections of WSGI
    applications are searched.

    :raises ApplicationNotFound: if there is none, or more than one.
    """
    routers = list(_routers(wsgi_app))
    apps = [
        router
        for router in routers
        if router.registry.queryUtility(ISessionMultiManagerConfig) is not None
    ]
    if len(apps) == 1:
        return apps[0]
    if apps:
        problem = f"{_name(wsgi_app)} contains {len(apps)} Pyramid applications with sessions."
    elif routers:
        problem = (
            f"The Pyramid application in {_name(wsgi_app)} does not call "
            "config.include('pyramid_session_multi')."
        )
    else:
        problem = f"{_name(wsgi_app)} does not contain a Pyramid application."
    raise ApplicationNotFound(wsgi_app, problem)


def _routers(wsgi_app: Any) -> Iterator[Router]:
    objects: dict[int, Any] = {}  # keeps the objects alive, so that no id is used twice
    queue = deque([(wsgi_app, 0)])
    while queue and len(objects) < _MAX_OBJECTS:
        candidate, depth = queue.popleft()
        if id(candidate) in objects:
            continue
        objects[id(candidate)] = candidate
        if isinstance(candidate, Router):
            yield candidate
        elif depth < _MAX_DEPTH:
            children = filter(_may_contain_router, _children(candidate))
            queue.extend((child, depth + 1) for child in children)


def _may_contain_router(candidate: Any) -> bool:
    if isinstance(candidate, (type, ModuleType)):
        return False
    return callable(candidate) or isinstance(candidate, _COLLECTIONS)


def _children(parent: Any) -> Iterable[Any]:
    if isinstance(parent, dict):
        return list(parent.values())
    if isinstance(parent, _COLLECTIONS):
        return list(parent)
    if inspect.isfunction(parent):
        return [*vars(parent).values(), *_closure(parent), *_globals(parent)]
    # functools.partial and bound methods have slots.
    return [*getattr(parent, "__dict__", {}).values(), *_slots(parent)]


def _closure(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # the variable has no value yet
            continue


def _globals(function: FunctionType) -> Iterator[Router]:
    # Only applications: other globals may refer to the whole program.
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if isinstance(value, Router):
            yield value


def _slots(parent: Any) -> Iterator[Any]:
    for cls in type(parent).__mro__:
        for descriptor in vars(cls).values():
            if inspect.ismemberdescriptor(descriptor):
                try:
                    yield descriptor.__get__(parent)
                except AttributeError:  # the slot has no value yet
                    continue


def _name(wsgi_app: Any) -> str:
    routine_or_type = wsgi_app if inspect.isroutine(wsgi_app) else type(wsgi_app)
    return f"{routine_or_type.__module__}.{routine_or_type.__qualname__}"
