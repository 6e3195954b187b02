"""The size of all session cookies together, which servers and proxies limit."""

from __future__ import annotations

import logging
from collections.abc import Container

from .set_cookies import is_deletion

log: logging.Logger = logging.getLogger("pyramid_session_multi")

# Servers and proxies refuse a request with headers of about 8 kB: gunicorn with 431, nginx 400.
MAX_COOKIE_BYTES = 8000


def warn_of_large_cookies(header: str, set_cookies: list[str], names: Container[str]) -> None:
    """Log a warning if a response makes the browser send more than ``MAX_COOKIE_BYTES``.

    :param header: the request's ``Cookie`` header.
    :param set_cookies: the values of the response's ``Set-Cookie`` headers.
    :param names: the names of the session cookies.
    """
    if len(header) + sum(map(len, set_cookies)) <= MAX_COOKIE_BYTES:
        return
    sizes = {}
    pairs = [(pair.strip(), False) for pair in header.split(";")]
    pairs += [(each.partition(";")[0].strip(), is_deletion(each)) for each in set_cookies]
    for pair, is_deleted in pairs:
        name = pair.partition("=")[0].strip()
        if name in names:
            sizes[name] = 0 if is_deleted else len(pair)
    total = sum(sizes.values())
    if total > MAX_COOKIE_BYTES:
        log.warning(
            "The browser now holds %d bytes of session cookies (%s). Servers and proxies refuse a "
            "request whose headers exceed about 8 kB, a logout included. Move large sessions to a "
            "library that keeps the data on a server.",
            total,
            ", ".join(f"{name}: {size}" for name, size in sorted(sizes.items()) if size),
        )
