"""The three namespaces of the shop: this is where pyramid_session_multi is told about them."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid_session_multi import https_only, signed_cookie_session_factory

from .storage import cart_session_factory


def includeme(config: Configurator) -> None:
    """Register them.

    Browsers send cookies to every port of a host, so http and https share one jar: what keeps
    the sessions apart is a cookie name for each, and a key for each, derived from one secret.
    """
    settings = config.get_settings()
    secret = settings["shop.secret"]

    public = signed_cookie_session_factory("public", secret, cookie_name="shop_public")
    config.register_session_factory("public", public)

    cart = cart_session_factory(
        "shop_cart", secret, settings["shop.data"], settings["shop.redis_url"]
    )
    config.register_session_factory("cart", cart)

    account = signed_cookie_session_factory(
        "account", secret, cookie_name="shop_account", secure=True
    )
    config.register_session_factory("account", account, discriminator=https_only)
