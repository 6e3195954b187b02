"""What is worth a second look at the namespaces of an application."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyramid.registry import Registry

from ..config.startup_checks import request_session
from ..interfaces import ISessionMultiManagerConfig
from ..libraries.session_library import CookieAttributes, SessionLibrary
from ..messages import describe
from ..registry.isolation import IsolationVerdict, verdicts
from ..registry.namespace import Namespace

# Beside the namespaces, a cookie of theirs may be presented to it.
REQUEST_SESSION = "request.session"

# HMAC-SHA512 has blocks of 128 bytes and digests of 64: a secret of 64 makes full use of it.
_LONG_SECRET = 64

# Pyramid allows values of 4,064 bytes, browsers drop cookies of more than 4,096 in all.
_LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one session.

    :ivar id: stable over releases; a section of the documentation is named after it.
    :ivar namespace: of which; ``request.session`` for the factory beside them.
    :ivar message: one line.
    """

    id: str
    namespace: str
    message: str

    def __str__(self) -> str:
        return f"{self.id}: {self.namespace}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Subject:
    namespace: Namespace
    verdict: IsolationVerdict
    cookie: CookieAttributes | None


def findings(registry: Registry, verdict_of: Mapping[str, IsolationVerdict]) -> list[Finding]:
    """All findings, by namespace.

    :param verdict_of: as :func:`isolation_verdicts` returns them.
    """
    found: list[Finding] = []
    namespaces = registry.getUtility(ISessionMultiManagerConfig)
    for namespace in namespaces:
        library, core = namespace.session_library, namespace.library_factory
        cookie = library.cookie_attributes(core) if library else None
        subject = _Subject(namespace, verdict_of[namespace.name], cookie)
        for finding_id, look in LOOKS.items():
            found += [Finding(finding_id, namespace.name, message) for message in look(subject)]
    if verdict_of:
        found += _beside(registry, namespaces.libraries)
    return found


def _beside(registry: Registry, libraries: Sequence[SessionLibrary]) -> Iterator[Finding]:
    beside = request_session(registry, libraries)
    if beside is not None and not verdicts([beside])[0].known:
        yield Finding("isolation-unknown", REQUEST_SESSION, _not_known(beside.factory))


def _shared_key(subject: _Subject) -> Iterator[str]:
    yield from map(str, subject.verdict.replays)


def _isolation_unknown(subject: _Subject) -> Iterator[str]:
    if not subject.verdict.known:
        yield _not_known(subject.namespace.factory)


def _not_known(factory: object) -> str:
    return (
        f"nothing is known of {describe(factory)}, so nobody can tell whose cookies it accepts: "
        "describe it with config.register_session_library"
    )


def _cookie_name_unknown(subject: _Subject) -> Iterator[str]:
    if subject.namespace.cookie_name is None:
        yield "the name of its cookie is not known: give cookie_name where it is registered"


def _no_httponly(subject: _Subject) -> Iterator[str]:
    if subject.cookie and not subject.cookie.httponly:
        yield "its cookie can be read by scripts: make it HttpOnly"


def _not_secure(subject: _Subject) -> Iterator[str]:
    asks = subject.namespace.discriminator
    if asks and subject.cookie and not subject.cookie.secure:
        yield f"{describe(asks)} restricts it, but its cookie also goes over http: make it Secure"


def _samesite_none(subject: _Subject) -> Iterator[str]:
    cookie = subject.cookie
    if cookie and str(cookie.samesite or "").lower() == "none" and not cookie.secure:
        yield "SameSite=None without Secure: WebOb refuses to send it, and browsers to take it"


def _cookie_prefix(subject: _Subject) -> Iterator[str]:
    name, cookie = subject.namespace.cookie_name or "", subject.cookie
    if cookie is None:
        return
    # Browsers take the prefixes in any case.
    if name.lower().startswith(("__secure-", "__host-")) and not cookie.secure:
        yield f"browsers drop {name}: the prefix asks for Secure"
    if name.lower().startswith("__host-") and (cookie.domain or cookie.path != "/"):
        yield f"browsers drop {name}: the prefix asks for Path=/ and no Domain"


def _short_secret(subject: _Subject) -> Iterator[str]:
    library = subject.namespace.session_library
    length = library.secret_bytes(subject.namespace.library_factory) if library else None
    if length is not None and length < _LONG_SECRET:
        yield f"its shortest secret has {length} bytes: give it {_LONG_SECRET}"


def _unsigned(subject: _Subject) -> Iterator[str]:
    library = subject.namespace.session_library
    if library and library.unsigned(subject.namespace.library_factory):
        yield "its cookie is not signed: a client can choose what it says"


def _long_name(subject: _Subject) -> Iterator[str]:
    length = len(subject.namespace.cookie_name or "")
    if length > _LONGEST_NAME:
        yield (
            f"the name of its cookie has {length} bytes: with more than {_LONGEST_NAME}, "
            "browsers silently drop a session that Pyramid still allows"
        )


LOOKS: dict[str, Callable[[_Subject], Iterator[str]]] = {
    "shared-key": _shared_key,
    "isolation-unknown": _isolation_unknown,
    "cookie-name-unknown": _cookie_name_unknown,
    "no-httponly": _no_httponly,
    "not-secure": _not_secure,
    "samesite-none": _samesite_none,
    "cookie-prefix": _cookie_prefix,
    "short-secret": _short_secret,
    "unsigned": _unsigned,
    "long-cookie-name": _long_name,
}
