"""Callbacks of session libraries that take their session to be ``request.session``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from pyramid.request import Request


def binding_callbacks(factory: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A factory that binds the callbacks which a factory adds to the session that it makes.

    For libraries that are not described. The callbacks may store what they find in
    ``request.session``: they are called with a request whose ``session`` is theirs.
    """

    def open_binding_callbacks(request: Request) -> Any:
        queues = [request.response_callbacks, request.finished_callbacks]
        lengths = [len(queue) for queue in queues]
        session = factory(request)
        for queue, length in zip(queues, lengths, strict=True):
            bind_callbacks(queue, length, session)
        return session

    return open_binding_callbacks


def bind_callbacks(queue: deque[Any], start: int, session: Any) -> None:
    """Bind the callbacks from this position on, except those that have a session of their own."""
    for index in range(start, len(queue)):
        if not isinstance(queue[index], SessionCallback):
            queue[index] = SessionCallback(queue[index], session)


class SessionCallback:
    """A callback that sees one session as ``request.session``.

    :ivar callback: the library's own.
    :ivar session: the session that its factory made.
    """

    __slots__ = ("callback", "session")

    def __init__(self, callback: Callable[..., Any], session: Any) -> None:
        self.callback: Callable[..., Any] = callback
        self.session: Any = session

    def __call__(self, request: Request, *response: Any) -> Any:
        queue = request.response_callbacks if response else request.finished_callbacks
        length = len(queue)
        try:
            return self.callback(_SessionRequest(request, self.session), *response)
        finally:
            bind_callbacks(queue, length, self.session)


class _SessionRequest:
    """The request in everything but its ``session``, to read and to write."""

    def __init__(self, request: Request, session: Any) -> None:
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
