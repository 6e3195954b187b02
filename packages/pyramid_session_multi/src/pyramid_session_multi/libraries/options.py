"""Options of a session library as text: what each of them takes, and what the text means."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pyramid.settings import asbool, falsey, truthy

from ..dotted_names import found
from ..messages import describe, nearest
from .signing import SHORTEST_SECRET, length_of

Resolve = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Option:
    """How the text of one option is converted.

    :ivar convert: takes the text; raises ``ValueError`` for what it cannot convert.
    :ivar takes: for messages, after "takes".
    :ivar shown: may a message show the text? Only where it can be no secret.
    :ivar secret: is it a secret, or words that are, of 32 bytes at least?
    :ivar least: of a number: the least that can be meant.
    :ivar default: what holds without the option, where the signature of a library tells it.
    """

    convert: Callable[[str], Any]
    takes: str
    shown: bool = False
    secret: bool = False
    least: int | None = None
    default: Any = None


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
    meant = nearest(word, known)
    return f"; did you mean {meant!r}?" if meant else ""


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
ABOVE_ZERO = Option(_number(int), "a whole number above 0", shown=True, least=1)
FROM_ZERO = Option(_number(int), "a whole number from 0", shown=True, least=0)
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

    return replace(option, convert=convert, takes=f"{option.takes}, or none")


# Seconds, by whatever library. Less is a session that no request finds again, or an error of the
# storage's.
_SECONDS = {
    "cookie_max_age": or_none(ABOVE_ZERO),
    "max_age": or_none(ABOVE_ZERO),
    "reissue_time": or_none(FROM_ZERO),
    "timeout": or_none(ABOVE_ZERO),
    "timeout_trigger": or_none(FROM_ZERO),
}


def dotted(resolve: Resolve, known: Iterable[str] = ()) -> Option:
    """The dotted name of a callable.

    :param known: of those that may be meant.
    """

    def convert(text: str) -> Any:
        named = found(resolve, text, known)
        if not callable(named):
            problem = f"that is {describe(named)}, which cannot be called"
            raise ValueError(problem)  # noqa: TRY004 - of whatever convert is given
        return named

    return Option(convert, "the dotted name of a callable", shown=True)


def codec(resolve: Resolve, probe: Any, words: Mapping[str, str] | None = None) -> Option:
    """The dotted name of what makes ``bytes`` of an object like ``probe``, or of its class.

    :param words: short for a dotted name.
    """

    def convert(text: str) -> Any:
        named = found(resolve, (words or {}).get(text, text))
        try:
            made = named() if isinstance(named, type) else named
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


def value_of(name: str, given: Any, option: Option) -> Any:
    """What an option is given: text is converted, what Python's settings hold is left as it is."""
    takes, value = f"takes {option.takes}", given
    if isinstance(given, str):
        try:
            value = option.convert(given)
        except ValueError as error:
            shown = f", not {given!r}" if option.shown else ""
            why = f" ({error})" if option.shown and str(error) else ""
            cause = error.__cause__ if option.shown else None
            raise OptionError(name, f"{takes}{shown}{why}") from cause
    if option.least is not None and isinstance(value, (int, float)) and value < option.least:
        raise OptionError(name, f"{takes}, not {given!r}")
    return value


def require_length(name: str, option: Option, secrets: Sequence[Any], hint: str) -> None:
    """Raise an ``OptionError`` for what is no secret, or one that is too short.

    :param hint: of more that may be wrong.
    """
    for number, secret in enumerate(secrets, 1):
        if not isinstance(secret, (str, bytes)):
            raise OptionError(name, f"takes {option.takes}, not {describe(secret)}")
        length = length_of(secret)
        if length < SHORTEST_SECRET and not option.secret:
            raise OptionError(name, f"takes {option.takes}; it has {length} bytes")
        if length < SHORTEST_SECRET:
            which = f"its secret {number}" if len(secrets) > 1 else "it"
            raise OptionError(
                name,
                f"is too short: {which} has {length} bytes and must have at least "
                f"{SHORTEST_SECRET}, better 64{hint}",
            )


def options_of(
    function: Callable[..., Any],
    table: Mapping[str, Option],
    callables: Option,
    without: Iterable[str] = (),
) -> dict[str, Option]:
    """The options that a library's function takes, read off its signature.

    By the table where it knows better, else seconds by their name, else by the annotation, else by
    the type of the default. What is left is handed on as text.
    """
    return {
        name: replace(
            table.get(name) or _SECONDS.get(name) or _option(parameter, callables),
            default=None if parameter.default is parameter.empty else parameter.default,
        )
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
