"""What the environment says about how to run the shop, with what happens where it says nothing."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping

LAST_PORT = 2**16 - 1


def ports(environ: Mapping[str, str]) -> tuple[int, int]:
    """The ports of http (``$PORT``) and https (the next one)."""
    given = environ.get("PORT") or "6543"
    if not (given.isdecimal() and 0 < int(given) < LAST_PORT):
        sys.exit(f"PORT takes a number below {LAST_PORT}, not {given!r}.")
    return int(given), int(given) + 1


def settings(environ: Mapping[str, str], scratch: str) -> dict[str, str]:
    """The settings of the application.

    ``$SHOP_SECRET`` signs the cookies; with one of its own they survive a restart. ``$SHOP_DATA``
    is the folder of the carts' SQLite file, ``scratch`` without it. With ``$REDIS_URL`` the carts
    are in Redis instead.
    """
    http_port, https_port = ports(environ)
    return {
        "shop.http_port": str(http_port),
        "shop.https_port": str(https_port),
        "shop.secret": environ.get("SHOP_SECRET") or secrets.token_hex(64),
        "shop.data": environ.get("SHOP_DATA") or scratch,
        "shop.redis_url": environ.get("REDIS_URL", ""),
        "mako.directories": "shop:templates",
        "mako.default_filters": "h",
        "debugtoolbar.includes": "pyramid_session_multi.debugtoolbar",
        "debugtoolbar.hosts": "127.0.0.1",
        # Tracebacks are shown, but run no code.
        "debugtoolbar.intercept_exc": "display",
    }
