"""Warnings about a namespace's cookies, as whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

from pyramid_session_multi import CookieAttributes, Namespace
from webob.cookies import parse_cookie

from ..cookies import Origin, SentCookie, nearly_too_large, rejection_reason
from ..limits import MAX_COOKIE_BYTES, MAX_HEADER_BYTES
from ..safe.names import printable


def rejected_cookie_warning(namespace: Namespace, value: str) -> str:
    """The reason why the session library rejected a cookie, as far as known.

    :param value: as it is written in the ``Cookie`` header.
    """
    library = namespace.session_library
    is_authentic = None if library is None else _is_authentic(namespace, value)
    timed_out = "it timed out"
    if namespace.lifetime is not None:
        timed_out += ", or its lifetime is over"
    if library is None or is_authentic is None:
        reason = "its signature is invalid, it timed out, or the server does not know its id"
    elif not is_authentic:
        reason = (
            "its signature is invalid, so it was damaged, forged, or signed with a secret that "
            "this namespace does not use"
        )
    elif library.server_side(namespace.library_factory):
        reason = (
            "its signature is valid, but the server has no session with its id: "
            f"it was ended, {timed_out}, or the storage was emptied"
        )
    else:
        reason = f"its signature is valid, but {timed_out}"
    return f"The cookie was received and rejected: {reason}."


def _is_authentic(namespace: Namespace, value: str) -> bool | None:
    library, factory = namespace.session_library, namespace.library_factory
    decoded = dict(parse_cookie(f"x={value}")).get(b"x", b"")
    try:
        return None if library is None else library.accepts_cookie(factory, decoded)
    except Exception:  # noqa: BLE001 - the library cannot read the cookie
        return False


def received_cookie_warnings(
    namespace: Namespace, times_received: int, origin: Origin
) -> list[str]:
    """Warnings about the cookie in the request."""
    warnings = []
    if times_received > 1:
        warnings.append(
            f"The cookie was received {times_received} times: the browser holds it for several "
            "paths or domains, and which one counts is undefined."
        )
    if times_received and not origin.is_secure_context and _is_secure(namespace):
        warnings.append(
            "The cookie is Secure but was received over http, and browsers do not send it so. If a "
            "proxy handles https, configure the server to trust the proxy's X-Forwarded-Proto."
        )
    return warnings


def local_cookie_note(namespace: Namespace, times_received: int, origin: Origin) -> str:
    """An explanation of a Secure cookie received over http; empty if there is nothing to say."""
    is_local = origin.is_secure_context and origin.scheme != "https"
    if not (times_received and is_local and _is_secure(namespace)):
        return ""
    return (
        "The cookie is Secure but was received over http: on the local machine, browsers send the "
        "Secure cookies of https pages to http pages as well. On any other host they send them "
        "only over https."
    )


def _is_secure(namespace: Namespace) -> bool:
    attributes = namespace.cookie_attributes
    return attributes is not None and attributes.secure


def sent_cookie_warnings(sent: Sequence[SentCookie], origin: Origin) -> list[str]:
    """Warnings about the cookies in the response."""
    warnings = []
    if len(sent) > 1:
        warnings.append(f"The cookie is set {len(sent)} times in this one response.")
    for cookie in sent[-1:]:
        reason, path = rejection_reason(cookie, origin), cookie.attributes.get("path") or "/"
        if reason:
            warnings.append(f"Browsers drop the cookie that was sent: {reason}.")
        elif "secure" in cookie.attributes and origin.scheme != "https":
            warnings.append(
                "A Secure cookie on an http request: some browsers keep it only because this is "
                "the local machine, others drop it even here."
            )
        problem = CookieAttributes(path=path).scope_problems().get("path")
        if problem:
            warnings.append(
                f"Its Path is {printable(path)!r}, but Path {problem}: browsers ignore such a "
                "Path, or never send the cookie."
            )
        if nearly_too_large(cookie.size):
            warnings.append(
                f"The cookie has {cookie.size:,} bytes, close to the {MAX_COOKIE_BYTES:,} that "
                "browsers keep. They drop a longer one silently."
            )
    return warnings


def header_size_note(total: int) -> str:
    """A sentence about the session cookies together; empty if they are small enough.

    :param total: the bytes of their names and values.
    """
    if total <= MAX_HEADER_BYTES:
        return ""
    return (
        f"The session cookies have {total:,} bytes together. Servers and proxies refuse a whole "
        "request whose headers have more than about 8 kB (gunicorn answers 431, nginx 400), "
        "including a logout. Keep less in cookies, or store the session on a server."
    )
