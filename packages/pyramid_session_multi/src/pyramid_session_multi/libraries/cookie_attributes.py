"""The attributes of a session cookie, and which of them browsers reject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .cookie_prefixes import HOST_PREFIX, SECURE_PREFIXES

# A host name, perhaps with a leading dot, which browsers ignore; or an IPv6 address.
_DOMAIN = re.compile(r"\.?[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*|\[[0-9A-Fa-f:.]+\]")

# The characters of a url's path as browsers send it: they encode the others (WHATWG URL 4.4).
# WebOb would also escape a comma, in a way that browsers do not undo.
_PATH = re.compile(r"/[!$%&'()*+./0-9:=@A-Z\[\]^_a-z|~-]*")


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
        parts = [f"Path={self.path}"] if self.path else []
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

    def scope_problems(self) -> dict[str, str]:
        """The values of ``domain`` and ``path`` that browsers cannot match with any url.

        They drop a cookie if its Domain does not match the host, never send it if its Path is in
        no url, and ignore a Path that does not begin with a slash (RFC 6265 5.1.4, 5.2, 5.3).

        :returns: attribute to a predicate, as in ``{"path": "takes the path of a url, ..."}``.
        """
        problems = {"domain": _domain_problem(self.domain), "path": _path_problem(self.path)}
        return {name: problem for name, problem in problems.items() if problem}

    def prefix_problems(self, name: str) -> list[str]:
        """The rules of the prefixes ``__Secure-`` and ``__Host-`` that a cookie breaks.

        :returns: what the prefix requires, as in ``["Secure", "Path=/ and no Domain"]``.
        """
        lower_name, problems = name.lower(), []
        if lower_name.startswith(SECURE_PREFIXES) and not self.secure:
            problems.append("Secure")
        if lower_name.startswith(HOST_PREFIX) and (self.domain or self.path != "/"):
            problems.append("Path=/ and no Domain")
        return problems


def _domain_problem(domain: str | None) -> str | None:
    """Say which values Domain takes if browsers drop a cookie with this one; else ``None``.

    The value is not quoted: a url in its place may hold a password.
    """
    if not domain or _DOMAIN.fullmatch(domain):
        return None
    expected = "takes a host name like example.com"
    if "://" in domain:
        return f"{expected}, without the scheme of a url"
    if re.search(r"\s", domain):
        return f"{expected}, without spaces; a comment after it would become part of it"
    if re.fullmatch(r".*:\d*", domain):
        return f"{expected}, without a port"
    if not domain.isascii():
        return f"{expected}, in ASCII (Punycode)"
    return expected


def _path_problem(path: str | None) -> str | None:
    """Say which values Path takes if browsers ignore this one or never send its cookie.

    ``None`` if they do neither.
    """
    if path is not None and _PATH.fullmatch(path):
        return None
    if not path or not path.startswith("/"):
        return "takes the path of a url, which begins with /"
    if re.search(r"\s", path):
        return "takes the path of a url, without spaces; a comment after it would become part of it"
    return "takes the path of a url as browsers send it, with other characters as %XX"
