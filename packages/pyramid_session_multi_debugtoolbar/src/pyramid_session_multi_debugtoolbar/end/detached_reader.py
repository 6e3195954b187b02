"""Reads sessions on copies of the finished request: with its cookies, and with the next ones."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.threadlocal import RequestContext
from pyramid_session_multi import Namespace, detached_copy, read_session

from .finished_request import FinishedRequest


class DetachedReader:
    """Copies of a request, which all namespaces share: creating them costs most."""

    def __init__(self, request: Request, finished: FinishedRequest) -> None:
        self._request = request
        self._finished = finished
        self._copy: Request | None = None
        self._next: Request | None = None

    def read_incoming(self, namespace: Namespace) -> dict[str, Any] | None:
        """The data of the cookie that arrived; ``None``: the library rejects it."""
        name, finished = namespace.cookie_name or "", self._finished
        is_kept = finished.browser_cookies.get(name) == finished.incoming_cookies[name][-1]
        if self._next is not None and is_kept:
            return _read(self._next, namespace)  # the same cookie: no need for another copy
        if self._copy is None:
            self._copy = detached_copy(self._request)
        return _read(self._copy, namespace)

    def read_next(self, namespace: Namespace) -> dict[str, Any] | None:
        """The data that the browser's next request will find; ``None``: it will be rejected."""
        if self._next is None:
            cookies = self._finished.browser_cookies
            header = "; ".join(f"{name}={value}" for name, value in cookies.items())
            self._next = detached_copy(self._request, header)
        return _read(self._next, namespace)

    def close(self) -> None:
        """Clear the copies, which refer to themselves through their sessions."""
        for copied in (self._copy, self._next):
            if copied is not None:
                vars(copied).clear()


def _read(detached: Request, namespace: Namespace) -> dict[str, Any] | None:
    with RequestContext(detached):
        return read_session(detached, namespace)
