"""A small shop with three sessions, each with a cookie, a home and a rule of its own.

* ``public``: a signed cookie, for everybody.
* ``cart``: an id in the cookie, the cart itself on the server: in SQLite, or in Redis.
* ``account``: a signed cookie that is Secure, and a session that exists on https only.

``shop.ini``, in the folder above this one, says all of this; there, ``python -m shop`` starts it.
"""

from __future__ import annotations

import json
from typing import Any

from pyramid.config import Configurator
from pyramid.renderers import JSON
from pyramid.router import Router

PAGES = {
    "home": "/",
    "state": "/state",
    "prices": "/prices",
}
POSTS = {
    "write": "/write",
    "flash": "/flash",
    "renew": "/renew",
    "invalidate": "/invalidate",
    "cart_add": "/cart/add",
    "cart_remove": "/cart/remove",
    "login": "/login",
    "logout": "/logout",
    "logout_everywhere": "/logout/everywhere",
}


def main(global_config: dict[str, str], **settings: Any) -> Router:
    """Make the WSGI application; the settings are those of ``shop.ini``, and so the namespaces."""
    with Configurator(settings=settings) as config:
        config.include("pyramid_session_multi")
        config.include("pyramid_mako")
        config.include("pyramid_debugtoolbar")
        config.include("shop.csrf")
        config.add_renderer("json", JSON(serializer=_readable))
        # Who takes anything, like curl, gets JSON; browsers say that they prefer HTML.
        config.add_accept_view_order("application/json", weighs_more_than="text/html")
        for name, path in PAGES.items():
            config.add_route(name, path, request_method="GET")
        for name, path in POSTS.items():
            config.add_route(name, path, request_method="POST")
        config.scan("shop.views")
        return config.make_wsgi_app()


def _readable(value: Any, **options: Any) -> str:
    return json.dumps(value, indent=2, **options) + "\n"
