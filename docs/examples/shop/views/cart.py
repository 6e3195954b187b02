"""The basket of goods in the session ``cart``."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.view import view_config

from ..forms import session, text
from ..goods import GOODS
from ..responses import done

MOST = 99


@view_config(route_name="cart_add", renderer="json")
def add(request: Request) -> Any:
    """Add one of a good."""
    good = _good(request)
    _change(request, good, +1)
    return done(request, f"{good} added")


@view_config(route_name="cart_remove", renderer="json")
def remove(request: Request) -> Any:
    """Remove one of a good."""
    good = _good(request)
    _change(request, good, -1)
    return done(request, f"{good} removed")


def _good(request: Request) -> str:
    good = text(request, "good")
    if good not in GOODS:
        raise HTTPBadRequest(f"The shop sells {', '.join(GOODS)}, but not {good!r}.")
    return good


def _change(request: Request, good: str, by: int) -> None:
    cart = session(request, "cart")
    basket = dict(cart.get("basket", {}))
    basket[good] = min(basket.get(good, 0) + by, MOST)
    # Assigned, not changed in place, which a session may not notice.
    cart["basket"] = {name: count for name, count in basket.items() if count > 0}
