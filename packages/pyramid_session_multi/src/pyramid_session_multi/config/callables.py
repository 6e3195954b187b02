"""Resolving the session factories, discriminators and libraries that are dotted names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError

from ..dotted_names import resolve, suggested_name
from ..messages import may_be_secret, shown, suggestion

# Suggested when a discriminator's name does not resolve.
DISCRIMINATORS = ("pyramid_session_multi.https_only",)

# As Configurator.maybe_dotted takes them: absolute, relative, or with a colon before the attribute.
_DOTTED_NAME = re.compile(r"\w*[.:][\w.:]*")


def resolve_callable(
    config: Configurator, value: Any, role: str, suggestions: Iterable[str] = ()
) -> Any:
    """Resolve a dotted name; anything but a str stays as it is.

    :param role: the subject of messages, after "The".
    :param suggestions: dotted names to suggest if this one is close to the last part of theirs.
    :raises pyramid.exceptions.ConfigurationError: if it does not resolve.
    """
    if not isinstance(value, str):
        return value
    if not value.strip():
        raise ConfigurationError(f"The {role} is an empty string: pass its dotted name.")
    if not _DOTTED_NAME.fullmatch(value):
        hint = suggestion(suggested_name(value, suggestions), " Did you mean")
        raise ConfigurationError(
            f"The {role} is the string {shown(value)}, which is not a dotted name. Pass the "
            f"callable itself, or 'package.module.name'.{hint}"
        )
    try:
        return resolve(config.maybe_dotted, value, suggestions)
    except ValueError as error:
        hidden = may_be_secret(value)
        reason = "" if hidden else f": {error}"
        end = "" if reason.endswith("?") else "."
        raise ConfigurationError(
            f"The {role} cannot be found under the name {shown(value)}{reason}{end} Pass the "
            "callable itself, or a dotted name that can be imported, like 'package.module.name'."
        ) from (None if hidden else error.__cause__)
