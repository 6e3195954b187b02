"""A ``dict`` that its users can read and only its owner can fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn, TypeAlias

_Raises: TypeAlias = Callable[..., NoReturn]


class ReadOnlyDict(dict[str, Any]):
    """A ``dict`` whose mutating methods raise; a subclass fills it with ``dict``'s own methods."""

    __slots__ = ()

    def _raise_read_only(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValueError(
            "request.session_multi cannot be changed: register namespaces at start-up, and change "
            "a session itself, as in request.session_multi['name']['key'] = value."
        )

    __setitem__: ClassVar[_Raises] = _raise_read_only
    __delitem__: ClassVar[_Raises] = _raise_read_only
    __ior__: ClassVar[_Raises] = _raise_read_only
    clear: ClassVar[_Raises] = _raise_read_only
    pop: ClassVar[_Raises] = _raise_read_only
    popitem: ClassVar[_Raises] = _raise_read_only
    setdefault: ClassVar[_Raises] = _raise_read_only
    update: ClassVar[_Raises] = _raise_read_only

    def _raise_not_copyable(self, *args: Any) -> NoReturn:
        raise TypeError(
            "request.session_multi belongs to its request and cannot be copied or pickled: "
            "dict(request.session_multi) is a plain dict of the opened sessions."
        )

    copy: ClassVar[_Raises] = _raise_not_copyable
    __reduce_ex__: ClassVar[_Raises] = _raise_not_copyable
