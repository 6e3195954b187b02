"""Findings: weak spots in the namespaces of an application, for ``psessions --check``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyramid.registry import Registry

from ..config.startup_checks import request_session_factory
from ..interfaces import ISessionMultiManagerConfig
from ..libraries.cookie_attributes import CookieAttributes
from ..libraries.session_library import SessionLibrary
from ..libraries.signing import RECOMMENDED_SECRET_BYTES
from ..messages import dotted_name
from ..registry.isolation import IsolationVerdict, isolation_of
from ..registry.namespace import Namespace

# The name of the factory of request.session in findings: it may accept a namespace's cookie.
REQUEST_SESSION = "request.session"

# Pyramid allows values of 4,064 bytes, browsers drop cookies of more than 4,096 in all.
_MAX_NAME_BYTES = 32


@dataclass(frozen=True, slots=True)
class Finding:
    """A weak spot of one session.

    :ivar id: stable over releases; a section of the documentation is named after it.
    :ivar namespace: its name, or ``request.session``.
    :ivar message: one line.
    """

    id: str
    namespace: str
    message: str

    def __str__(self) -> str:
        return f"{self.id}: {self.namespace}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Facts:
    namespace: Namespace
    verdict: IsolationVerdict
    cookie: CookieAttributes | None


def find(registry: Registry, verdicts: Mapping[str, IsolationVerdict]) -> list[Finding]:
    """Check all namespaces, and the factory of ``request.session``.

    :param verdicts: as :func:`isolation_verdicts` returns them.
    """
    findings: list[Finding] = []
    namespaces = registry.getUtility(ISessionMultiManagerConfig)
    for namespace in namespaces:
        facts = _Facts(namespace, verdicts[namespace.name], namespace.cookie_attributes)
        for finding_id, check in CHECKS.items():
            findings += [Finding(finding_id, namespace.name, text) for text in check(facts)]
    if verdicts:
        findings += _request_session_findings(registry, namespaces.libraries)
    return findings


def _request_session_findings(
    registry: Registry, libraries: Sequence[SessionLibrary]
) -> Iterator[Finding]:
    inspected = request_session_factory(registry, libraries)
    if inspected is not None and not isolation_of([inspected])[0].known:
        yield Finding("isolation-unknown", REQUEST_SESSION, _unknown_library(inspected.factory))


def _shared_key(facts: _Facts) -> Iterator[str]:
    yield from map(str, facts.verdict.replays)


def _isolation_unknown(facts: _Facts) -> Iterator[str]:
    if not facts.verdict.known:
        yield _unknown_library(facts.namespace.factory)


def _unknown_library(factory: object) -> str:
    return (
        f"the session library of {dotted_name(factory)} is not described, so which cookies it "
        "accepts is unknown: describe it with config.register_session_library"
    )


def _cookie_name_unknown(facts: _Facts) -> Iterator[str]:
    if facts.namespace.cookie_name is None:
        yield "the name of its cookie is not known: pass cookie_name when you register it"


def _no_httponly(facts: _Facts) -> Iterator[str]:
    if facts.cookie and not facts.cookie.httponly:
        yield "its cookie can be read by scripts: make it HttpOnly"


def _not_secure(facts: _Facts) -> Iterator[str]:
    discriminator = facts.namespace.discriminator
    if discriminator and facts.cookie and not facts.cookie.secure:
        yield (
            f"{dotted_name(discriminator)} restricts it, but its cookie is also sent over http: "
            "make it Secure"
        )


def _samesite_none(facts: _Facts) -> Iterator[str]:
    if facts.cookie and facts.cookie.is_samesite_none_insecure:
        yield "SameSite=None without Secure: WebOb refuses to send it, and browsers drop it"


def _cookie_prefix(facts: _Facts) -> Iterator[str]:
    name, cookie = facts.namespace.cookie_name or "", facts.cookie
    for requirement in cookie.prefix_problems(name) if cookie else ():
        yield f"browsers drop {name}: its prefix requires {requirement}"


def _short_secret(facts: _Facts) -> Iterator[str]:
    library = facts.namespace.session_library
    length = library.secret_bytes(facts.namespace.library_factory) if library else None
    if length is not None and length < RECOMMENDED_SECRET_BYTES:
        yield f"its shortest secret has {length} bytes: use {RECOMMENDED_SECRET_BYTES}"


def _unsigned(facts: _Facts) -> Iterator[str]:
    library = facts.namespace.session_library
    if library and library.unsigned(facts.namespace.library_factory):
        yield "its cookie is not signed: a client can choose its content"


def _long_name(facts: _Facts) -> Iterator[str]:
    length = len(facts.namespace.cookie_name or "")
    if length > _MAX_NAME_BYTES:
        yield (
            f"the name of its cookie has {length} bytes: with more than {_MAX_NAME_BYTES}, "
            "browsers silently drop a session that Pyramid still allows"
        )


CHECKS: dict[str, Callable[[_Facts], Iterator[str]]] = {
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
