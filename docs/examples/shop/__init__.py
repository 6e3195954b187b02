"""A small shop with three sessions, each with a cookie, a storage and a rule of its own.

* ``public``: its data is in a signed cookie. It exists on http and https.
* ``cart``: its data is on the server, in SQLite or Redis; the cookie holds a signed id.
* ``account``: its data is in a signed cookie that is Secure. It exists only over https.

All of this is in ``shop.ini``, in the folder above this one; there, ``python -m shop`` starts it.
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
    "lose": "/lose",
    "renew": "/renew",
    "invalidate": "/invalidate",
    "cart_add": "/cart/add",
    "cart_remove": "/cart/remove",
    "login": "/login",
    "logout": "/logout",
    "logout_everywhere": "/logout/everywhere",
}


def main(global_config: dict[str, str], **settings: Any) -> Router:
    """Create the WSGI application; its settings and namespaces are those of ``shop.ini``."""
    with Configurator(settings=settings) as config:
        config.include("pyramid_session_multi")
        config.include("pyramid_mako")
        config.include("pyramid_debugtoolbar")
        config.include("shop.csrf")
        config.add_renderer("json", JSON(serializer=_readable))
        # Browsers prefer HTML. A client that accepts anything, like curl, gets JSON.
        config.add_accept_view_order("application/json", weighs_more_than="text/html")
        for name, path in PAGES.items():
            config.add_route(name, path, request_method="GET")
        for name, path in POSTS.items():
            config.add_route(name, path, request_method="POST")
        config.scan("shop.views")
        return config.make_wsgi_app()


def _readable(value: Any, **options: Any) -> str:
    return json.dumps(value, indent=2, **options) + "\n"
