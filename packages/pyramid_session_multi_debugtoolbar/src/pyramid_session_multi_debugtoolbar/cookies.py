"""Cookies as they came and as they were really sent, and what a browser makes of them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import Any, NamedTuple

from .naming import plain

# Name and value together; Chromium drops what is longer without a word, others cut at about it.
LARGEST = 4096
_LARGE = LARGEST * 9 // 10

# RFC 6265 5.2.2; where it does not fit, the attribute is ignored.
_MAX_AGE = re.compile(r"-?[0-9]+")


class SentCookie(NamedTuple):
    """A ``Set-Cookie`` header.

    :ivar size: bytes of name and value, which is what browsers count.
    :ivar attributes: by their names in small letters, the last of each.
    :ivar deletes: does it tell the browser to forget the cookie?
    """

    name: str
    value: str
    attributes: dict[str, str]
    deletes: bool = False

    @property
    def size(self) -> int:
        return len(self.name) + len(self.value)

    @property
    def described(self) -> str:
        """The attributes, in the order they were sent in."""
        return "; ".join(
            plain(f"{_SPELLED.get(name, name)}={value}" if value else _SPELLED.get(name, name))
            for name, value in self.attributes.items()
        )


_SPELLED = {
    "path": "Path", "domain": "Domain", "max-age": "Max-Age", "expires": "Expires",
    "secure": "Secure", "httponly": "HttpOnly", "samesite": "SameSite",
}  # fmt: skip


def parse(header: str, moment: float) -> SentCookie:
    """A ``Set-Cookie`` header that was sent at a moment, in seconds as of :func:`time.time`."""
    pair, *attributes = header.split(";")
    name, _, value = pair.partition("=")
    parsed = {}
    for attribute in attributes:
        key, _, given = attribute.partition("=")
        parsed[key.strip().lower()] = given.strip()
    return SentCookie(name.strip(), value.strip(), parsed, _deletes(parsed, moment))


def _deletes(attributes: Mapping[str, str], moment: float) -> bool:
    max_age = attributes.get("max-age", "")
    if _MAX_AGE.fullmatch(max_age):  # RFC 6265 5.3: it has precedence
        return max_age.startswith("-") or not max_age.strip("0")  # of any length
    expires = parsedate_tz(attributes.get("expires", ""))
    try:
        return expires is not None and mktime_tz(expires) <= moment
    except (ValueError, OverflowError):  # no such day: ignored as well (RFC 6265 5.2.1)
        return False


class Cookies(NamedTuple):
    """A ``Cookie`` header and the moment it is read at, in seconds as of :func:`time.time`."""

    header: str
    moment: float


NO_COOKIES = Cookies("", 0)


def cookies_in(environ: Mapping[str, Any]) -> Cookies:
    """Those that a request has now (PEP 3333)."""
    return Cookies(environ.get("HTTP_COOKIE", ""), time.time())


def came_in(header: str) -> dict[str, list[str]]:
    """Names and values in a ``Cookie`` header, as they are written."""
    came: dict[str, list[str]] = {}
    for pair in header.split(";"):
        name, _, value = pair.partition("=")
        if name.strip():
            came.setdefault(name.strip(), []).append(value.strip())
    return came


class Visited(NamedTuple):
    """Where a cookie comes from, as far as browsers look at it."""

    scheme: str
    host: str

    @property
    def trusted(self) -> bool:
        """Do Secure cookies stay? Chromium and Firefox take the machine itself for secure."""
        name = self.host.rstrip(".").lower()
        local = name in ("localhost", "[::1]") or name.endswith(".localhost")
        return self.scheme == "https" or local or name.startswith("127.")


def visited_in(environ: Mapping[str, Any]) -> Visited:
    """Where a request went (PEP 3333)."""
    host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME") or ""
    if not host.endswith("]"):  # an IPv6 address without a port
        host = host.rpartition(":")[0] or host
    return Visited(environ.get("wsgi.url_scheme", "http"), host)


def refusal(cookie: SentCookie, visited: Visited) -> str:
    """Why a browser will not take this cookie; empty where it will."""
    attributes = cookie.attributes
    secure = "secure" in attributes
    domain = attributes.get("domain", "").lstrip(".").lower()
    host = visited.host.lower()
    if cookie.size > LARGEST:
        return f"name and value have {cookie.size:,} bytes, and browsers keep at most {LARGEST:,}"
    if secure and not visited.trusted:
        return "it is Secure, and this is an http request"
    if domain and host != domain and not host.endswith("." + domain):
        return f"its Domain {plain(domain)} is not that of {plain(host)}"
    if attributes.get("samesite", "").lower() == "none" and not secure:
        return "it says SameSite=None without Secure"
    return _prefix_refusal(cookie, secure=secure)


def _prefix_refusal(cookie: SentCookie, *, secure: bool) -> str:
    # RFC 6265bis 4.1.3
    if cookie.name.lower().startswith("__secure-") and not secure:
        return "its name starts with __Secure-, but it is not Secure"
    if cookie.name.lower().startswith("__host-"):
        attributes = cookie.attributes
        if not secure or attributes.get("path") != "/" or attributes.get("domain"):
            return "its name starts with __Host-: it must be Secure, with Path=/ and no Domain"
    return ""


def held_afterwards(
    came: Mapping[str, list[str]], sent: Iterable[SentCookie], visited: Visited
) -> dict[str, str]:
    """The cookies of the browser's next request to the same place."""
    held = {name: values[-1] for name, values in came.items()}  # of two, WebOb takes the last
    for cookie in sent:
        if refusal(cookie, visited):
            continue
        held.pop(cookie.name, None)
        if not cookie.deletes:
            held[cookie.name] = cookie.value
    return held


def nearly_too_large(size: int) -> bool:
    """Will a cookie of so many bytes soon be dropped?"""
    return _LARGE < size <= LARGEST
