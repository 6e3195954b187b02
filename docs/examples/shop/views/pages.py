"""The shop, which peeks at every session, and the price list, which cannot open one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from pyramid_session_multi import ISessionMultiManagerConfig

from ..addresses import http_url, https_url
from ..feedback import feedback
from ..goods import GOODS, price
from ..overview import overview
from ..users import LOGINS

FOR_AN_HOUR = (3600, {"public": True})


@view_config(route_name="home", accept="text/html", renderer="page.mako", http_cache=0)
def page(request: Request) -> dict[str, Any]:
    """The shop. It opens a session only to show a message or to verify a login."""
    rows = overview(request)
    messages = [
        (name, message)
        for name, row in rows.items()
        if row.messages
        for message in request.session_multi[name].pop_flash()
    ]
    is_login = "userid" in rows["account"].values
    user = LOGINS.authenticated_userid(request) if is_login else None
    basket = rows["cart"].values.get("basket", {})
    return {
        "feedback": feedback(request),
        "rows": rows,
        "messages": messages,
        "opened": list(request.session_multi),
        "basket": [(GOODS[good], n) for good, n in basket.items() if good in GOODS],
        "storage": request.registry.settings["shop.storage"],
        "user": user,
        "minutes": _lifetime(request, "account") // 60,
        "goods": GOODS,
        "price": price,
        "http": http_url(request),
        "https": https_url(request),
    }


@view_config(route_name="home", accept="application/json", renderer="json", http_cache=0)
@view_config(route_name="state", renderer="json", http_cache=0)
def state(request: Request) -> dict[str, Any]:
    """The same for programs; it opens no session, and leaves the messages in theirs."""
    rows = overview(request)
    return {
        "scheme": request.scheme,
        "namespaces": {name: asdict(row) for name, row in rows.items()},
        "opened": list(request.session_multi),
    }


@view_config(route_name="prices", renderer="prices.mako", session_multi=(), http_cache=FOR_AN_HOUR)
def prices(request: Request) -> dict[str, Any]:
    """The same page for everybody: it declares no session, so any cache may keep it."""
    return {"goods": GOODS, "price": price}


def _lifetime(request: Request, namespace: str) -> int:
    """The seconds after which a session of the namespace ends, from shop.ini."""
    namespaces = request.registry.getUtility(ISessionMultiManagerConfig)
    return namespaces.get(namespace).lifetime or 0
