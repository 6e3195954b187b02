"""``psessions development.ini``: print and check the session namespaces of an application."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Iterable, Sequence
from typing import Any

from ..config.startup_checks import isolation_verdicts
from ..interfaces import ISessionMultiManagerConfig
from ..messages import did_you_mean
from . import namespace_report
from .application import Application, CannotRun, load
from .findings import CHECKS, REQUEST_SESSION, Finding, find

EXIT_OK, EXIT_FINDINGS, EXIT_CANNOT_RUN = 0, 1, 2

_NO_NAMESPACES = (
    "no session namespace is registered: call config.register_session_factory(...) or list them "
    "in session_multi.namespaces"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the namespaces; return 1 for findings with ``--check``, 2 if it cannot run, else 0."""
    arguments = _arguments(argv)
    try:
        return _run(arguments)
    except CannotRun as error:
        _print_failure(error, arguments)
        return EXIT_CANNOT_RUN
    except Exception:  # noqa: BLE001 - Python's exit code for it is that of findings
        traceback.print_exc()
        return EXIT_CANNOT_RUN


def _run(arguments: argparse.Namespace) -> int:
    with load(arguments.config_uri, arguments.config_vars) as (applications, failures):
        code = _report(applications, arguments, complete=not failures)
    sys.stdout.flush()  # the failures come last in a terminal
    for failure in failures:
        _print_failure(failure, arguments)
    return EXIT_CANNOT_RUN if failures else code


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    arguments, others = parser.parse_known_intermixed_args(argv)
    unknown_options = [word for word in others if word.startswith("-")]
    if unknown_options:  # argparse's own error would also print the variables
        parser.error(f"unrecognized arguments: {' '.join(unknown_options)}")
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="psessions", description="Print the session namespaces of a Pyramid application."
    )
    parser.add_argument(
        "config_uri", help="the configuration file: development.ini, or development.ini#name"
    )
    parser.add_argument(
        "config_vars",
        nargs="*",
        default=[],  # without a default, argparse calls them required
        help="variables that the file needs: http_port=8080",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--check", action="store_true", help="look for weak settings; exit 1 if there are any"
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="ID[:NAMESPACE]",
        help="accept a finding; can be repeated",
    )
    parser.add_argument(
        "--traceback",
        action="store_true",
        help="if the application does not start, print the traceback, which may show secrets",
    )
    return parser


def _print_failure(failure: CannotRun, arguments: argparse.Namespace) -> None:
    if arguments.traceback:
        traceback.print_exception(failure)
    print(f"psessions: {failure}", file=sys.stderr)


def _report(
    applications: Sequence[Application], arguments: argparse.Namespace, *, complete: bool
) -> int:
    """Print the namespaces of these applications, and return the exit code.

    :param complete: whether these are all; if not, the reason for an empty report is known.
    """
    session_apps = [app for app in applications if _namespaces(app) is not None]
    names = [name for app in session_apps for name in _namespaces(app).namespaces]
    if complete and not session_apps:
        raise CannotRun("the application does not include pyramid_session_multi")
    if complete and arguments.check and not names:
        raise CannotRun(_NO_NAMESPACES)
    _check_ignored_words(arguments.ignore, [*names, REQUEST_SESSION] if complete else None)
    if not session_apps:
        return EXIT_OK
    reports = {app.name: _report_of(app, arguments) for app in session_apps}
    if arguments.json:
        as_json = {name: namespace_report.as_json(*report) for name, report in reports.items()}
        print(json.dumps(as_json.get(None) or {"applications": as_json}, indent=2))
    else:
        texts = (_text(name, *report) for name, report in reports.items())
        print("\n\n".join(texts))
    has_findings = any(findings for _facts, findings in reports.values())
    return EXIT_FINDINGS if has_findings else EXIT_OK


def _namespaces(application: Application) -> Any:
    return application.registry.queryUtility(ISessionMultiManagerConfig)


def _report_of(
    application: Application, arguments: argparse.Namespace
) -> tuple[list[dict[str, Any]], list[Finding] | None]:
    """The facts about each namespace, and the findings; ``None`` without ``--check``."""
    verdicts = isolation_verdicts(application.registry)
    facts = [namespace_report.as_dict(n, verdicts[n.name]) for n in _namespaces(application)]
    if not arguments.check:
        return facts, None
    findings, ignored_words = find(application.registry, verdicts), set(arguments.ignore)
    return facts, [f for f in findings if not {f.id, f"{f.id}:{f.namespace}"} & ignored_words]


def _text(
    name: str | None, facts: Sequence[dict[str, Any]], findings: Sequence[Finding] | None
) -> str:
    blocks = [namespace_report.as_text(namespace_facts) for namespace_facts in facts]
    blocks = blocks or [f"{_NO_NAMESPACES[0].upper()}{_NO_NAMESPACES[1:]}."]
    if name is not None:
        blocks.insert(0, f"[app:{name}]")
    if findings is not None:
        blocks.append("\n".join(namespace_report.finding_lines(findings)) or "No findings.")
    return "\n\n".join(blocks)


def _check_ignored_words(words: Sequence[str], names: Sequence[str] | None) -> None:
    """Refuse an unknown finding or namespace.

    :param names: the namespaces; ``None``: those of an application that did not start are missing.
    """
    for word in words:
        finding_id, colon, name = word.partition(":")
        _require_choice("finding", finding_id, CHECKS)
        if colon and names is not None:
            _require_choice("namespace", name, names)


def _require_choice(role: str, word: str, choices: Iterable[str]) -> None:
    if word not in choices:
        hint = did_you_mean(word, choices) or f"; there are: {', '.join(choices)}"
        raise CannotRun(f"--ignore: there is no {role} {word!r}{hint}")
