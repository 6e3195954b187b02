"""Converting and validating a session library's options, which are text in the settings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyramid.settings import asbool, falsey, truthy

from ..dotted_names import Resolver, resolve
from ..messages import dotted_name, may_be_secret, shown
from .signing import MIN_SECRET_BYTES, NOT_TEXT, byte_length, too_short


@dataclass(frozen=True)
class Option:
    """The conversion of one option.

    :ivar convert: takes the text; raises ``ValueError`` if it is invalid.
    :ivar expected: the valid values, for messages, after "takes".
    :ivar may_show: true if a message may show the text; false if it may be a secret.
    :ivar secret: true if the value is one or more secrets, of at least 32 bytes each.
    :ivar encoding: how the library encodes a secret; ``None``: as WebOb does.
    :ivar minimum: the smallest sensible number.
    :ivar default: the value without the option, if the library's signature has one.
    """

    convert: Callable[[str], Any]
    expected: str
    may_show: bool = False
    secret: bool = False
    encoding: str | None = None
    minimum: int | None = None
    default: Any = None


class OptionError(Exception):
    """An option is missing, invalid or unknown.

    :ivar option: its name.
    :ivar problem: the rest of the sentence that begins with the name.
    """

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(option, problem)
        self.option = option
        self.problem = problem


def _boolean(text: str) -> bool:
    if text.lower() not in truthy | falsey:
        raise ValueError
    return bool(asbool(text))


def _number(number_type: Callable[[str], float]) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            return number_type(text)
        except ValueError:
            raise ValueError from None  # our own message says the same, without the text

    return convert


def _same_site(text: str) -> str | None:
    if text.lower() not in {"", "lax", "strict", "none"}:
        raise ValueError
    return text.capitalize() or None


def _hash(text: str) -> str:
    try:
        hashlib.new(text).digest()
    except TypeError:
        raise ValueError("its digests have no fixed length") from None
    return text


TEXT = Option(str, "text")
BOOLEAN = Option(_boolean, "true or false", may_show=True)
INTEGER = Option(_number(int), "a whole number", may_show=True)
POSITIVE = Option(_number(int), "a whole number of seconds above 0", may_show=True, minimum=1)
NON_NEGATIVE = replace(POSITIVE, expected="a whole number of seconds, 0 or more", minimum=0)
NUMBER = Option(_number(float), "a number", may_show=True)
HASH = Option(_hash, "the name of a hash algorithm, like sha512", may_show=True)
SAMESITE = Option(_same_site, "Lax, Strict, None, or nothing for no attribute", may_show=True)
SECRET = Option(str, "a secret", secret=True)
UTF8_SECRET = replace(SECRET, encoding="utf-8")
SECRETS = Option(str.split, "secrets separated by white space", secret=True)


def or_none(option: Option) -> Option:
    """The same option, which also takes ``none``."""

    def convert(text: str) -> Any:
        return None if text.lower() == "none" else option.convert(text)

    return replace(option, convert=convert, expected=f"{option.expected}, or none")


def callable_option(resolver: Resolver, suggestions: Iterable[str] = ()) -> Option:
    """An option that takes the dotted name of a callable.

    :param suggestions: names to suggest if one does not resolve.
    """

    def convert(text: str) -> Any:
        value = resolve(resolver, text, suggestions)
        if not callable(value):
            problem = f"that is {dotted_name(value)}, which cannot be called"
            raise ValueError(problem)  # noqa: TRY004 - the protocol of Option.convert
        return value

    return Option(convert, "the dotted name of a callable", may_show=True)


def serializer_option(
    resolver: Resolver, sample: Any, aliases: Mapping[str, str] | None = None
) -> Option:
    """An option that takes the dotted name of a serializer, or of its class.

    :param sample: an object that the serializer must be able to dump and load.
    :param aliases: short words for dotted names.
    """

    def convert(text: str) -> Any:
        value = resolve(resolver, (aliases or {}).get(text, text))
        try:
            serializer = value() if isinstance(value, type) else value
            dumped = serializer.dumps(sample)
            serializer.loads(dumped)
        except Exception as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error
        if not isinstance(dumped, bytes):
            problem = f"its dumps returns {dotted_name(type(dumped))}, not bytes"
            raise ValueError(problem)  # noqa: TRY004
        return serializer

    words = "".join(f"{word}, " for word in aliases or ())
    expected = f"{words}the dotted name of an object with dumps (to bytes) and loads, or its class"
    return Option(convert, expected, may_show=True)


def convert_option(name: str, value: Any, option: Option) -> Any:
    """Convert the text of an option; return any other value unchanged.

    :raises OptionError: for an invalid value.
    """
    expected, result = f"takes {option.expected}", value
    if isinstance(value, str):
        try:
            result = option.convert(value)
        except ValueError as error:
            if not option.may_show or may_be_secret(value):
                hint = f", not {shown(value)}" if option.may_show else ""
                raise OptionError(name, f"{expected}{hint}") from None
            reason = f" ({error})" if str(error) else ""
            raise OptionError(name, f"{expected}, not {value!r}{reason}") from error.__cause__
    if option.minimum is not None and isinstance(result, (int, float)) and result < option.minimum:
        raise OptionError(name, f"{expected}, not {value!r}")
    return result


def check_secrets(name: str, option: Option, secrets: Sequence[Any], hint: str) -> None:
    """Check the type and the length of secrets.

    :param hint: the end of the message about a short one: another possible cause.
    :raises OptionError: for a value that is not a secret, or is too short.
    """
    for position, secret in enumerate(secrets, 1):
        if not isinstance(secret, (str, bytes)):
            raise OptionError(name, f"takes {option.expected}, not {dotted_name(secret)}")
        try:
            length = byte_length(secret, option.encoding)
        except UnicodeEncodeError:
            raise OptionError(name, NOT_TEXT) from None
        if length < MIN_SECRET_BYTES and not option.secret:
            raise OptionError(name, f"takes {option.expected}; it has {length} bytes")
        if length < MIN_SECRET_BYTES:
            which = f"its secret {position}" if len(secrets) > 1 else "it"
            raise OptionError(name, f"is too short: {which} {too_short(length)}{hint}")
