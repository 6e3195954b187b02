"""``Set-Cookie`` headers as session libraries write them, and as browsers obey them."""

from __future__ import annotations

import time
from collections.abc import Container
from contextlib import suppress
from email.utils import mktime_tz, parsedate_tz

from ..libraries.cookie_prefixes import HOST_PREFIX, SECURE_PREFIXES
from .response_headers import Headers


def repair_set_cookies(headers: Headers, names: Container[str]) -> None:
    """Let browsers obey each deletion of a cookie whose name has a prefix, and strip blanks.

    Browsers ignore a ``Set-Cookie`` for ``__Host-`` and ``__Secure-`` names without the attributes
    that these require (RFC 6265bis 4.1.3), also if it deletes the cookie. Beaker's header begins
    with a blank, which some servers refuse.

    :param names: the names of the session cookies.
    """
    for index, (header, value) in enumerate(headers):
        if header.lower() == "set-cookie":
            repaired = value.strip()
            name = repaired.partition("=")[0].strip()
            has_prefix = name.lower().startswith(SECURE_PREFIXES)
            if has_prefix and name in names and is_deletion(repaired):
                repaired += _missing_attributes(name.lower(), repaired)
            if repaired != value:
                headers[index] = header, repaired


def is_deletion(set_cookie: str) -> bool:
    """True if the header makes the browser delete the cookie (RFC 6265 5.3)."""
    attributes = _attributes(set_cookie)
    with suppress(ValueError):  # else it is ignored
        return int(attributes.get("max-age", "")) <= 0
    with suppress(ValueError, OverflowError):
        expires = parsedate_tz(attributes.get("expires", ""))
        return expires is not None and mktime_tz(expires) <= time.time()
    return False


def _missing_attributes(name: str, set_cookie: str) -> str:
    attributes = _attributes(set_cookie)
    missing = "" if "secure" in attributes else "; Secure"
    if name.startswith(HOST_PREFIX) and "path" not in attributes:
        missing += "; Path=/"
    return missing


def _attributes(set_cookie: str) -> dict[str, str]:
    """The attributes by their names in small letters."""
    pairs = (part.partition("=") for part in set_cookie.split(";")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
