"""The environment variables of the shop, with their defaults."""

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
    """The port for http in ``shop.ini``."""
    parser = ConfigParser(interpolation=None)
    parser.read(INI, encoding="utf-8")
    return parser.defaults()["http_port"]


def ports(environ: Mapping[str, str]) -> tuple[int, int]:
    """The ports for http (``$PORT``) and https (the next one)."""
    port = environ.get("PORT") or default_port()
    if not (port.isdecimal() and 0 < int(port) < LAST_PORT):
        sys.exit(f"PORT must be a number from 1 to {LAST_PORT - 1}, not {port!r}.")
    return int(port), int(port) + 1


def application(environ: Mapping[str, str]) -> str:
    """The name of the application in ``shop.ini``: with ``$REDIS_URL`` the carts are in Redis."""
    return "redis" if environ.get("REDIS_URL") else "main"


def variables(environ: Mapping[str, str], scratch: str) -> dict[str, str]:
    """The variables that ``shop.ini`` needs.

    ``$SHOP_SECRET`` signs the cookies; with a fixed one they survive a restart. ``$SHOP_DATA`` is
    the folder of the carts' SQLite file; the default is ``scratch``.
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


def _secret(value: str | None) -> str:
    if not value:
        return secrets.token_hex(64)
    if len(value.encode()) < SHORTEST_SECRET:
        sys.exit(f"SHOP_SECRET must have at least {SHORTEST_SECRET} bytes, ideally 64.")
    # It can be any text: in the .ini file itself, white space would separate secrets.
    return hmac.digest(value.encode(), b"shop.ini", "sha512").hex()
