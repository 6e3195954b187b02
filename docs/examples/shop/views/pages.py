"""The shop, which looks at every session, and the price list, which cannot open one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..addresses import http_url, https_url
from ..goods import GOODS, price
from ..overview import overview

FOR_AN_HOUR = (3600, {"public": True})


@view_config(route_name="home", accept="text/html", renderer="page.mako", http_cache=0)
def page(request: Request) -> dict[str, Any]:
    """The shop. A message is shown once: reading it is what opens its session."""
    rows = overview(request)
    messages = [
        (name, message)
        for name, row in rows.items()
        if row.messages
        for message in request.session_multi[name].pop_flash()
    ]
    basket = rows["cart"].values.get("basket", {})
    return {
        "rows": rows,
        "messages": messages,
        "opened": list(request.session_multi),
        "basket": [(GOODS[good], n) for good, n in basket.items() if good in GOODS],
        "storage": request.registry.settings["shop.storage"],
        "user": rows["account"].values.get("user"),
        "goods": GOODS,
        "price": price,
        "http": http_url(request),
        "https": https_url(request),
    }


@view_config(route_name="home", accept="application/json", renderer="json", http_cache=0)
@view_config(route_name="state", renderer="json", http_cache=0)
def state(request: Request) -> dict[str, Any]:
    """The same for programs, which leaves even the messages where they are."""
    rows = overview(request)
    return {
        "scheme": request.scheme,
        "namespaces": {name: asdict(row) for name, row in rows.items()},
        "asked_for": list(request.session_multi),
    }


@view_config(route_name="prices", renderer="prices.mako", session_multi=(), http_cache=FOR_AN_HOUR)
def prices(request: Request) -> dict[str, Any]:
    """The same for everybody: it declares no session, so any cache may keep it for an hour."""
    return {"goods": GOODS, "price": price}
