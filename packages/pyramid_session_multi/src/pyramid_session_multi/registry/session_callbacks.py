"""Callbacks that session factories add to a request, and the session that each belongs to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

from pyramid.request import Request

from ..interfaces import ISessionMultiManagerConfig
from .callback_cookies import record_cookies, set_cookie_headers
from .error_notes import add_storage_note
from .request_proxies import RequestProxy

_Factory: TypeAlias = Callable[[Any], Any]

# The methods with which a library adds callbacks.
_METHODS = ("add_response_callback", "add_finished_callback")

# The request's attribute that keeps the proxies alive: a cache may hold them as weak keys.
_PROXIES = "_session_multi_proxies"


class SessionCallback:
    """A callback of a session library that is not built in.

    It may store whatever ``request.session`` is, so it runs with a request whose ``session`` is
    the one that its factory returned. It equals the callback, so that the library finds it in the
    queue.

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
        earlier_headers = [header for each in response for header in set_cookie_headers(each)]
        try:
            methods = _binding_methods(request, self.name, self.session)
            self.callback(RequestProxy(request, {**methods, "session": self.session}), *response)
        except Exception as error:
            if not response:  # for a response callback, complete_response adds it
                _report(request, self.name, error)
            raise
        finally:
            _bind(queue, length, self.name, self.session)
        for each in response:
            record_cookies(request, self.name, earlier_headers, each)

    def __eq__(self, other: object) -> bool:
        return bool(self.callback == other)

    def __hash__(self) -> int:
        return hash(self.callback)


class FinishedCallback:
    """A finished callback of a built-in library, whose errors name the namespace."""

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
    """Wrap a factory so that its session is ``request.session`` in the callbacks it adds.

    That includes those that the session adds later, with the request that the factory was given.
    """

    def open_and_bind(request: Request) -> Any:
        queues = [
            getattr(request, "response_callbacks", deque[Any]()),
            getattr(request, "finished_callbacks", deque[Any]()),  # a stand-in may have none
        ]
        lengths = [len(queue) for queue in queues]
        attributes: dict[str, Any] = {}
        proxy = RequestProxy(request, attributes)
        session = factory(proxy)
        for queue, length in zip(queues, lengths, strict=True):
            _bind(queue, length, name, session)
        attributes.update(_binding_methods(request, name, session))
        vars(request).setdefault(_PROXIES, []).append(proxy)
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


def _binding_methods(request: Any, name: str, session: Any) -> dict[str, Callable[[Any], None]]:
    """The methods that add callbacks, which bind each to the session."""

    def binding(add: Callable[[Any], None]) -> Callable[[Any], None]:
        return lambda callback: add(_bound(callback, name, session))

    return {each: binding(getattr(request, each)) for each in _METHODS if hasattr(request, each)}


def _bind(queue: deque[Any], start: int, name: str, session: Any) -> None:
    """Bind the callbacks from position ``start`` on."""
    for index in range(start, len(queue)):
        queue[index] = _bound(queue[index], name, session)


def _bound(callback: Any, name: str, session: Any) -> Any:
    """Bind a callback, unless it is bound already."""
    if isinstance(callback, (SessionCallback, FinishedCallback)):
        return callback
    return SessionCallback(name, callback, session)


def _report(request: Any, name: str, error: Exception) -> None:
    """Name the namespace in an error of a finished callback, and notify the observer."""
    add_storage_note(error, name)
    registry = getattr(request, "registry", None)
    if registry is None:  # of a request that no application received
        return
    config = registry.queryUtility(ISessionMultiManagerConfig)
    if config is not None and config.observer is not None:
        config.observer.failed(request, name, error)
