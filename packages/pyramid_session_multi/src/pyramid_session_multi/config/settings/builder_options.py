"""The options of one namespace, converted and checked for the builder that ``use`` names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dotted_names import Resolver
from ...libraries.cookie_attributes import CookieAttributes
from ...libraries.factory_builders.builder import FactoryBuilder
from ...libraries.option_converters import (
    SECRETS,
    Option,
    OptionError,
    check_secrets,
    convert_option,
)
from ...libraries.signing import secret_command
from .global_settings import PREFIX
from .option_hints import missing_secret_hint, unknown_option_hint

# The options of every namespace, whichever builder makes its factory.
COMMON_OPTIONS = ("use", "discriminator", "lifetime")

_SPLIT_HINT = ". White space separates secrets, so a secret cannot contain any"


class BuilderOptions:
    """The options of one namespace, for one builder.

    :param name: the namespace.
    :param values: option to value, mostly text.
    """

    def __init__(self, name: str, values: Mapping[str, Any], builder: FactoryBuilder) -> None:
        self._name = name
        self._values = values
        self._builder = builder
        self._valid_options: Mapping[str, Option] = {}

    def convert(self, resolver: Resolver) -> dict[str, Any]:
        """Convert and check all options; ``cookie_name`` defaults to the namespace.

        :raises OptionError: for the first invalid one.
        """
        self._valid_options = self._builder.options(self._values, resolver)
        self._check_secret_exists()
        options = {name: self._convert(name, value) for name, value in self._values.items()}
        self._check_cookie(options)
        self._check_reissue_time(options)
        if options.get("cookie_name") is None:
            options["cookie_name"] = self._name
        return options

    def leaks_value(self, text: str) -> bool:
        """True if a text contains a word of an option that must not be shown."""
        hidden = [
            value
            for name, value in self._values.items()
            if not (name in self._valid_options and self._valid_options[name].may_show)
        ]
        return any(word in text for value in hidden for word in str(value).split())

    def _check_secret_exists(self) -> None:
        first, *others = self._builder.secret_options(self._values)
        if not any(self._values.get(name) for name in (first, *others)):
            alternatives = "".join(f"or {PREFIX}{self._name}.{name} " for name in others)
            raise OptionError(
                first,
                f"{alternatives}is missing: use = {self._builder.use} needs a secret"
                f"{missing_secret_hint(first, self._values.keys() - set(self._valid_options))} "
                f"{secret_command(self._builder.recipe)}",
            )

    def _convert(self, name: str, value: Any) -> Any:
        option = self._valid_options.get(name)
        if option is None:
            valid_options = [*self._valid_options, *COMMON_OPTIONS]
            secret, *_others = self._builder.secret_options(self._values)
            hint = unknown_option_hint(name, self._builder, valid_options, secret)
            raise OptionError(name, f"is not an option of use = {self._builder.use}{hint}")
        is_secret = option.secret or name == self._builder.secret_options(self._values)[0]
        if is_secret and option != SECRETS:
            self._check_one_secret(name, value)
        result = convert_option(name, value, option)
        if result is not None and is_secret:
            is_list = option == SECRETS and isinstance(result, (list, tuple))
            secrets = result if is_list else [result]
            was_split = isinstance(value, str) and len(secrets) > 1
            check_secrets(name, option, secrets, _SPLIT_HINT if was_split else "")
        return result

    def _check_one_secret(self, name: str, value: Any) -> None:
        words = value.split() if isinstance(value, str) else value
        if isinstance(words, (list, tuple)) and len(words) > 1:
            raise OptionError(
                name,
                f"holds {len(words)} words, but use = {self._builder.use} takes one secret, "
                "without white space. It does not rotate secrets: a new one ends all sessions",
            )

    def _check_cookie(self, options: Mapping[str, Any]) -> None:
        names = self._builder.cookie_options
        values: dict[str, Any] = {
            attribute: options[name]
            for attribute, name in names.items()
            if options.get(name) is not None
        }
        cookie = CookieAttributes(**values)
        if cookie.is_samesite_none_insecure:
            raise OptionError(
                names["samesite"],
                "is None, which browsers accept only with "
                f"{PREFIX}{self._name}.{names['secure']} = true; leave it empty to send no "
                "SameSite attribute",
            )
        for attribute, problem in cookie.scope_problems().items():
            raise OptionError(names[attribute], problem)

    def _check_reissue_time(self, options: Mapping[str, Any]) -> None:
        defaults = {name: option.default for name, option in self._valid_options.items()}
        effective = {**defaults, **options}
        reissue, timeout = effective.get("reissue_time"), effective.get("timeout")
        if isinstance(reissue, int) and isinstance(timeout, int) and reissue >= timeout:
            raise OptionError(
                "reissue_time",
                f"is {reissue}, but {PREFIX}{self._name}.timeout is {timeout}: the session would "
                "time out even while it is used. Set a smaller reissue_time, or none if that is "
                "intended",
            )
