"""Callbacks that session factories add to a request, and the session that each belongs to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

from pyramid.request import Request

from ..interfaces import ISessionMultiManagerConfig
from .storage_errors import add_storage_note

_Factory: TypeAlias = Callable[[Any], Any]


class SessionCallback:
    """A callback of a session library that is not described.

    It may store whatever ``request.session`` is, so it runs with a request whose ``session`` is
    the one that its factory returned.

    :ivar name: the namespace.
    :ivar callback: the library's callback.
    :ivar session: the session that its factory returned.
    """

    __slots__ = ("callback", "name", "session")
    name: str
    callback: Callable[..., Any]
    session: Any

    def __init__(self, name: str, callback: Callable[..., Any], session: Any) -> None:
        self.name = name
        self.callback = callback
        self.session = session

    def __call__(self, request: Any, *response: Any) -> None:
        queue = request.response_callbacks if response else request.finished_callbacks
        length = len(queue)
        try:
            self.callback(_SessionRequest(request, self.session), *response)
        except Exception as error:
            if not response:  # for a response callback, complete_response adds it
                _report(request, self.name, error)
            raise
        finally:
            _bind(queue, length, self.name, self.session)


class FinishedCallback:
    """A finished callback of a described library, whose errors name the namespace."""

    __slots__ = ("callback", "name")
    name: str
    callback: Callable[..., Any]

    def __init__(self, name: str, callback: Callable[..., Any]) -> None:
        self.name = name
        self.callback = callback

    def __call__(self, request: Any) -> None:
        try:
            self.callback(request)
        except Exception as error:
            _report(request, self.name, error)
            raise


def binding_callbacks(name: str, factory: _Factory) -> _Factory:
    """Wrap a factory so that its session is ``request.session`` in the callbacks it adds."""

    def open_and_bind(request: Request) -> Any:
        queues = [
            getattr(request, "response_callbacks", deque[Any]()),
            getattr(request, "finished_callbacks", deque[Any]()),  # a stand-in may have none
        ]
        lengths = [len(queue) for queue in queues]
        session = factory(request)
        for queue, length in zip(queues, lengths, strict=True):
            _bind(queue, length, name, session)
        return session

    return open_and_bind


def naming_finished_callbacks(name: str, factory: _Factory) -> _Factory:
    """Wrap a factory so that errors in the finished callbacks it adds name the namespace.

    For sessions on a server: some libraries store them after the response has been sent.
    """

    def open_and_name(request: Request) -> Any:
        queue = request.finished_callbacks
        length = len(queue)
        session = factory(request)
        for index in range(length, len(queue)):
            if not isinstance(queue[index], (SessionCallback, FinishedCallback)):
                queue[index] = FinishedCallback(name, queue[index])
        return session

    return open_and_name


def _bind(queue: deque[Any], start: int, name: str, session: Any) -> None:
    """Bind the callbacks from position ``start`` on, except those that are bound already."""
    for index in range(start, len(queue)):
        if not isinstance(queue[index], (SessionCallback, FinishedCallback)):
            queue[index] = SessionCallback(name, queue[index], session)


def _report(request: Any, name: str, error: Exception) -> None:
    """Name the namespace in an error of a finished callback, and notify the observer."""
    add_storage_note(error, name)
    registry = getattr(request, "registry", None)
    if registry is None:  # of a request that no application received
        return
    config = registry.queryUtility(ISessionMultiManagerConfig)
    if config is not None and config.observer is not None:
        config.observer.failed(request, name, error)


class _SessionRequest:
    """A proxy of the request, to read and to write, that differs only in its ``session``."""

    def __init__(self, request: Any, session: Any) -> None:
        vars(self).update(_request=request, session=session)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._request)

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_request"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "session":
            vars(self)[name] = value
        else:
            setattr(self._request, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._request, name)
