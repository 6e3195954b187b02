"""The record of a finished request, kept until it leaves the toolbar's history."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from pyramid.request import Request
from pyramid_session_multi import Namespace, ViewContract, new_session_multi

from ..cookies import (
    Origin,
    SentCookie,
    browser_cookies_after,
    origin_of,
    parse_cookie_header,
    parse_set_cookie,
)
from ..observe.namespace_access import NamespaceAccess
from ..observe.observation import Observation
from ..safe.error_text import ErrorText, error_text


@dataclass
class FinishedRequest:
    """A request that is over.

    :ivar namespaces: all registered ones.
    :ivar accesses: those that were used, by name.
    :ivar incoming_cookies: the values of each cookie at the beginning.
    :ivar sent_cookies: those of the response that is sent.
    :ivar browser_cookies: those that the browser holds now.
    :ivar unhandled_exception: an exception for which no response is sent.
    :ivar handled_exception: an exception that a view or the toolbar answered.
    :ivar toolbar_exception: an exception that the toolbar answered with its own page.
    :ivar view_contract: the namespaces that the view declares; ``None``: it may open all.
    :ivar interrupted: true unless the last finished callback is known to have run.
    """

    namespaces: list[Namespace]
    accesses: dict[str, NamespaceAccess]
    incoming_cookies: Mapping[str, list[str]]
    sent_cookies: list[SentCookie]
    browser_cookies: dict[str, str]
    origin: Origin
    unhandled_exception: ErrorText | None
    handled_exception: ErrorText | None
    toolbar_exception: ErrorText | None
    activated: bool
    view_contract: ViewContract | None
    interrupted: bool

    def forget_other_cookies(self) -> None:
        """Keep only the cookies of the namespaces: the toolbar keeps a hundred requests."""
        names = {namespace.cookie_name for namespace in self.namespaces}
        self.browser_cookies = {n: v for n, v in self.browser_cookies.items() if n in names}
        self.sent_cookies = [cookie for cookie in self.sent_cookies if cookie.name in names]
        incoming = self.incoming_cookies
        self.incoming_cookies = {name: incoming[name] for name in incoming if name in names}


def finish(
    request: Request, observation: Observation, *, interrupted: bool = False
) -> FinishedRequest:
    """Record the end of a request; called in a finished callback."""
    error = sys.exc_info()[1]
    # A finished callback runs in a ``finally``, perhaps inside a caller's ``except``.
    unhandled = None if error is observation.outer_exception else error
    # After an exception, or if a finished callback raises, no response is sent.
    response = None if interrupted or unhandled is not None else observation.response
    headers = [] if response is None else response.headerlist
    incoming = parse_cookie_header(observation.cookie_header)
    now = time.time()
    sent = [parse_set_cookie(value, now) for name, value in headers if name.lower() == "set-cookie"]
    origin = origin_of(request.environ)
    # Not request.exception: another panel of the toolbar records which attributes are read.
    handled = vars(request).get("exception")
    return FinishedRequest(
        namespaces=list(observation.config),
        accesses=observation.accesses,
        incoming_cookies=incoming,
        sent_cookies=sent,
        browser_cookies=browser_cookies_after(incoming, sent, origin),
        origin=origin,
        unhandled_exception=None if unhandled is None else error_text(unhandled),
        handled_exception=None if handled is None else error_text(handled),
        toolbar_exception=observation.toolbar_exception,
        activated=observation.activated,
        view_contract=new_session_multi(request).view_contract,
        interrupted=interrupted,
    )
