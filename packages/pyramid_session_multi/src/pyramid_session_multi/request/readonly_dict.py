"""The special ``dict`` under ``request.session_multi``: its users read it, its owner fills it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn, TypeAlias

_Refusing: TypeAlias = Callable[..., NoReturn]


class OpenedSessions(dict[str, Any]):
    """Namespace to session, ``None`` for a refused one. A ``dict`` that cannot be changed."""

    __slots__ = ()

    def _unchangeable(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValueError(
            "request.session_multi cannot be changed: register namespaces at start-up, and change "
            "a session itself, as in request.session_multi['name']['key'] = value."
        )

    __setitem__: ClassVar[_Refusing] = _unchangeable
    __delitem__: ClassVar[_Refusing] = _unchangeable
    __ior__: ClassVar[_Refusing] = _unchangeable
    clear: ClassVar[_Refusing] = _unchangeable
    pop: ClassVar[_Refusing] = _unchangeable
    popitem: ClassVar[_Refusing] = _unchangeable
    setdefault: ClassVar[_Refusing] = _unchangeable
    update: ClassVar[_Refusing] = _unchangeable

    def _uncopyable(self, *args: Any) -> NoReturn:
        raise TypeError(
            "request.session_multi belongs to its request and cannot be copied or pickled: "
            "dict(request.session_multi) holds what was asked for."
        )

    copy: ClassVar[_Refusing] = _uncopyable
    __reduce_ex__: ClassVar[_Refusing] = _uncopyable
