"""Checks of the signature of a cookie."""

from __future__ import annotations

from collections.abc import Iterator

from .facts import Check, Facts


def _unsigned(facts: Facts) -> Iterator[str]:
    if facts.library.unsigned(facts.factory):
        yield "its cookie is not signed: a client can choose its content"


def _runs_code(facts: Facts) -> Iterator[str]:
    if facts.library.runs_code(facts.factory):
        yield (
            "its cookie is a pickle that is not signed: a cookie that a client made up can run any "
            "code on the server. Sign it, or use JSON"
        )


def _signature_unknown(facts: Facts) -> Iterator[str]:
    if facts.library.unsigned(facts.factory) is None:
        name = facts.namespace.factory_name
        yield (
            f"the signature of its cookie cannot be verified: {name} has a serializer of the "
            "application's own. Check that it signs"
        )


SIGNATURE_CHECKS: dict[str, Check] = {
    "unsigned": _unsigned,
    "runs-code": _runs_code,
    "signature-unknown": _signature_unknown,
}
