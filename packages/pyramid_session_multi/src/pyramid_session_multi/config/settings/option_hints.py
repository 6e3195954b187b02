"""Hints about options that do not exist, or are in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ...libraries.factory_builders.builder import FactoryBuilder, builders
from ...libraries.library_options import same_option_elsewhere
from ...libraries.option_converters import OptionError
from ...messages import did_you_mean

# The parser of .ini files takes a comment after a value as part of the value.
_COMMENT = re.compile(r"\s[#;]|^[#;](\s|$)")
COMMENT_PROBLEM = (
    "has a # or ; after white space: in an .ini file, a comment after a value is part of the "
    "value. Write it on a line of its own"
)


def check_comments(options: Mapping[str, Any]) -> None:
    """Reject values that end with a comment.

    :raises OptionError: for the first.
    """
    for name, value in options.items():
        if isinstance(value, str) and _COMMENT.search(value):
            raise OptionError(name, COMMENT_PROBLEM)


def did_you_misspell(option: str, names: Iterable[str]) -> str:
    """``; did you misspell it as 'x'?`` for the end of a sentence; empty if no name is close."""
    return did_you_mean(option, names, "; did you misspell it as")


def missing_secret_hint(option: str, others: Collection[str]) -> str:
    """The end of a sentence about a missing secret: the unknown option that may hold it.

    :param option: the missing one.
    :param others: the options that are set and not valid.
    """
    if "secrets" in others:
        return f"{_one_secret(option)}."
    if option == "validate_key" and "secret" in others:
        return f"; its name is {option!r}, not 'secret'."
    return did_you_misspell(option, others) or "."


def unknown_option_hint(
    option: str, builder: FactoryBuilder, valid_options: Collection[str], secret: str
) -> str:
    """The end of a sentence about an unknown option: where it belongs, or its near miss.

    :param valid_options: those of the builder, and of every namespace.
    :param secret: the one for the secret.
    """
    if option == "secrets":
        return _one_secret(secret)
    return (
        same_option_elsewhere(option, valid_options)
        or builder.belongs_to(option)
        or did_you_mean(option, valid_options)
        or _other_uses(option)
    )


def _one_secret(secret: str) -> str:
    # ``secrets`` is the option of the one builder that rotates them.
    return (
        f"; it takes one secret, {secret!r}, not 'secrets'. It does not rotate secrets: a new one "
        "ends all sessions"
    )


def _other_uses(option: str) -> str:
    uses = [use for use, builder in builders().items() if option in _options_of(builder)]
    return f"; it is one of use = {', '.join(uses)}" if uses else ""


def _options_of(builder: FactoryBuilder) -> Collection[str]:
    try:
        return builder.options({}, str)
    except (ImportError, OptionError):  # a library that is not installed
        return ()
