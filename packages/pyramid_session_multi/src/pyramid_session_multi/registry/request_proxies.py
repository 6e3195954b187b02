"""Proxies of a request for session libraries that are not built in."""

from __future__ import annotations

from typing import Any

_set = object.__setattr__


class RequestProxy:
    """A request, to read and to write, some of whose attributes are replaced.

    It equals the request, and its class is the request's.

    :param request: the request itself.
    :param attributes: those that replace the request's, by their names; the dictionary may change.
    """

    __slots__ = ("__weakref__", "_proxy_attributes", "_proxy_request")
    _proxy_request: Any
    _proxy_attributes: dict[str, Any]

    def __init__(self, request: Any, attributes: dict[str, Any]) -> None:
        _set(self, "_proxy_request", request)
        _set(self, "_proxy_attributes", attributes)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._proxy_request)

    def __getattr__(self, name: str) -> Any:
        if name in self._proxy_attributes:
            return self._proxy_attributes[name]
        return getattr(self._proxy_request, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._proxy_attributes:
            self._proxy_attributes[name] = value
        else:
            setattr(self._proxy_request, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._proxy_request, name)

    # A library may keep something for each request, in a dictionary.

    def __eq__(self, other: object) -> bool:
        if type(other) is RequestProxy:
            other = other._proxy_request
        return bool(self._proxy_request == other)

    def __hash__(self) -> int:
        return hash(self._proxy_request)
