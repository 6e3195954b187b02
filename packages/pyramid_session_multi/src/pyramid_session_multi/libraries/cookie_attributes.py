"""The attributes of a session cookie, and which of them browsers reject."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CookieAttributes:
    """The attributes that a session cookie is sent with (RFC 6265 4.1.2).

    :ivar path: the path prefix of the urls that it is sent to.
    :ivar domain: the host that it is sent to, with its subdomains; ``None``: the host alone.
    :ivar max_age: seconds; ``None``: until the browser is closed.
    :ivar secure: true if it is sent over https only.
    :ivar httponly: true if it is hidden from scripts.
    :ivar samesite: ``"Lax"``, ``"Strict"`` or ``"None"``; ``None``: the attribute is not sent.
    """

    path: str = "/"
    domain: str | None = None
    max_age: int | None = None
    secure: bool = False
    httponly: bool = False
    samesite: str | None = None

    def flags(self) -> list[str]:
        """The attributes as they are written in ``Set-Cookie``."""
        parts = [f"Path={self.path}"]
        parts += [f"Domain={self.domain}"] if self.domain else []
        parts += [f"Max-Age={self.max_age}"] if self.max_age is not None else []
        parts += ["Secure"] if self.secure else []
        parts += ["HttpOnly"] if self.httponly else []
        parts += [f"SameSite={self.samesite}"] if self.samesite else []
        return parts

    @property
    def is_samesite_none_insecure(self) -> bool:
        """True for SameSite=None without Secure, which browsers drop and WebOb refuses to send."""
        return str(self.samesite or "").lower() == "none" and not self.secure

    def prefix_problems(self, name: str) -> list[str]:
        """The rules of the prefixes ``__Secure-`` and ``__Host-`` that a cookie breaks.

        Browsers drop such a cookie (RFC 6265bis 4.1.3) and ignore the case of the prefix.

        :returns: what the prefix requires, as in ``["Secure", "Path=/ and no Domain"]``.
        """
        lower_name, problems = name.lower(), []
        if lower_name.startswith(("__secure-", "__host-")) and not self.secure:
            problems.append("Secure")
        if lower_name.startswith("__host-") and (self.domain or self.path != "/"):
            problems.append("Path=/ and no Domain")
        return problems
