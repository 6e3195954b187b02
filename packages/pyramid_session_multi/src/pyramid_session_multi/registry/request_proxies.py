"""Proxies of a request for session libraries that are not built in."""

from __future__ import annotations

from typing import Any

_set = object.__setattr__


class RequestProxy:
    """A request, to read and to write, some of whose attributes are replaced.

    It equals the request, and its class is the request's.

    :param request: the request itself.
    :param replaced: the other attributes, by their names; the proxy changes it.
    """

    __slots__ = ("__weakref__", "_proxied", "_replaced")
    _proxied: Any
    _replaced: dict[str, Any]

    def __init__(self, request: Any, replaced: dict[str, Any]) -> None:
        _set(self, "_proxied", request)
        _set(self, "_replaced", replaced)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._proxied)

    def __getattr__(self, name: str) -> Any:
        if name in self._replaced:
            return self._replaced[name]
        return getattr(self._proxied, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._replaced:
            self._replaced[name] = value
        else:
            setattr(self._proxied, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._proxied, name)

    # A library may keep something for each request, in a dictionary.

    def __eq__(self, other: object) -> bool:
        if type(other) is RequestProxy:
            other = other._proxied
        return bool(self._proxied == other)

    def __hash__(self) -> int:
        return hash(self._proxied)
