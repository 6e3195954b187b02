"""The settings of one namespace, turned into its session factory and discriminator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ISessionFactory

from ...dotted_names import Resolver, resolve
from ...libraries.factory_builders.builder import FactoryBuilder, builders, keyword_for
from ...libraries.option_converters import (
    POSITIVE,
    OptionError,
    callable_option,
    convert_option,
)
from ...libraries.recognition import recognize
from ...messages import defined_name, did_you_mean, dotted_name, may_be_secret, shown, suggestion
from ..callables import DISCRIMINATORS
from .builder_options import COMMON_OPTIONS, BuilderOptions
from .global_settings import PREFIX
from .option_hints import check_comments, did_you_misspell


class NamespaceSettings:
    """The settings of one namespace.

    Its methods raise a ``ConfigurationError`` that names the setting that is wrong.

    :ivar name: the namespace.
    :ivar location: the settings as the location of the registration, for messages.
    :ivar cookie_name: the declared name of the cookie; ``None``: not declared.
    """

    def __init__(self, name: str, options: Mapping[str, Any], resolver: Resolver) -> None:
        options = {k: v.strip() if isinstance(v, str) else v for k, v in options.items()}
        self.name = name
        self.location: str = f"{PREFIX}{name}.* in the settings"
        self.cookie_name: Any = options.get("cookie_name")
        self._all_options = options
        self._options = {k: v for k, v in options.items() if k not in COMMON_OPTIONS}
        self._resolver = resolver

    def factory(self) -> Callable[..., Any]:
        """Build the session factory."""
        with self._naming_the_setting():
            check_comments(self._all_options)
            use = self._all_options.get("use")
            if not use:
                hint = did_you_misspell("use", self._options)
                raise OptionError("use", f"is missing; it takes {use_choices()}{hint}")
            if not isinstance(use, str):
                raise OptionError("use", f"takes {use_choices()}, not {dotted_name(use)}")
            builder = builders().get(use)
            factory: Any = self._call_dotted_name(use) if builder is None else self._build(builder)
            if not callable(factory):
                problem = f"is {use}, which returned {dotted_name(factory)}, not a session factory"
                raise OptionError("use", problem)
            return factory  # type: ignore[no-any-return]

    def discriminator(self) -> Callable[..., Any] | None:
        """Resolve the discriminator."""
        with self._naming_the_setting():
            text = self._all_options.get("discriminator")
            if text == "":
                problem = "is empty: give the dotted name of a callable, or leave it out"
                raise OptionError("discriminator", problem)
            option = callable_option(self._resolver, DISCRIMINATORS)
            discriminator: Any = convert_option("discriminator", text, option)
            if discriminator is not None and not callable(discriminator):
                problem = (
                    f"takes a callable or the dotted name of one, not {dotted_name(discriminator)}"
                )
                raise OptionError("discriminator", problem)
            return discriminator  # type: ignore[no-any-return]

    def lifetime(self) -> int | None:
        """Convert the lifetime."""
        with self._naming_the_setting():
            text = self._all_options.get("lifetime")
            return convert_option("lifetime", text, POSITIVE)  # type: ignore[no-any-return]

    @contextmanager
    def _naming_the_setting(self) -> Iterator[None]:
        try:
            yield
        except OptionError as error:
            end = "" if error.problem.endswith((".", "?")) else "."
            raise ConfigurationError(
                f"{PREFIX}{self.name}.{error.option} {error.problem}{end}"
            ) from error.__cause__

    def _call_dotted_name(self, use: str) -> Any:
        try:
            function = resolve(self._resolver, use)
        except ValueError as error:
            problem = f"takes {use_choices()}, not {shown(use)}"
            if may_be_secret(use):
                raise OptionError("use", problem) from None
            problem = f"{problem}{did_you_mean(use, builders())} ({error})"
            raise OptionError("use", problem) from error.__cause__
        if not callable(function):
            problem = f"is {use}, which is {dotted_name(function)}; it takes {use_choices()}"
            raise OptionError("use", problem)
        if len(recognize(function)) == 1 or ISessionFactory.providedBy(function):
            raise OptionError(
                "use",
                "names a session factory, which takes a request and returns a session. This "
                "setting needs a callable that takes the options and returns a session factory. "
                "Write one, or register the factory with config.register_session_factory",
            )
        try:
            return function(dict(self._options))
        except ConfigurationError as error:
            raise OptionError("use", f"is {use}, which says: {error}") from error
        except Exception as error:
            # The message is not shown: a foreign function may quote the options in it.
            hint = suggestion(keyword_for(defined_name(function)))
            raise OptionError(
                "use",
                f"is {use}, which was called with one argument, a mapping of the options, and "
                f"raised {type(error).__name__}{hint}",
            ) from error

    def _build(self, builder: FactoryBuilder) -> Any:
        options = BuilderOptions(self.name, self._options, builder)
        try:
            return builder.build(self.name, options.convert(self._resolver))
        except OptionError:
            raise
        except ImportError as error:
            # Without a version, pip might fetch the older package of the same name.
            command = f"pip install 'pyramid_session_multi[{builder.extra}]>=1'"
            raise OptionError(
                "use", f"is {builder.use}, but {error.name} is not installed: {command}"
            ) from error
        except Exception as error:
            if options.leaks_value(str(error)):
                problem = f"is {builder.use}, which raised {type(error).__name__}"
                raise OptionError("use", problem) from None
            raise OptionError("use", f"is {builder.use}, which says: {error}") from error


def use_choices() -> str:
    """The valid values of ``use``, for messages."""
    keywords = ", ".join(builders())
    return f"{keywords}, or the dotted name of a callable that takes options and returns a factory"
