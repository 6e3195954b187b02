"""The requests that sent this one as a subrequest: they may return its response as their own."""

from __future__ import annotations

from collections import deque
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.threadlocal import manager as threadlocals

from .response_completion import sets_session_cookie
from .response_headers import forbid_shared_caches

# How often the callback moves behind those that others added. Bounded, as another may do the same.
_MAX_MOVES = 8


def protect_enclosing_responses(manager: Any) -> None:
    """Protect the cookies of the manager's sessions in the response of each enclosing request.

    Its view may return the subrequest's response, whose ``Cache-Control`` is then changed by
    ``http_cache`` and by callbacks.
    """
    stack = [threadlocal.get("request") for threadlocal in threadlocals.stack]
    depths = [depth for depth, request in enumerate(stack) if request is manager.request]
    for request in stack[: depths[0]] if depths else ():
        callbacks: deque[Any] | None = getattr(request, "response_callbacks", None)
        if callbacks is None:  # not a Pyramid request
            continue
        for callback in callbacks:
            if isinstance(callback, SubresponseCallback):
                callback.managers.append(manager)
                break
        else:
            callbacks.append(SubresponseCallback(manager))


class SubresponseCallback:
    """A response callback, after all others, that protects the cookies of subrequests' sessions.

    It adds no ``Vary``: a subresponse has its own.

    :ivar managers: those of the subrequests.
    """

    moves: int = 0

    def __init__(self, manager: Any) -> None:
        self.managers: list[Any] = [manager]

    def __call__(self, request: Request, response: Response) -> None:
        if request.response_callbacks and self.moves < _MAX_MOVES:
            self.moves += 1
            request.response_callbacks.append(self)
            return
        set_cookies = response.headers.getall("Set-Cookie")
        if set_cookies and any(sets_session_cookie(each, set_cookies) for each in self.managers):
            forbid_shared_caches(response.headerlist)
