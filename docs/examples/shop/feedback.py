"""A sentence about the button that was pressed last.

The redirect to the page carries its name in the query: in a session it would open that session.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlencode

from pyramid.request import Request

from .addresses import https_url

SENTENCES = {
    "write": "The value is in {ns}. That request opened no other session.",
    "flash": "The message was stored in {ns}. A page shows it once: reload, and it is gone.",
    "renew": "{ns} was renewed: the same data, a new cookie. Every login should do this.",
    "lose": "{ns} has “in time”, and lost “too late”, which was written after the cookie.",
    "invalidate": "{ns} was invalidated: its data is gone. The other sessions have not changed.",
    "invalidate_all": "All sessions were invalidated.",
    "invalidate_all_http": "All sessions were invalidated, except account, which refuses http.",
    "cart_add": "Added. That request opened only the session cart.",
    "cart_remove": "Removed. That request opened only the session cart.",
    "login": "The session account was renewed, and holds the login. The cart has not changed.",
    "logout": "The session account was invalidated. The cart has not changed.",
    "logout_everywhere": "You are logged out on all your devices. Their carts have not changed.",
    "refused": "{ns} refuses http, so you were redirected to https. Try again here.",
}


class Feedback(NamedTuple):
    """The page's report on the previous request.

    :ivar toolbar: the path of the debug toolbar's page about that request; ``None``: it has none.
    """

    text: str
    toolbar: str | None


def page_after(request: Request) -> str:
    """The path of the page, with feedback about this POST, at the button that was pressed."""
    action, namespace = request.matched_route.name, request.params.get("ns", "")
    if action == "invalidate" and not namespace:
        action = "invalidate_all" if request.scheme == "https" else "invalidate_all_http"
    in_card = namespace or action.startswith("invalidate_all")
    anchor = (namespace or "sessions") if in_card else "shop"
    query = _query(request, action, namespace)
    return str(request.route_path("home", _query=query, _anchor=anchor))


def https_page(request: Request, namespace: str) -> str:
    """The page on https, with the reason why somebody is led there."""
    return f"{https_url(request)}?{urlencode(_query(request, 'refused', namespace))}"


def feedback(request: Request) -> Feedback | None:
    """The feedback that the query of the page asks for."""
    sentence, namespace = SENTENCES.get(request.GET.get("done")), request.GET.get("ns", "")
    if sentence is None or namespace not in {"", *request.session_multi.namespaces}:
        return None
    number = request.GET.get("request", "")
    has_page = re.fullmatch(r"[0-9a-f]+", number)
    toolbar = request.route_path("debugtoolbar", subpath=[number]) if has_page else None
    return Feedback(sentence.format(ns=namespace), toolbar)


def _query(request: Request, action: str, namespace: str) -> dict[str, str]:
    query = {"done": action, "ns": namespace, "request": getattr(request, "pdtb_id", "")}
    return {key: value for key, value in query.items() if value}
