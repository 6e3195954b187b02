"""The options that a library's function takes, read from its signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from ..messages import suggestion
from .option_converters import (
    BOOLEAN,
    INTEGER,
    NON_NEGATIVE,
    NUMBER,
    POSITIVE,
    TEXT,
    Option,
    or_none,
)

# Prefixes that some libraries put in front of an option's name, and others do not.
_PREFIXES = ("cookie_", "redis_")

_BY_TYPE = {str: TEXT, bool: BOOLEAN, int: INTEGER, float: NUMBER}

# Durations in seconds, the same in all libraries. Smaller values would expire sessions at once or
# be rejected by the storage.
_DURATIONS = {
    "cookie_max_age": or_none(POSITIVE),
    "max_age": or_none(POSITIVE),
    "reissue_time": or_none(NON_NEGATIVE),
    "timeout": or_none(POSITIVE),
    "timeout_trigger": or_none(NON_NEGATIVE),
}


def options_from_signature(
    function: Callable[..., Any],
    overrides: Mapping[str, Option],
    callable_option: Option,
    exclude: Iterable[str] = (),
) -> dict[str, Option]:
    """Map the parameters of a function to options.

    An override decides first, then the name of a duration, the annotation, and the type of the
    default. Every other option is text.

    :param callable_option: the option for parameters that are annotated as callables.
    :param exclude: parameters that are not options.
    """
    return {
        name: replace(
            overrides.get(name) or _DURATIONS.get(name) or _option(parameter, callable_option),
            default=None if parameter.default is parameter.empty else parameter.default,
        )
        for name, parameter in _parameters(function).items()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
        and name not in {"self", *exclude}
    }


def same_option_elsewhere(option: str, options: Collection[str]) -> str:
    """``; did you mean 'x'?`` if the option exists with or without a prefix; else empty."""
    for prefix in _PREFIXES:
        for spelling in (option.removeprefix(prefix), f"{prefix}{option}"):
            if spelling in options:
                return suggestion(spelling)
    return ""


def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function, eval_str=True).parameters
    except NameError:  # an annotation that only type checkers can resolve
        return inspect.signature(function).parameters


def _option(parameter: inspect.Parameter, callable_option: Option) -> Option:
    by_default = _BY_TYPE.get(type(parameter.default), TEXT)
    return _by_annotation(parameter.annotation, callable_option) or by_default


def _by_annotation(annotation: Any, callable_option: Option) -> Option | None:
    if get_origin(annotation) in {Union, UnionType}:
        inner = [arg for arg in get_args(annotation) if arg is not NoneType]
        option = _by_annotation(inner[0], callable_option) if len(inner) == 1 else None
        return or_none(option) if option in {BOOLEAN, INTEGER, NUMBER} else option
    if get_origin(annotation) is Callable or annotation is Callable:
        return callable_option
    return _BY_TYPE.get(annotation) if isinstance(annotation, type) else None
