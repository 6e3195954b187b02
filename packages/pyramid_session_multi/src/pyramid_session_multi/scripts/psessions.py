"""``psessions development.ini``: print and check the session namespaces of an application."""

from __future__ import annotations

import argparse
import configparser
import json
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyramid.exceptions import ConfigurationExecutionError
from pyramid.paster import bootstrap, setup_logging
from pyramid.registry import Registry

from ..config.startup_checks import isolation_verdicts
from ..interfaces import ISessionMultiManagerConfig
from ..messages import did_you_mean
from . import namespace_report
from .findings import CHECKS, REQUEST_SESSION, Finding, find

EXIT_OK, EXIT_FINDINGS, EXIT_CANNOT_RUN = 0, 1, 2

_NO_NAMESPACES = (
    "no session namespace is registered: call config.register_session_factory(...) or list them "
    "in session_multi.namespaces"
)


class CannotRun(Exception):
    """The application cannot be loaded; the message is one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the namespaces; return 1 for findings with ``--check``, 2 if it cannot run, else 0."""
    arguments = _arguments(argv)
    try:
        with _application(arguments) as environment:
            return _report(environment["registry"], arguments)
    except CannotRun as error:
        print(f"psessions: {error}", file=sys.stderr)
        return EXIT_CANNOT_RUN
    except Exception:  # noqa: BLE001 - Python's exit code for it is that of findings
        traceback.print_exc()
        return EXIT_CANNOT_RUN


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    arguments, others = parser.parse_known_intermixed_args(argv)
    unknown = [word for word in others if word.startswith("-")]
    if unknown:  # argparse's own error would also print the variables after it
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
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
        default=[],  # without it, argparse calls them required
        help="variables that the file needs: http_port=8080",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--check", action="store_true", help="look for weak spots; exit 1 if there are any"
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="ID[:NAMESPACE]",
        help="accept a finding; may be given several times",
    )
    return parser


def _application(arguments: argparse.Namespace) -> Any:
    variables = {"__script__": "psessions", **_variables(arguments.config_vars)}
    try:
        setup_logging(arguments.config_uri, global_conf=variables)
        return bootstrap(arguments.config_uri, options=variables)
    except ConfigurationExecutionError as error:
        raise CannotRun(_does_not_start(error.etype, error.evalue)) from error
    except configparser.Error as error:
        raise CannotRun(_does_not_start(type(error), _parser_error(error))) from error
    except (Exception, SystemExit) as error:
        raise CannotRun(_does_not_start(type(error), error)) from error


def _variables(words: Iterable[str]) -> dict[str, str]:
    variables = {}
    for number, word in enumerate(words, 1):
        name, equals, value = word.partition("=")
        if not equals:  # the word is not shown: it may be a secret
            raise CannotRun(f"variable {number} after the configuration file is not name=value")
        variables[name] = value
    return variables


def _does_not_start(error_type: type[BaseException], message: object) -> str:
    text = " ".join(str(message).split())
    hint = (
        "; is it installed, or on PYTHONPATH?"
        if issubclass(error_type, ModuleNotFoundError)
        else ""
    )
    return f"the application does not start: {error_type.__name__}: {text}{hint}"


def _parser_error(error: configparser.Error) -> str:
    """Describe an error of the .ini file; the parser's own message may quote secrets."""
    if isinstance(error, configparser.InterpolationMissingOptionError):
        where = f"{error.option} in [{error.section}]"
        return f"{where} needs a variable: give {error.reference}=... after the file"
    if isinstance(error, configparser.InterpolationError):
        where = f"{error.option} in [{error.section}]"
        return f"{where} has a % that does not begin a %(variable)s: write it as %%"
    if isinstance(error, configparser.ParsingError):
        lines = [error.lineno] if hasattr(error, "lineno") else [line for line, _ in error.errors]
        return f"cannot read line {', '.join(map(str, lines))}"
    return str(error)


def _report(registry: Registry, arguments: argparse.Namespace) -> int:
    namespaces = registry.queryUtility(ISessionMultiManagerConfig)
    if namespaces is None:
        raise CannotRun("the application does not include pyramid_session_multi")
    if arguments.check and not namespaces.namespaces:
        raise CannotRun(_NO_NAMESPACES)
    names = [*namespaces.namespaces, REQUEST_SESSION]
    verdicts = isolation_verdicts(registry)
    findings = list(_not_ignored(find(registry, verdicts), arguments.ignore, names))
    facts = [namespace_report.as_dict(each, verdicts[each.name]) for each in namespaces]
    if arguments.json:
        report = namespace_report.as_json(facts, findings if arguments.check else None)
        print(json.dumps(report, indent=2))
    else:
        text = "\n\n".join(map(namespace_report.as_text, facts))
        print(text or f"{_NO_NAMESPACES[0].upper()}{_NO_NAMESPACES[1:]}.")
        if arguments.check:
            print("", *(map(str, findings) if findings else ["No findings."]), sep="\n")
    return EXIT_FINDINGS if arguments.check and findings else EXIT_OK


def _not_ignored(
    findings: Iterable[Finding], ignored: Sequence[str], names: Sequence[str]
) -> Iterator[Finding]:
    for word in ignored:
        finding_id, colon, name = word.partition(":")
        _require_known("finding", finding_id, CHECKS)
        if colon:
            _require_known("namespace", name, names)
    for finding in findings:
        if not {finding.id, f"{finding.id}:{finding.namespace}"} & set(ignored):
            yield finding


def _require_known(role: str, word: str, known: Iterable[str]) -> None:
    if word not in known:
        hint = did_you_mean(word, known) or f"; there are: {', '.join(known)}"
        raise CannotRun(f"--ignore: there is no {role} {word!r}{hint}")
