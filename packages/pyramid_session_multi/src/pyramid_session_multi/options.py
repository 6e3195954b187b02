"""Options of a session library as text: what each of them takes, and what the text means."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pyramid.settings import asbool, falsey, truthy

from .describe import describe

Resolve = Callable[[str], Any]


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


class OptionError(Exception):
    """Something is wrong with an option.

    :ivar option: its name.
    :ivar problem: what is wrong, to follow the name in a sentence.
    """

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(option, problem)
        self.option = option
        self.problem = problem


def near(word: str, known: Iterable[str]) -> str:
    """The near miss, for the end of a message; empty where there is none."""
    found = get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


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


def _hash(text: str) -> str:
    try:
        hashlib.new(text).digest()
    except TypeError:
        raise ValueError("its digests have no length of their own") from None
    return text


TEXT = Option(str, "text")
BOOLEAN = Option(_boolean, "true or false", shown=True)
INTEGER = Option(_number(int), "a whole number", shown=True)
NUMBER = Option(_number(float), "a number", shown=True)
HASH = Option(_hash, "the name of a hash, like sha512", shown=True)
SAMESITE = Option(_same_site, "Lax, Strict, None, or nothing for no attribute", shown=True)
SECRET = Option(str, "a secret", secret=True)
SECRETS = Option(str.split, "secrets separated by white space", secret=True)

_BY_TYPE = {str: TEXT, bool: BOOLEAN, int: INTEGER, float: NUMBER}


def or_none(option: Option) -> Option:
    """The same, or ``none``."""

    def convert(text: str) -> Any:
        return None if text.lower() == "none" else option.convert(text)

    return Option(convert, f"{option.takes}, or none", option.shown)


def dotted(resolve: Resolve) -> Option:
    """The dotted name of a callable."""

    def convert(text: str) -> Any:
        found = _found(resolve, text)
        if not callable(found):
            problem = f"that is {describe(found)}, which cannot be called"
            raise ValueError(problem)  # noqa: TRY004 - of whatever convert is given
        return found

    return Option(convert, "the dotted name of a callable", shown=True)


def codec(resolve: Resolve, probe: Any, words: Mapping[str, str] | None = None) -> Option:
    """The dotted name of what makes ``bytes`` of an object like ``probe``, or of its class.

    :param words: short for a dotted name.
    """

    def convert(text: str) -> Any:
        found = _found(resolve, (words or {}).get(text, text))
        try:
            made = found() if isinstance(found, type) else found
            dumped = made.dumps(probe)
            made.loads(dumped)
        except Exception as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error
        if not isinstance(dumped, bytes):
            problem = f"its dumps returns {describe(type(dumped))}, not bytes"
            raise ValueError(problem)  # noqa: TRY004
        return made

    names = "".join(f"{word}, " for word in words or ())
    takes = f"{names}the dotted name of an object that dumps to bytes and loads, or of its class"
    return Option(convert, takes, shown=True)


def _found(resolve: Resolve, text: str) -> Any:
    try:
        return resolve(text)
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


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
        for name, parameter in _parameters(function).items()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
        and name not in {"self", *without}
    }


def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function, eval_str=True).parameters
    except NameError:  # an annotation that only type checkers can resolve
        return inspect.signature(function).parameters


def _option(parameter: inspect.Parameter, callables: Option) -> Option:
    by_default = _BY_TYPE.get(type(parameter.default), TEXT)
    return _by_annotation(parameter.annotation, callables) or by_default


def _by_annotation(annotation: Any, callables: Option) -> Option | None:
    if get_origin(annotation) in {Union, UnionType}:
        inner = [arg for arg in get_args(annotation) if arg is not NoneType]
        option = _by_annotation(inner[0], callables) if len(inner) == 1 else None
        return or_none(option) if option in {BOOLEAN, INTEGER, NUMBER} else option
    if get_origin(annotation) is Callable or annotation is Callable:
        return callables
    return _BY_TYPE.get(annotation) if isinstance(annotation, type) else None
