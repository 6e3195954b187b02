"""``psessions development.ini``: the session namespaces of an application."""

from __future__ import annotations

import argparse
import configparser
import json
import os
import sys
import textwrap
import traceback
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyramid.exceptions import ConfigurationExecutionError
from pyramid.paster import bootstrap, setup_logging
from pyramid.registry import Registry

from ..config.startup_checks import isolation_verdicts
from ..interfaces import ISessionMultiManagerConfig
from ..messages import describe, nearest
from ..registry.namespace import Namespace
from .findings import LOOKS, REQUEST_SESSION, Finding, findings

OK, FINDINGS, CANNOT_RUN = 0, 1, 2

_WIDTH = 80
_LABEL = 15

_NONE = (
    "no session namespace is registered: call config.register_session_factory(...) or list them "
    "in session_multi.namespaces"
)


class CannotRun(Exception):
    """Why there is nothing to print, in one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the namespaces; 0, 1 for findings with ``--check``, 2 when that cannot be done."""
    arguments = _arguments(argv)
    try:
        with _application(arguments) as environment:
            return _report(environment["registry"], arguments)
    except CannotRun as error:
        print(f"psessions: {error}", file=sys.stderr)
        return CANNOT_RUN
    except Exception:  # noqa: BLE001 - Python's own exit code for it would be that of findings
        traceback.print_exc()
        return CANNOT_RUN


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    arguments, others = parser.parse_known_intermixed_args(argv)
    unknown = [word for word in others if word.startswith("-")]
    if unknown:  # argparse's own error would also print the variables behind it
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
        default=[],  # else argparse says that they are required
        help="variables that the file asks for: http_port=8080",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--check", action="store_true", help="look for weak spots; exit 1 on any")
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="ID[:NAMESPACE]",
        help="a finding that is known and accepted; may be given several times",
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
        raise CannotRun(_does_not_start(type(error), _unreadable(error))) from error
    except (Exception, SystemExit) as error:
        raise CannotRun(_does_not_start(type(error), error)) from error


def _variables(words: Iterable[str]) -> dict[str, str]:
    variables = {}
    for number, word in enumerate(words, 1):
        name, equals, value = word.partition("=")
        if not equals:  # the word is not shown: it may be a secret
            raise CannotRun(f"variable {number} after the configuration file is no name=value")
        variables[name] = value
    return variables


def _does_not_start(kind: type[BaseException], what: object) -> str:
    text = " ".join(str(what).split())
    hint = "; is it installed, or on PYTHONPATH?" if issubclass(kind, ModuleNotFoundError) else ""
    return f"the application does not start: {kind.__name__}: {text}{hint}"


def _unreadable(error: configparser.Error) -> str:
    """What the parser of the .ini file cannot read; its own words quote values, maybe secrets."""
    if isinstance(error, configparser.InterpolationMissingOptionError):
        where = f"{error.option} in [{error.section}]"
        return f"{where} asks for a variable: give {error.reference}=... after the file"
    if isinstance(error, configparser.InterpolationError):
        where = f"{error.option} in [{error.section}]"
        return f"{where} holds a % that begins no %(variable)s: write it as %%"
    if isinstance(error, configparser.ParsingError):
        lines = [error.lineno] if hasattr(error, "lineno") else [line for line, _ in error.errors]
        return f"cannot read line {', '.join(map(str, lines))}"
    return str(error)


def _report(registry: Registry, arguments: argparse.Namespace) -> int:
    namespaces = registry.queryUtility(ISessionMultiManagerConfig)
    if namespaces is None:
        raise CannotRun("the application does not include pyramid_session_multi")
    if arguments.check and not namespaces.namespaces:
        raise CannotRun(_NONE)
    names = [*namespaces.namespaces, REQUEST_SESSION]
    verdicts = isolation_verdicts(registry)
    found = list(_not_ignored(findings(registry, verdicts), arguments.ignore, names))
    described = [_described(namespace, str(verdicts[namespace.name])) for namespace in namespaces]
    if arguments.json:
        print(json.dumps(_as_json(described, found if arguments.check else None), indent=2))
        return FINDINGS if arguments.check and found else OK
    print("\n\n".join(map(_block, described)) or f"{_NONE[0].upper()}{_NONE[1:]}.")
    if arguments.check:
        print("", *(map(str, found) if found else ["No findings."]), sep="\n")
    return FINDINGS if arguments.check and found else OK


def _not_ignored(
    found: Iterable[Finding], ignored: Sequence[str], names: Sequence[str]
) -> Iterator[Finding]:
    for word in ignored:
        finding_id, colon, name = word.partition(":")
        _require_known("finding", finding_id, LOOKS)
        if colon:
            _require_known("namespace", name, names)
    for finding in found:
        if not {finding.id, f"{finding.id}:{finding.namespace}"} & set(ignored):
            yield finding


def _require_known(what: str, word: str, known: Iterable[str]) -> None:
    if word not in known:
        meant = nearest(word, known)
        hint = f"did you mean {meant!r}?" if meant else f"there are: {', '.join(known)}"
        raise CannotRun(f"--ignore: there is no {what} {word!r}; {hint}")


def _described(namespace: Namespace, verdict: str) -> dict[str, Any]:
    library = namespace.session_library
    cookie = library.cookie_attributes(namespace.library_factory) if library else None
    asks = namespace.discriminator
    return {
        "namespace": namespace.name,
        "cookie": namespace.cookie_name,
        "flags": None if cookie is None else cookie.flags(),
        "factory": _factory(namespace),
        "discriminator": None if asks is None else describe(asks),
        "registered": _short(namespace.location),
        "isolation": verdict,
    }


def _factory(namespace: Namespace) -> str:
    name = describe(namespace.factory)
    # What a library's function made is known by the name of that function.
    known = namespace.session_library is not None and namespace.factory is namespace.library_factory
    return name.partition(".<locals>")[0] if known else name


def _short(location: str) -> str:
    return location.removeprefix(f"{Path.cwd()}{os.sep}")


def _as_json(described: list[dict[str, Any]], found: list[Finding] | None) -> dict[str, Any]:
    result: dict[str, Any] = {"namespaces": described}
    if found is not None:
        result["findings"] = [
            {"id": f.id, "namespace": f.namespace, "message": f.message} for f in found
        ]
    return result


def _block(described: dict[str, Any]) -> str:
    flags = described["flags"]
    rows = {
        "cookie": described["cookie"] or "name not known",
        "flags": "not known" if flags is None else "; ".join(flags),
        "factory": described["factory"],
        "discriminator": described["discriminator"] or "none",
        "registered": described["registered"],
        "isolation": described["isolation"],
    }
    return "\n".join([described["namespace"], *(_row(*row) for row in rows.items())])


def _row(label: str, text: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=f"  {label:<{_LABEL}}",
        subsequent_indent=" " * (_LABEL + 2),
        break_on_hyphens=False,
        break_long_words=False,
    )
