"""Received and sent cookies, and how browsers treat them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.utils import mktime_tz, parsedate_tz
from functools import lru_cache
from typing import Any, NamedTuple

from pyramid_session_multi import CookieAttributes

from .limits import MAX_COOKIE_BYTES
from .safe.names import printable

# RFC 6265 5.2.2: an attribute that does not match is ignored.
_MAX_AGE = re.compile(r"-?[0-9]+")

_CANONICAL = {
    "path": "Path", "domain": "Domain", "max-age": "Max-Age", "expires": "Expires",
    "secure": "Secure", "httponly": "HttpOnly", "samesite": "SameSite",
}  # fmt: skip


class SentCookie(NamedTuple):
    """A ``Set-Cookie`` header.

    :ivar attributes: by lower-case name; the last one if a name is repeated.
    :ivar deletes: true if it makes the browser delete the cookie.
    """

    name: str
    value: str
    attributes: dict[str, str]
    deletes: bool = False

    @property
    def size(self) -> int:
        """The bytes of name and value; browsers limit this sum."""
        return len(self.name) + len(self.value)

    @property
    def attribute_text(self) -> str:
        """The attributes, in their order in the header."""
        named = ((_CANONICAL.get(name, name), value) for name, value in self.attributes.items())
        return "; ".join(printable(f"{name}={value}" if value else name) for name, value in named)


def parse_set_cookie(header: str, timestamp: float) -> SentCookie:
    """Parse a ``Set-Cookie`` header.

    :param timestamp: the moment it was sent, in seconds as of :func:`time.time`.
    """
    pair, *parts = header.split(";")
    name, _, value = pair.partition("=")
    attributes = {}
    for part in parts:
        key, _, text = part.partition("=")
        attributes[key.strip().lower()] = text.strip()
    return SentCookie(name.strip(), value.strip(), attributes, _deletes(attributes, timestamp))


def _deletes(attributes: Mapping[str, str], timestamp: float) -> bool:
    max_age = attributes.get("max-age", "")
    if _MAX_AGE.fullmatch(max_age):  # RFC 6265 5.3: it has precedence
        return max_age.startswith("-") or not max_age.strip("0")  # of any length
    expires = parsedate_tz(attributes.get("expires", ""))
    try:
        return expires is not None and mktime_tz(expires) <= timestamp
    except (ValueError, OverflowError):  # an impossible day: ignored as well (RFC 6265 5.2.1)
        return False


def parse_cookie_header(header: str) -> dict[str, list[str]]:
    """Map the names in a ``Cookie`` header to their values, not decoded."""
    cookies: dict[str, list[str]] = {}
    for pair in header.split(";"):
        name, _, value = pair.partition("=")
        if name.strip():
            cookies.setdefault(name.strip(), []).append(value.strip())
    return cookies


class Origin(NamedTuple):
    """The scheme and host of a request, which decide about cookies."""

    scheme: str
    host: str

    @property
    def is_secure_context(self) -> bool:
        """True if browsers keep Secure cookies; Chromium and Firefox trust the local machine."""
        name = self.host.rstrip(".").lower()
        is_local = name in ("localhost", "[::1]") or name.endswith(".localhost")
        return self.scheme == "https" or is_local or name.startswith("127.")


def origin_of(environ: Mapping[str, Any]) -> Origin:
    """The scheme and host that a request was sent to (PEP 3333)."""
    host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME") or ""
    if not host.endswith("]"):  # an IPv6 address without a port
        host = host.rpartition(":")[0] or host
    return Origin(environ.get("wsgi.url_scheme", "http"), host)


def rejection_reason(cookie: SentCookie, origin: Origin) -> str:
    """The reason why a browser rejects this cookie; empty if it accepts it."""
    if cookie.size > MAX_COOKIE_BYTES:
        return (
            f"name and value have {cookie.size:,} bytes, and browsers keep at most "
            f"{MAX_COOKIE_BYTES:,}"
        )
    return _attribute_problem(cookie.name, tuple(cookie.attributes.items()), origin)


@lru_cache  # an application sends few different attributes, and again and again
def _attribute_problem(name: str, items: tuple[tuple[str, str], ...], origin: Origin) -> str:
    values = dict(items)
    attributes = CookieAttributes(
        path=values.get("path", ""),
        domain=values.get("domain", "").lstrip(".").lower(),
        secure="secure" in values,
        samesite=values.get("samesite"),
    )
    domain, host = attributes.domain, origin.host.lower()
    if attributes.secure and not origin.is_secure_context:
        return "it is Secure, and this is an http request"
    if domain and host != domain and not host.endswith("." + domain):
        return f"its Domain {printable(domain)} does not match {printable(host)}"
    if attributes.is_samesite_none_insecure:
        return "it has SameSite=None without Secure"
    problems = " and ".join(attributes.prefix_problems(name))
    return f"the prefix of {printable(name)} requires {problems}" if problems else ""


def browser_cookies_after(
    incoming: Mapping[str, list[str]], sent: Iterable[SentCookie], origin: Origin
) -> dict[str, str]:
    """The cookies that the browser will send to the same page next."""
    cookies = {name: values[-1] for name, values in incoming.items()}  # WebOb uses the last one
    for cookie in sent:
        if rejection_reason(cookie, origin):
            continue
        cookies.pop(cookie.name, None)
        if not cookie.deletes:
            cookies[cookie.name] = cookie.value
    return cookies


def nearly_too_large(size: int) -> bool:
    """True if a cookie of this many bytes is close to the limit."""
    return MAX_COOKIE_BYTES * 9 // 10 < size <= MAX_COOKIE_BYTES
