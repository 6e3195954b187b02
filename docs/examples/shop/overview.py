"""The state of each namespace in a request, without opening any."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pyramid.request import Request

FLASH = "_f_"
CSRF = "_csrft_"
GENERATION = "generation"


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A namespace, as this request's cookies show it.

    :ivar state: ``untouched``: no cookie was received. ``refused``: by the discriminator.
        ``empty``: a cookie was received, but holds no data or was not accepted. ``filled``.
    :ivar accepted: true if a cookie was received and accepted.
    :ivar fingerprint: distinguishes cookies without showing them.
    """

    name: str
    state: str
    cookie: str | None
    has_cookie: bool
    accepted: bool
    fingerprint: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)


def overview(request: Request) -> dict[str, Overview]:
    """All namespaces; ``list(request.session_multi)`` does not change."""
    return {name: _look(request, name) for name in request.session_multi.namespaces}


def _look(request: Request, name: str) -> Overview:
    sessions = request.session_multi
    cookie = sessions.get_namespace_cookiename(name)
    has_cookie = bool(sessions.has_cookie(name))
    peeked = sessions.peek(name)
    values = peeked or {}
    messages = values.pop(FLASH, [])
    values.pop(CSRF, None)  # a secret, even from this page
    values.pop(GENERATION, None)
    if refuses(request, name):
        state = "refused"
    elif not has_cookie:
        state = "untouched"
    else:
        state = "filled" if values or messages else "empty"
    return Overview(
        name=name,
        state=state,
        cookie=cookie,
        has_cookie=has_cookie,
        accepted=peeked is not None,
        fingerprint=_fingerprint(request.cookies[cookie]) if has_cookie else None,
        values=values,
        messages=messages,
    )


def refuses(request: Request, name: str) -> bool:
    """True if the namespace's discriminator refuses this request."""
    discriminator = request.session_multi.get_namespace_discriminator(name)
    return discriminator is not None and not discriminator(request)


def _fingerprint(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()[:8]
