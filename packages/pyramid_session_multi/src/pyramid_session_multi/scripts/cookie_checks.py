"""Checks of ``psessions --check`` that look at a namespace's cookie."""

from __future__ import annotations

from collections.abc import Iterator

from .facts import Check, Facts

# Pyramid allows values of 4,064 bytes; browsers drop a cookie of more than 4,096, with its name.
_MAX_NAME_BYTES = 32


def _cookie_name_unknown(facts: Facts) -> Iterator[str]:
    if facts.namespace.cookie_name is None:
        yield "the name of its cookie is not known: pass cookie_name when you register it"


def _no_httponly(facts: Facts) -> Iterator[str]:
    if facts.cookie and not facts.cookie.httponly:
        yield "its cookie can be read by scripts: make it HttpOnly"


def _not_secure(facts: Facts) -> Iterator[str]:
    discriminator = facts.namespace.discriminator_name
    if facts.cookie and not facts.cookie.secure:
        although = f", although {discriminator} restricts the session" if discriminator else ""
        yield (
            f"browsers also send its cookie over http, where others can read it{although}: "
            "make the cookie Secure"
        )


def _samesite_none(facts: Facts) -> Iterator[str]:
    if facts.cookie and facts.cookie.is_samesite_none_insecure:
        yield "SameSite=None without Secure: WebOb refuses to send it, and browsers drop it"


def _cookie_prefix(facts: Facts) -> Iterator[str]:
    name, cookie = facts.namespace.cookie_name or "", facts.cookie
    for requirement in cookie.prefix_problems(name) if cookie else ():
        yield f"browsers drop {name}: its prefix requires {requirement}"


def _long_name(facts: Facts) -> Iterator[str]:
    length = len(facts.namespace.cookie_name or "")
    if length > _MAX_NAME_BYTES:
        yield (
            f"the name of its cookie has {length} bytes: with more than {_MAX_NAME_BYTES}, "
            "browsers silently drop a session of a size that Pyramid still allows"
        )


def _no_samesite(facts: Facts) -> Iterator[str]:
    if facts.cookie and not facts.cookie.samesite:
        yield (
            "its cookie has no SameSite attribute, and not every browser defaults to Lax: set one"
        )


def _cookie_scope(facts: Facts) -> Iterator[str]:
    problems = facts.cookie.scope_problems() if facts.cookie else {}
    for attribute, problem in problems.items():
        name = attribute.capitalize()
        yield f"browsers ignore its cookie or its {name}: {name} {problem}"


def _fixed_expiry(facts: Facts) -> Iterator[str]:
    if facts.library.has_fixed_expiry(facts.factory):
        yield (
            "browsers drop its cookie at a fixed time after the session began, however much the "
            "session is used: remove the cookie's expiry, or have the cookie sent again during use"
        )


COOKIE_CHECKS: dict[str, Check] = {
    "cookie-name-unknown": _cookie_name_unknown,
    "no-httponly": _no_httponly,
    "not-secure": _not_secure,
    "samesite-none": _samesite_none,
    "no-samesite": _no_samesite,
    "cookie-prefix": _cookie_prefix,
    "cookie-scope": _cookie_scope,
    "fixed-expiry": _fixed_expiry,
    "long-cookie-name": _long_name,
}
