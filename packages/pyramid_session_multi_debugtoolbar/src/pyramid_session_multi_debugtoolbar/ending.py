"""The end of a request: nothing of it will run any more, and what was sent is known.

What can only be had now is read now; what it means can wait until somebody looks at the page.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any

from pyramid.request import Request
from pyramid.threadlocal import RequestContext
from pyramid_session_multi import Namespace, detach, read_from

from .cookies import SentCookie, Visited, held_afterwards, sent_in, visited_in
from .naming import type_name
from .observation import Observation
from .seen import Seen

# Values that mean what is written; those in quotes do not.
_PLAIN = re.compile(r"[A-Za-z0-9_%.+/=-]*")


@dataclass(slots=True)
class Ended:
    """What is kept of a request.

    :ivar sent: all cookies of the response that is sent.
    :ivar raised: the type of an exception for which no response is sent; empty: one is.
    :ivar exception: the type of an exception that was answered; empty: none.
    :ivar replaced: the type of one that the toolbar answered with a page of its own.
    """

    came: dict[str, list[str]]
    sent: list[SentCookie]
    visited: Visited
    raised: str
    exception: str
    replaced: str
    activated: bool
    namespaces: list[Seen] = field(default_factory=list)


class Ending:
    """The request and its copies, while they are being read.

    The copies are made once for all namespaces: that is what costs most.
    """

    def __init__(self, request: Request, observation: Observation) -> None:
        self.request = request
        self.observation = observation
        self.ended = _ended(request, observation)
        self._copy: Request | None = None
        self._next: Request | None = None
        self._held: dict[str, str] | None = None

    @property
    def held(self) -> dict[str, str]:
        """The cookies that the browser will hold."""
        if self._held is None:
            ended = self.ended
            self._held = held_afterwards(ended.came, ended.sent, ended.visited)
        return self._held

    def read_incoming(self, namespace: Namespace) -> dict[str, Any] | None:
        """What the cookie that came holds; ``None``: the library rejects it."""
        name = namespace.cookie_name or ""
        if self._next is not None and self.held.get(name) == self.ended.came[name][-1]:
            return _read(self._next, namespace)  # the browser keeps it: no need of another copy
        if self._copy is None:
            self._copy = detach(self.request)
        return _read(self._copy, namespace)

    def read_next(self, namespace: Namespace) -> dict[str, Any] | None:
        """What the browser's next request will find; ``None``: the library will reject it."""
        if self._next is None:
            header = "; ".join(f"{name}={value}" for name, value in self.held.items())
            self._next = detach(self.request, header)
            if all(map(_PLAIN.fullmatch, self.held.values())):
                # Spares WebOb, which takes long, what would come out the same.
                self._next.environ["webob._parsed_cookies"] = self.held, header
        return _read(self._next, namespace)

    def close(self) -> None:
        """Take the copies apart: they hold themselves, through their sessions."""
        for copied in (self._copy, self._next):
            if copied is not None:
                vars(copied).clear()


def _read(detached: Request, namespace: Namespace) -> dict[str, Any] | None:
    with RequestContext(detached):
        return read_from(detached, namespace)


def _ended(request: Request, observation: Observation) -> Ended:
    error = sys.exc_info()[1]
    # A finished callback runs in a ``finally``, and maybe inside somebody's ``except``.
    raised = error if error is not None and error is not observation.around else None
    response = observation.response
    # Not request.exception: another panel of the toolbar notes which attributes are asked for.
    answered = vars(request).get("exception")
    return Ended(
        came=observation.came,
        sent=[] if raised is not None or response is None else sent_in(response.headerlist),
        visited=visited_in(request.environ),
        raised=type_name(type(raised)) if raised is not None else "",
        exception=type_name(type(answered)) if answered is not None else "",
        replaced=observation.replaced,
        activated=observation.activated,
    )
