"""Findings: weak spots in the namespaces of an application, for ``psessions --check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyramid.registry import Registry

from ..config.startup_checks import IStartupChecks
from ..interfaces import ISessionMultiManagerConfig
from ..libraries.renewal import may_keep_id
from ..libraries.signing import RECOMMENDED_SECRET_BYTES
from ..messages import dotted_name
from ..registry.inspected_factory import InspectedFactory
from ..registry.isolation import Isolation
from ..registry.isolation_verdict import IsolationVerdict
from .cookie_checks import COOKIE_CHECKS
from .factory_kinds import are_of_one_kind
from .facts import Check, Facts
from .signature_checks import SIGNATURE_CHECKS

# The name of the factory of request.session in findings: it may accept a namespace's cookie.
REQUEST_SESSION = "request.session"


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


def find(registry: Registry, verdicts: Mapping[str, IsolationVerdict]) -> list[Finding]:
    """Check all namespaces, and the factory of ``request.session``.

    :param verdicts: as :func:`isolation_verdicts` returns them.
    """
    findings: list[Finding] = []
    namespaces = registry.getUtility(ISessionMultiManagerConfig)
    request_session = registry.getUtility(IStartupChecks).request_session()
    for namespace in namespaces:
        verdict, cookie = verdicts[namespace.name], namespace.cookie_attributes
        facts = Facts(namespace, verdict, cookie, request_session)
        for finding_id, check in CHECKS.items():
            findings += [Finding(finding_id, namespace.name, text) for text in check(facts)]
    if verdicts and request_session is not None:
        [verdict] = Isolation([request_session]).verdicts([request_session])
        doubts = _isolation_doubts(request_session, verdict)
        findings += [Finding("isolation-unknown", REQUEST_SESSION, text) for text in doubts]
    return findings


def _shared_key(facts: Facts) -> Iterator[str]:
    yield from map(str, facts.verdict.replays)


def _isolation_unknown(facts: Facts) -> Iterator[str]:
    yield from _isolation_doubts(facts.namespace, facts.verdict)


def _isolation_doubts(factory: InspectedFactory, verdict: IsolationVerdict) -> Iterator[str]:
    library = factory.session_library
    if verdict.known or (library and library.unsigned(factory.library_factory)):
        return  # an unsigned cookie is a finding of its own
    if library is None and not factory.recognized:
        yield (
            f"the session library of {dotted_name(factory.factory)} is not described, so which "
            "cookies it accepts is unknown: describe it with config.register_session_library"
        )
    elif not verdict.replays:
        yield f"which cookies it accepts is unknown: {verdict.reason}"


def _short_secret(facts: Facts) -> Iterator[str]:
    length = facts.library.secret_bytes(facts.factory)
    if length is not None and length < RECOMMENDED_SECRET_BYTES:
        yield f"its shortest secret has {length} bytes: use {RECOMMENDED_SECRET_BYTES}"


def _other_namespace(facts: Facts) -> Iterator[str]:
    name, factory_namespace = facts.namespace.name, facts.library.made_for(facts.factory)
    if factory_namespace not in (None, name):
        yield (
            f"its factory was made for the namespace {factory_namespace!r}, whose cookies it "
            f"accepts wherever the secret is used: make it for {name!r}"
        )


def _in_memory(facts: Facts) -> Iterator[str]:
    if facts.library.in_memory(facts.factory):
        yield (
            "its sessions are in the memory of one process: they end with it, and other processes "
            "do not have them"
        )


def _renewal_unknown(facts: Facts) -> Iterator[str]:
    library = facts.namespace.session_library
    if library is None and not facts.namespace.recognized:
        reason = f"the session library of {dotted_name(facts.namespace.factory)} is not described"
        fix = "describe it with config.register_session_library"
    elif library and may_keep_id(library):
        reason = f"its description, {dotted_name(type(library))}, has neither renew nor invalidate"
        fix = "add one of them"
    else:
        return
    yield (
        f"{reason}, so a login may keep the session's id, and anyone who knew the id then has the "
        f"login: {fix}"
    )


def _ended_id_returns(facts: Facts) -> Iterator[str]:
    if facts.library.revives_ended(facts.factory):
        yield (
            "a slower request that writes brings back a session that was ended meanwhile, so it "
            "can undo a logout: keep logins in another library, or give "
            "SessionMultiAuthenticationHelper a generation"
        )


def _same_as_request_session(facts: Facts) -> Iterator[str]:
    request_session = facts.request_session
    if request_session is None or request_session.cookie_name is not None:
        return
    if are_of_one_kind(facts.namespace.factory, request_session.factory):
        yield (
            f"request.session has a factory of the same kind, {request_session.factory_name}, "
            "and the name of its cookie is not known: if both use one cookie, they overwrite each "
            "other's data. Give them different cookies, and describe the library with "
            "config.register_session_library"
        )


CHECKS: dict[str, Check] = {
    "shared-key": _shared_key,
    "isolation-unknown": _isolation_unknown,
    "same-as-request-session": _same_as_request_session,
    "other-namespace": _other_namespace,
    **COOKIE_CHECKS,
    "short-secret": _short_secret,
    **SIGNATURE_CHECKS,
    "in-memory": _in_memory,
    "renewal-unknown": _renewal_unknown,
    "ended-id-returns": _ended_id_returns,
}
