"""Loading the Pyramid applications of an .ini file, with an explanation if one does not start."""

from __future__ import annotations

import configparser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import NamedTuple

from plaster import get_loader, parse_uri
from pyramid.config import global_registries
from pyramid.exceptions import ConfigurationExecutionError
from pyramid.paster import bootstrap, get_app, setup_logging
from pyramid.registry import Registry
from pyramid.scripting import prepare

# The kinds of sections that PasteDeploy loads applications from.
_APPLICATIONS = ("app", "application")
_KINDS = (*_APPLICATIONS, "composite", "composit", "pipeline", "filter-app")


class CannotRun(Exception):
    """The application cannot be loaded; the message is one line."""


class Application(NamedTuple):
    """A Pyramid application of a file.

    :ivar name: the name of its section if the file serves several; else ``None``.
    """

    name: str | None
    registry: Registry


@contextmanager
def load(config_uri: str, words: Sequence[str]) -> Iterator[tuple[list[Application], list[str]]]:
    """Load the Pyramid applications of a file: all that its main section serves, or ``#name``.

    The second list has the names of the others, which are not loaded; it is empty for ``#name``.

    :param words: the variables, as in ``["http_port=8080"]``.
    :raises CannotRun: if one does not start.
    """
    variables = {"__script__": "psessions", **_variables(words)}
    with ExitStack() as stack:
        with _explained(None):
            setup_logging(config_uri, global_conf=variables)
            names, others = _names(config_uri, variables)
        if len(names) <= 1:  # the usual file
            with _explained(None):
                environment = stack.enter_context(bootstrap(config_uri, options=variables))
            yield [Application(None, environment["registry"])], others
            return
        applications = []
        for name in names:
            with _explained(name):
                registry = _load_one(f"{config_uri}#{name}", variables)
            if registry is not None:
                stack.callback(prepare(registry=registry)["closer"])
                applications.append(Application(name, registry))
        yield applications, others


def _load_one(config_uri: str, variables: dict[str, str]) -> Registry | None:
    last = global_registries.last
    get_app(config_uri, options=variables)
    # A WSGI application that is not Pyramid's adds no registry.
    return None if global_registries.last is last else global_registries.last


def _names(config_uri: str, variables: dict[str, str]) -> tuple[list[str], list[str]]:
    """The names of the applications that the main section of a file serves, and of the others.

    Both are empty if the uri has a ``#name``.
    """
    if parse_uri(config_uri).fragment:
        return [], []
    loader = get_loader(config_uri)
    kinds: dict[str, str] = {}
    for section in loader.get_sections():
        kind, _colon, name = section.partition(":")
        if kind in _KINDS:
            kinds[name] = kind
    if "main" not in kinds:
        return [name for name, kind in kinds.items() if kind in _APPLICATIONS], []
    names, bases, queue = [], set(), ["main"]
    while queue:
        name = queue.pop(0)
        kind = kinds.pop(name, None)
        if kind in _APPLICATIONS:
            names.append(name)
            with suppress(Exception):  # such as a variable that is missing: loading explains it
                bases.add(loader.get_settings(f"{kind}:{name}", defaults=variables).get("use"))
        elif kind is not None:
            settings = loader.get_settings(f"{kind}:{name}", defaults=variables)
            queue += [word for value in settings.values() for word in str(value).split()]
    others = [name for name, kind in kinds.items() if kind in _APPLICATIONS and name not in bases]
    return names, others


@contextmanager
def _explained(name: str | None) -> Iterator[None]:
    try:
        yield
    except ConfigurationExecutionError as error:
        raise CannotRun(_does_not_start(name, error.etype, error.evalue)) from error
    except configparser.Error as error:
        raise CannotRun(_does_not_start(name, type(error), _parser_error(error))) from error
    except (Exception, SystemExit) as error:
        raise CannotRun(_does_not_start(name, type(error), error)) from error


def _variables(words: Iterable[str]) -> dict[str, str]:
    variables = {}
    for number, word in enumerate(words, 1):
        name, equals, value = word.partition("=")
        if not equals:  # the word is not shown: it may be a secret
            raise CannotRun(f"variable {number} after the configuration file is not name=value")
        variables[name] = value
    return variables


def _does_not_start(name: str | None, error_type: type[BaseException], message: object) -> str:
    text = " ".join(str(message).split())
    hint = (
        "; is it installed, or on PYTHONPATH?"
        if issubclass(error_type, ModuleNotFoundError)
        else ""
    )
    which = "" if name is None else f" {name}"
    return f"the application{which} does not start: {error_type.__name__}: {text}{hint}"


def _parser_error(error: configparser.Error) -> str:
    """Describe an error of the .ini file; the parser's own message may quote secrets."""
    if isinstance(error, configparser.InterpolationMissingOptionError):
        where = f"{error.option} in [{error.section}]"
        return f"{where} needs a variable: add {error.reference}=... after the file name"
    if isinstance(error, configparser.InterpolationError):
        where = f"{error.option} in [{error.section}]"
        return f"{where} has a % that does not begin a %(variable)s: write it as %%"
    if isinstance(error, configparser.ParsingError):
        lines = [error.lineno] if hasattr(error, "lineno") else [line for line, _ in error.errors]
        return f"cannot read line {', '.join(map(str, lines))}"
    return str(error)
