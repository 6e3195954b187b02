"""The application of the screenshots: three sessions, and pages that fill, read and lose them."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import https_only, signed_cookie_session_factory

SECRET = "not a secret: it is in the repository, for the screenshots of the documentation"


def make(*, failing: bool = False, **settings: Any) -> Any:
    """The WSGI application; if failing, with a fourth session whose storage is down."""
    with Configurator(settings=settings) as config:
        config.include("pyramid_debugtoolbar")
        config.include("pyramid_session_multi")
        public = signed_cookie_session_factory("public", SECRET)
        config.register_session_factory("public", public)
        cart = BeakerSessionFactoryConfig(key="cart", type="memory", secret=SECRET, httponly=True)
        config.register_session_factory("cart", cart)
        account = signed_cookie_session_factory("account", SECRET, secure=True)
        config.register_session_factory("account", account, discriminator=https_only)
        if failing:
            config.register_session_factory("wishlist", _unreachable, cookie_name="wishlist")
        for view in (arrive, buy, browse, forget, wish):
            config.add_route(view.__name__, f"/{view.__name__}")
            config.add_view(view, route_name=view.__name__)
        return config.make_wsgi_app()


def arrive(request: Request) -> Response:
    """A first visit: values to start from."""
    sessions = request.session_multi
    sessions["public"]["language"] = "en"
    sessions["public"]["theme"] = "dark"
    sessions["public"]["recent"] = ["The Left Hand of Darkness"]
    sessions["cart"]["items"] = {"978-0-441-47812-5": 1}
    sessions["cart"]["voucher"] = "SPRING"
    return _answer()


def buy(request: Request) -> Response:
    """Changes of every kind in two sessions, and a third that is refused on http."""
    sessions = request.session_multi
    public, cart = sessions["public"], sessions["cart"]
    public["language"] = "fr"
    del public["theme"]
    public.flash("A book was added to your cart.")
    public.new_csrf_token()
    cart["items"]["978-0-14-143951-8"] = 2
    cart["payment"] = {"method": "card", "token": "tok_1234567890", "amount": 3150}
    cart.changed()
    sessions["account"]
    return _answer()


def browse(request: Request) -> Response:
    """Nothing is opened."""
    return _answer()


def forget(request: Request) -> Response:
    """A list inside a cookie session is changed in place, which it cannot see."""
    request.session_multi["public"]["recent"].append("The Dispossessed")
    return _answer()


def wish(request: Request) -> Response:
    """A session whose cookie was damaged, and one whose storage is down."""
    _language(request)
    _wishlist(request)
    return _answer()


def _language(request: Request) -> list[str]:
    return [request.session_multi["public"].get("language", "en")]


def _wishlist(request: Request) -> list[str]:
    try:
        return list(request.session_multi["wishlist"])
    except ConnectionError:
        return []


def _unreachable(request: Request) -> Any:
    raise ConnectionRefusedError("no answer from redis://shop:a-password@localhost:6380/0")


def _answer() -> Response:
    return Response("<html><body>A bookshop.</body></html>")
