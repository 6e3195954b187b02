"""The report of ``psessions``: a block of text, or JSON, for each namespace."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..registry.isolation_verdict import IsolationVerdict
from ..registry.namespace import Namespace
from .findings import Finding

_WIDTH = 80
_LABEL = 15


def as_dict(namespace: Namespace, verdict: IsolationVerdict) -> dict[str, Any]:
    """The facts about a namespace, in the form of the JSON report."""
    cookie = namespace.cookie_attributes
    return {
        "namespace": namespace.name,
        "cookie": namespace.cookie_name,
        "flags": None if cookie is None else cookie.flags(),
        "factory": namespace.factory_name,
        "discriminator": namespace.discriminator_name,
        "lifetime": namespace.lifetime,
        "registered": _relative(namespace.location),
        "isolation": str(verdict),
    }


def as_json(
    namespaces: Sequence[dict[str, Any]], findings: Sequence[Finding] | None
) -> dict[str, Any]:
    """The whole report as JSON.

    :param namespaces: each as :func:`as_dict` returns it.
    :param findings: ``None``: the namespaces were not checked.
    """
    result: dict[str, Any] = {"namespaces": namespaces}
    if findings is not None:
        result["findings"] = [
            {"id": f.id, "namespace": f.namespace, "message": f.message} for f in findings
        ]
    return result


def as_text(facts: dict[str, Any]) -> str:
    """A block of text for one namespace, in lines of 80 columns.

    :param facts: as :func:`as_dict` returns them.
    """
    flags, lifetime = facts["flags"], facts["lifetime"]
    rows = {
        "cookie": facts["cookie"] or "name not known",
        "flags": "not known" if flags is None else "; ".join(flags),
        "factory": facts["factory"],
        "discriminator": facts["discriminator"] or "none",
        "lifetime": "none" if lifetime is None else f"{lifetime} seconds",
        "registered": facts["registered"],
        "isolation": facts["isolation"],
    }
    return "\n".join([facts["namespace"], *(_format_row(*row) for row in rows.items())])


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """A line for each finding; a finding of several namespaces is one line with their names."""
    names: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        names.setdefault((finding.id, finding.message), []).append(finding.namespace)
    return [f"{id_}: {', '.join(names[id_, text])}: {text}" for id_, text in names]


def _format_row(label: str, text: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=f"  {label:<{_LABEL}}",
        subsequent_indent=" " * (_LABEL + 2),
        break_on_hyphens=False,
        break_long_words=False,
    )


def _relative(location: str) -> str:
    return location.removeprefix(f"{Path.cwd()}{os.sep}")
