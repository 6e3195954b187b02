"""The end of a request: nothing of it will run any more, and what was sent is known.

What can only be had now is kept now; what it means can wait until somebody looks at the page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyramid.request import Request
from pyramid.threadlocal import RequestContext
from pyramid_session_multi import Namespace, detached_copy, read_session

from .cookies import (
    Cookies,
    SentCookie,
    Visited,
    cookies_in,
    held_afterwards,
    parse,
    visited_in,
)
from .keeping import Room
from .naming import type_name
from .observation import Observation
from .seen import Seen

# Values that mean what is written; those in quotes do not.
_PLAIN = re.compile(r"[A-Za-z0-9_%.+/=-]*")


@dataclass
class Ended:
    """What is kept of a request.

    :ivar cookies: its own at the end.
    :ivar came: the values of each cookie when it began.
    :ivar headers: each ``Set-Cookie`` header of the response that is sent.
    :ivar raised: the type of an exception for which no response is sent; empty: one is.
    :ivar exception: the type of an exception that was answered; empty: none.
    :ivar replaced: the type of one that the toolbar answered with a page of its own.
    :ivar interrupted: has the last finished callback not run, as far as known?
    :ivar namespaces: all that are registered, and ``seen``: those of which something was seen.
    """

    cookies: Cookies
    came: dict[str, list[str]]
    headers: list[str]
    visited: Visited
    raised: str
    exception: str
    replaced: str
    activated: bool
    namespaces: list[Namespace]
    tokens: Collection[str]
    room: Room
    interrupted: bool = False
    seen: dict[str, Seen] = field(default_factory=dict)

    @cached_property
    def sent(self) -> list[SentCookie]:
        """All cookies of the response."""
        return [parse(header, self.cookies.moment) for header in self.headers]

    @cached_property
    def held(self) -> dict[str, str]:
        """The cookies that the browser will hold."""
        return held_afterwards(self.came, self.sent, self.visited)

    @cached_property
    def next(self) -> Cookies:
        """Those of the browser's next request, if it comes at once."""
        header = "; ".join(f"{name}={value}" for name, value in self.held.items())
        return Cookies(header, self.cookies.moment)


class Ending:
    """The request and its copies, while they are being read.

    The copies are made once for all namespaces: that is what costs most.
    """

    def __init__(self, request: Request, observation: Observation) -> None:
        self.request = request
        self.observation = observation
        self.ended: Ended = _ended(request, observation)
        self._copy: Request | None = None
        self._next: Request | None = None

    def read_incoming(self, namespace: Namespace) -> dict[str, Any] | None:
        """What the cookie that came holds; ``None``: the library rejects it."""
        name = namespace.cookie_name or ""
        if self._next is not None and self.ended.held.get(name) == self.ended.came[name][-1]:
            return _read(self._next, namespace)  # the browser keeps it: no need of another copy
        if self._copy is None:
            self._copy = detached_copy(self.request)
        return _read(self._copy, namespace)

    def read_next(self, namespace: Namespace) -> dict[str, Any] | None:
        """What the browser's next request will find; ``None``: the library will reject it."""
        if self._next is None:
            held, header = self.ended.held, self.ended.next.header
            self._next = detached_copy(self.request, header)
            if all(map(_PLAIN.fullmatch, held.values())):
                # Spares WebOb, which takes long, what would come out the same.
                self._next.environ["webob._parsed_cookies"] = held, header
        return _read(self._next, namespace)

    def close(self) -> None:
        """Take the copies apart: they hold themselves, through their sessions."""
        for copied in (self._copy, self._next):
            if copied is not None:
                vars(copied).clear()


def _read(detached: Request, namespace: Namespace) -> dict[str, Any] | None:
    with RequestContext(detached):
        return read_session(detached, namespace)


def _ended(request: Request, observation: Observation) -> Ended:
    error = sys.exc_info()[1]
    # A finished callback runs in a ``finally``, and maybe inside somebody's ``except``.
    raised = error if error is not None and error is not observation.around else None
    response = observation.response
    # Not request.exception: another panel of the toolbar notes which attributes are asked for.
    answered = vars(request).get("exception")
    return Ended(
        cookies=cookies_in(request.environ),
        came=observation.came,
        headers=[]
        if raised is not None or response is None
        else [value for name, value in response.headerlist if name.lower() == "set-cookie"],
        visited=visited_in(request.environ),
        raised=type_name(type(raised)) if raised is not None else "",
        exception=type_name(type(answered)) if answered is not None else "",
        replaced=observation.replaced,
        activated=observation.activated,
        namespaces=list(observation.namespaces),
        tokens=observation.tokens,
        room=observation.room,
    )
