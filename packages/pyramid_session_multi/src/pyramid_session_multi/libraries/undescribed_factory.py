"""The cookie attributes of factories whose library is not described."""

from __future__ import annotations

from typing import Any

from .cookie_attributes import CookieAttributes

# Those of Pyramid's own cookie sessions, after which many libraries were modeled.
_REQUIRED = ("_cookie_name", "_cookie_path", "_cookie_secure", "_cookie_httponly")


def cookie_attributes_of(factory: Any) -> CookieAttributes | None:
    """The attributes of the cookie, if the factory names them as Pyramid's own do."""
    if not all(hasattr(factory, name) for name in _REQUIRED):
        return None
    return CookieAttributes(
        path=factory._cookie_path,
        domain=getattr(factory, "_cookie_domain", None),
        max_age=getattr(factory, "_cookie_max_age", None),
        secure=bool(factory._cookie_secure),
        httponly=bool(factory._cookie_httponly),
        samesite=getattr(factory, "_cookie_samesite", None),
    )
