"""What the settings say of one namespace: the session factory and the discriminator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ISessionFactory

from ...dotted_names import found
from ...libraries.factory_builders import WORDS, Maker
from ...libraries.options import (
    SECRETS,
    Option,
    OptionError,
    Resolve,
    dotted,
    near,
    require_length,
    value_of,
)
from ...libraries.recognition import makers, recognize
from ...messages import describe, nearest
from .global_settings import PREFIX

# The options of every namespace, whatever makes its factory.
_OWN = ("use", "discriminator")

# Those that there are, for whoever leaves the package out or misspells them.
_DISCRIMINATORS = ("pyramid_session_multi.https_only",)

# What some libraries put before an option that others have without.
_FAMILIES = ("cookie_", "redis_")

_SPLIT = ". White space separates secrets; a secret holds none"


class NamespaceSettings:
    """What the settings say of one namespace.

    :ivar name: of the namespace.
    :ivar location: for messages and introspection.
    """

    def __init__(self, name: str, given: Mapping[str, Any], resolve: Resolve) -> None:
        given = {k: v.strip() if isinstance(v, str) else v for k, v in given.items()}
        self.name = name
        self.location: str = f"{PREFIX}{name}.* in the settings"
        self.cookie_name: Any = given.get("cookie_name")
        self._use = given.get("use")
        self._asks = given.get("discriminator")
        self._given = {k: v for k, v in given.items() if k not in _OWN}
        self._resolve = resolve

    def factory(self) -> Callable[..., Any]:
        """The session factory, or a ``ConfigurationError`` that names the setting."""
        with self._naming_the_setting():
            return self._factory()

    @property
    def discriminator(self) -> Callable[..., Any] | None:
        """The discriminator, or a ``ConfigurationError`` that names the setting."""
        with self._naming_the_setting():
            return self._discriminator()

    @contextmanager
    def _naming_the_setting(self) -> Iterator[None]:
        try:
            yield
        except OptionError as error:
            end = "" if error.problem.endswith((".", "?")) else "."
            raise ConfigurationError(
                f"{PREFIX}{self.name}.{error.option} {error.problem}{end}"
            ) from error.__cause__

    def _discriminator(self) -> Callable[..., Any] | None:
        if self._asks == "":
            problem = "is empty: give the dotted name of a callable, or leave it out"
            raise OptionError("discriminator", problem)
        asks = value_of("discriminator", self._asks, dotted(self._resolve, _DISCRIMINATORS))
        if asks is not None and not callable(asks):
            problem = f"takes a callable or the dotted name of one, not {describe(asks)}"
            raise OptionError("discriminator", problem)
        discriminator: Callable[..., Any] | None = asks
        return discriminator

    def _factory(self) -> Callable[..., Any]:
        use = self._use
        if not use:
            raise OptionError("use", f"is missing; it takes {uses()}{self._misspelt('use')}")
        if not isinstance(use, str):
            raise OptionError("use", f"takes {uses()}, not {describe(use)}")
        maker = makers().get(use)
        made: Any = self._by_name(use) if maker is None else self._made_by(maker)
        if not callable(made):
            raise OptionError("use", f"made {describe(made)}, which is no session factory")
        factory: Callable[..., Any] = made
        return factory

    def _by_name(self, use: str) -> Any:
        try:
            make = found(self._resolve, use)
        except ValueError as error:
            problem = f"takes {uses()}, not {use!r}{near(use, makers())} ({error})"
            raise OptionError("use", problem) from error.__cause__
        if not callable(make):
            raise OptionError("use", f"names {describe(make)}; it takes {uses()}")
        if recognize(make) is not None or ISessionFactory.providedBy(make):
            raise OptionError(
                "use",
                "names a session factory, which takes a request and returns a session; it takes a "
                "callable that is given the options and returns a session factory. Write one, or "
                "register the factory with config.register_session_factory",
            )
        try:
            return make(dict(self._given))
        except ConfigurationError as error:
            raise OptionError("use", f"is {use}, which says: {error}") from error
        except Exception as error:
            # What a stranger's function says may quote the options.
            word = WORDS.get(describe(make))
            hint = f"; did you mean {word!r}?" if word else ""
            raise OptionError(
                "use",
                f"is {use}, which was called with one argument, a mapping of the options, and "
                f"raised {type(error).__name__}{hint}",
            ) from error

    def _made_by(self, maker: Maker) -> Any:
        known: Mapping[str, Option] = {}
        try:
            known = maker.options(self._given, self._resolve)
            self._require_secret(maker, known)
            options = {
                name: self._converted(maker, name, value, known)
                for name, value in self._given.items()
            }
            self._require_secure(maker, options)
            self._require_reissue(options, known)
            if options.get("cookie_name") is None:
                options["cookie_name"] = self.name
            return maker.make(self.name, options)
        except OptionError:
            raise
        except ImportError as error:
            command = f"pip install 'pyramid_session_multi[{maker.extra}]'"
            raise OptionError(
                "use", f"is {maker.use}, but {error.name} is not installed: {command}"
            ) from error
        except Exception as error:
            if self._quotes_hidden(str(error), known):
                kind = type(error).__name__
                raise OptionError("use", f"is {maker.use}, which raised {kind}") from None
            raise OptionError("use", f"is {maker.use}, which says: {error}") from error

    def _require_secret(self, maker: Maker, known: Mapping[str, Option]) -> None:
        first, *others = maker.required(self._given)
        if not any(self._given.get(name) for name in (first, *others)):
            alternatives = "".join(f"or {PREFIX}{self.name}.{name} " for name in others)
            raise OptionError(
                first,
                f"{alternatives}is missing: use = {maker.use} needs a secret"
                f"{self._misspelt(first, known) or '.'} One can be made with: "
                f"python -c 'import secrets; print({maker.made_with})'",
            )

    def _converted(self, maker: Maker, name: str, given: Any, known: Mapping[str, Option]) -> Any:
        option = known.get(name)
        if option is None:
            problem = f"is no option of use = {self._use}{_near(name, [*known, *_OWN])}"
            raise OptionError(name, problem)
        value = value_of(name, given, option)
        if value is not None and (option.secret or name == maker.required(self._given)[0]):
            secrets = value if option == SECRETS and isinstance(value, (list, tuple)) else [value]
            split = isinstance(given, str) and len(secrets) > 1
            require_length(name, option, secrets, _SPLIT if split else "")
        return value

    def _require_secure(self, maker: Maker, options: Mapping[str, Any]) -> None:
        samesite, secure = maker.samesite
        if options.get(samesite) == "None" and not options.get(secure):
            raise OptionError(
                samesite,
                f"is None, which browsers take only with {PREFIX}{self.name}.{secure} = true; "
                "leave it empty to send no SameSite attribute",
            )

    def _require_reissue(self, options: Mapping[str, Any], known: Mapping[str, Option]) -> None:
        holds = {**{name: option.default for name, option in known.items()}, **options}
        reissue, timeout = holds.get("reissue_time"), holds.get("timeout")
        if isinstance(reissue, int) and isinstance(timeout, int) and reissue >= timeout:
            raise OptionError(
                "reissue_time",
                f"is {reissue}, but {PREFIX}{self.name}.timeout is {timeout}: the session would "
                "time out although it is used. Make it less, or none if that is meant",
            )

    def _misspelt(self, option: str, known: Iterable[str] = ()) -> str:
        given = nearest(option, self._given.keys() - set(known))
        return f"; did you misspell it as {given!r}?" if given else ""

    def _quotes_hidden(self, text: str, known: Mapping[str, Option]) -> bool:
        """Does a text hold a word of an option that may not be shown?"""
        hidden = [v for k, v in self._given.items() if not (k in known and known[k].shown)]
        return any(word in text for value in hidden for word in str(value).split())


def _near(option: str, known: Collection[str]) -> str:
    """The near miss of an option; first the one of another library that means the same."""
    for family in _FAMILIES:
        for meant in (option.removeprefix(family), f"{family}{option}"):
            if meant in known:
                return f"; did you mean {meant!r}?"
    return near(option, known)


def uses() -> str:
    """What ``use`` takes."""
    words = ", ".join(makers())
    return f"{words}, or the dotted name of a callable that makes a session factory from options"
