"""Options of a session library as text: what each of them takes, and what the text means."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pyramid.settings import asbool, falsey, truthy


@dataclass(frozen=True, slots=True)
class Option:
    """How the text of one option is converted.

    :ivar convert: takes the text; raises ``ValueError`` for what it cannot convert.
    :ivar takes: for messages, after "takes".
    :ivar shown: may a message show the text? Only where it can be no secret.
    :ivar secret: is it a secret, or words that are, of 32 bytes at least?
    """

    convert: Callable[[str], Any]
    takes: str
    shown: bool = False
    secret: bool = False


def _boolean(text: str) -> bool:
    if text.lower() not in truthy | falsey:
        raise ValueError
    return bool(asbool(text))


def _number(kind: Callable[[str], float]) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            return kind(text)
        except ValueError:
            raise ValueError from None  # what it says, the message says better

    return convert


def _same_site(text: str) -> str | None:
    if text.lower() not in {"", "lax", "strict", "none"}:
        raise ValueError
    return text.capitalize() or None


TEXT = Option(str, "text")
BOOLEAN = Option(_boolean, "true or false", shown=True)
INTEGER = Option(_number(int), "a whole number", shown=True)
NUMBER = Option(_number(float), "a number", shown=True)
SAMESITE = Option(_same_site, "Lax, Strict, None, or nothing for no attribute", shown=True)
SECRET = Option(str, "a secret", secret=True)
SECRETS = Option(str.split, "secrets separated by white space", secret=True)

_BY_TYPE = {str: TEXT, bool: BOOLEAN, int: INTEGER, float: NUMBER}


def or_none(option: Option) -> Option:
    """The same, or ``none``."""

    def convert(text: str) -> Any:
        return None if text.lower() == "none" else option.convert(text)

    return Option(convert, f"{option.takes}, or none", option.shown)


def dotted(resolve: Callable[[str], Any], *, make_instance: bool = False) -> Option:
    """The dotted name of an object; where an instance is wanted, a class is called."""

    def convert(text: str) -> Any:
        try:
            found = resolve(text)
        except Exception as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error
        return found() if make_instance and isinstance(found, type) else found

    return Option(convert, "a dotted name that can be imported", shown=True)


def options_of(
    function: Callable[..., Any],
    table: Mapping[str, Option],
    callables: Option,
    without: Iterable[str] = (),
) -> dict[str, Option]:
    """The options that a library's function takes, read off its signature.

    By the annotation, else by the type of the default, else by the table; the table comes first
    where it knows better. What is left is handed on as text.
    """
    return {
        name: table.get(name) or _option(parameter, callables)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
        and name not in {"self", *without}
    }


def _option(parameter: inspect.Parameter, callables: Option) -> Option:
    annotation = parameter.annotation
    if annotation is parameter.empty:
        return _BY_TYPE.get(type(parameter.default), TEXT)
    return _by_annotation(annotation, callables)


def _by_annotation(annotation: Any, callables: Option) -> Option:
    if annotation in _BY_TYPE:
        return _BY_TYPE[annotation]
    if get_origin(annotation) in {Union, UnionType}:
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        option = _by_annotation(inner[0], callables) if len(inner) == 1 else TEXT
        return option if option is TEXT or option is callables else or_none(option)
    if get_origin(annotation) is Callable or annotation is Callable:
        return callables
    return TEXT
