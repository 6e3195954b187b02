"""What the environment says about how to run the shop, with what happens where it says nothing."""

from __future__ import annotations

import hmac
import secrets
import sys
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path

INI = Path(__file__).resolve().parents[1] / "shop.ini"
LAST_PORT = 2**16 - 1
SHORTEST_SECRET = 32


def default_port() -> str:
    """The port of http that ``shop.ini`` names."""
    parser = ConfigParser(interpolation=None)
    parser.read(INI, encoding="utf-8")
    return parser.defaults()["http_port"]


def ports(environ: Mapping[str, str]) -> tuple[int, int]:
    """The ports of http (``$PORT``) and https (the next one)."""
    port = environ.get("PORT") or default_port()
    if not (port.isdecimal() and 0 < int(port) < LAST_PORT):
        sys.exit(f"PORT takes a number below {LAST_PORT}, not {port!r}.")
    return int(port), int(port) + 1


def application(environ: Mapping[str, str]) -> str:
    """Which application of ``shop.ini``: with ``$REDIS_URL`` the carts are in Redis."""
    return "redis" if environ.get("REDIS_URL") else "main"


def variables(environ: Mapping[str, str], scratch: str) -> dict[str, str]:
    """The variables that ``shop.ini`` asks for.

    ``$SHOP_SECRET`` signs the cookies; with one of its own they survive a restart. ``$SHOP_DATA``
    is the folder of the carts' SQLite file, ``scratch`` without it.
    """
    http_port, https_port = ports(environ)
    values = {
        "http_port": str(http_port),
        "https_port": str(https_port),
        "secret": _secret(environ.get("SHOP_SECRET")),
        "data": str(Path(environ.get("SHOP_DATA") or scratch).resolve()),
        "redis_url": environ.get("REDIS_URL", ""),
    }
    return {name: value.replace("%", "%%") for name, value in values.items()}


def _secret(given: str | None) -> str:
    if not given:
        return secrets.token_hex(64)
    if len(given.encode()) < SHORTEST_SECRET:
        sys.exit(f"SHOP_SECRET needs at least {SHORTEST_SECRET} bytes, better 64.")
    # Any text will do here, whereas in the .ini file white space would separate secrets.
    return hmac.digest(given.encode(), b"shop.ini", "sha512").hex()
