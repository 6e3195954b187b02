"""Loading the Pyramid applications of an .ini file, with an explanation if one does not start."""

from __future__ import annotations

import configparser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from pyramid.config import global_registries
from pyramid.exceptions import ConfigurationExecutionError
from pyramid.paster import bootstrap, get_app, setup_logging
from pyramid.registry import Registry
from pyramid.scripting import prepare

from .application_names import application_names


class CannotRun(Exception):
    """The application cannot be loaded; the message is one line."""


class Application(NamedTuple):
    """A Pyramid application of a file.

    :ivar name: the name of its section if the file has several; else ``None``.
    """

    name: str | None
    registry: Registry


@contextmanager
def load(
    config_uri: str, words: Sequence[str]
) -> Iterator[tuple[list[Application], list[CannotRun]]]:
    """Load the Pyramid applications of a file: all of them, or those that ``#name`` serves.

    If there are several, one that does not start is in the second list.

    :param words: the variables, as in ``["http_port=8080"]``.
    :raises CannotRun: if the only one does not start, or the file cannot be read.
    """
    variables = {"__script__": "psessions", **_variables(words)}
    file = config_uri.partition("#")[0]
    with ExitStack() as stack:
        with _explained(None):
            setup_logging(config_uri, global_conf=variables)
            names = application_names(config_uri, variables)
        if len(names.served + names.others) <= 1:  # the usual file
            with _explained(None):
                uri = f"{file}#{names.others[0]}" if names.others else config_uri
                environment = stack.enter_context(bootstrap(uri, options=variables))
            yield [Application(None, environment["registry"])], []
            return
        applications, failures = [], []
        for name in names.served + names.others:
            try:
                with _explained(name):
                    registry = _load_one(f"{file}#{name}", variables)
            except CannotRun as error:
                failures.append(error)
                continue
            if registry is not None:
                stack.callback(prepare(registry=registry)["closer"])
                applications.append(Application(name, registry))
        yield applications, failures


def _load_one(config_uri: str, variables: dict[str, str]) -> Registry | None:
    last_registry = global_registries.last
    get_app(config_uri, options=variables)
    # A WSGI application that is not Pyramid's adds no registry.
    return None if global_registries.last is last_registry else global_registries.last


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
