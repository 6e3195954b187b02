"""Namespaces from the settings, as an .ini file gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ISessionFactory
from pyramid.settings import aslist

from .backends import makers, recognise
from .describe import describe
from .making import Maker
from .options import Option, OptionError, Resolve, near
from .settings import PREFIX
from .signing import SHORTEST_SECRET

_SCALARS = ("namespaces", "vary", "isolation")

# The options of every namespace, whatever makes its factory.
_OWN = ("use", "discriminator")


class NamespaceSettings:
    """What the settings say of one namespace.

    :ivar name: of the namespace.
    :ivar place: for messages and introspection.
    """

    def __init__(self, name: str, given: Mapping[str, Any], resolve: Resolve) -> None:
        given = {k: v.strip() if isinstance(v, str) else v for k, v in given.items()}
        self.name = name
        self.place: str = f"{PREFIX}{name}.* in the settings"
        self.discriminator: Any = given.get("discriminator")
        self.cookie_name: Any = given.get("cookie_name")
        self._use = given.get("use")
        self._given = {k: v for k, v in given.items() if k not in _OWN}
        self._resolve = resolve

    def factory(self) -> Callable[..., Any]:
        """The session factory, or a ``ConfigurationError`` that names the setting."""
        try:
            return self._factory()
        except OptionError as error:
            end = "" if error.problem.endswith((".", "?")) else "."
            raise ConfigurationError(
                f"{PREFIX}{self.name}.{error.option} {error.problem}{end}"
            ) from error.__cause__

    def _factory(self) -> Callable[..., Any]:
        use = self._use
        if not use:
            raise OptionError("use", f"is missing; it takes {_uses()}{self._misspelt('use')}")
        if not isinstance(use, str):
            raise OptionError("use", f"takes {_uses()}, not {describe(use)}")
        maker = makers().get(use)
        made: Any = self._by_name(use) if maker is None else self._made_by(maker)
        if not callable(made):
            raise OptionError("use", f"made {describe(made)}, which is no session factory")
        factory: Callable[..., Any] = made
        return factory

    def _by_name(self, use: str) -> Any:
        try:
            found = self._resolve(use)
        except Exception as error:
            raise OptionError(
                "use", f"takes {_uses()}, not {use!r}{near(use, makers())} ({error})"
            ) from error
        if not callable(found):
            raise OptionError("use", f"names {describe(found)}; it takes {_uses()}")
        if recognise(found) is not None or ISessionFactory.providedBy(found):
            raise OptionError(
                "use",
                "names a session factory, which takes a request and returns a session; it takes a "
                "callable that is given the options and returns a session factory. Write one, or "
                "register the factory with config.register_session_factory",
            )
        try:
            return found(dict(self._given))
        except ConfigurationError as error:
            raise OptionError("use", f"is {use}, which says: {error}") from error
        except Exception as error:
            # What a stranger's function says may quote the options.
            problem = f"is {use}, which was given the options and raised {type(error).__name__}"
            raise OptionError("use", problem) from error

    def _made_by(self, maker: Maker) -> Any:
        known: Mapping[str, Option] = {}
        try:
            known = maker.options(self._given, self._resolve)
            self._require_secret(maker, known)
            options = {
                name: self._converted(name, value, known) for name, value in self._given.items()
            }
            self._require_secure(maker, options)
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

    def _converted(self, name: str, value: Any, known: Mapping[str, Option]) -> Any:
        option = known.get(name)
        if option is None:
            raise OptionError(
                name, f"is no option of use = {self._use}{near(name, [*known, *_OWN])}"
            )
        if isinstance(value, str):
            try:
                value = option.convert(value)
            except ValueError as error:
                shown = f", not {value!r}" if option.shown else ""
                why = f" ({error})" if option.shown and str(error) else ""
                raise OptionError(name, f"takes {option.takes}{shown}{why}") from None
        if option.secret:
            self._require_length(name, value)
        return value

    def _require_length(self, name: str, value: Any) -> None:
        secrets = value if isinstance(value, (list, tuple)) else [value]
        for number, secret in enumerate(secrets, 1):
            length = len(secret.encode() if isinstance(secret, str) else secret)
            if length < SHORTEST_SECRET:
                which = f"its secret {number}" if len(secrets) > 1 else "it"
                raise OptionError(
                    name,
                    f"is too short: {which} has {length} bytes and must have at least "
                    f"{SHORTEST_SECRET}, better 64",
                )

    def _require_secure(self, maker: Maker, options: Mapping[str, Any]) -> None:
        samesite, secure = maker.samesite
        if options.get(samesite) == "None" and not options.get(secure):
            raise OptionError(
                samesite,
                f"is None, which browsers take only with {PREFIX}{self.name}.{secure} = true; "
                "leave it empty to send no SameSite attribute",
            )

    def _misspelt(self, option: str, known: Iterable[str] = ()) -> str:
        found = get_close_matches(option, self._given.keys() - set(known), n=1)
        return f"; did you misspell it as {found[0]!r}?" if found else ""

    def _quotes_hidden(self, text: str, known: Mapping[str, Option]) -> bool:
        """Does a text hold a word of an option that may not be shown?"""
        hidden = [v for k, v in self._given.items() if not (k in known and known[k].shown)]
        return any(word in text for value in hidden for word in str(value).split())


def namespaces_in(settings: Mapping[str, Any], resolve: Resolve) -> Iterator[NamespaceSettings]:
    """The namespaces that the settings list, or a ``ConfigurationError`` for what is left over."""
    names = _names(settings.get(f"{PREFIX}namespaces") or ())
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(f"{PREFIX}namespaces lists {twice[0]!r} more than once.")
    given: dict[str, dict[str, Any]] = {name: {} for name in names}
    for key, value in settings.items():
        if isinstance(key, str) and key.startswith(PREFIX):
            name, option = _split(key.removeprefix(PREFIX), names)
            if option:
                given[name][option] = value
    for name, options in given.items():
        if not options:
            raise ConfigurationError(
                f"{PREFIX}namespaces lists {name!r}, but there are no options "
                f"{PREFIX}{name}.*: {PREFIX}{name}.use takes {_uses()}."
            )
        yield NamespaceSettings(name, options, resolve)


def _names(listed: Any) -> list[str]:
    names = aslist(listed) if isinstance(listed, (str, list, tuple)) else [listed]
    for name in names:
        if not isinstance(name, str):
            raise ConfigurationError(
                f"{PREFIX}namespaces takes names separated by white space, not {describe(name)}."
            )
    return names


def _split(key: str, names: Iterable[str]) -> tuple[str, str]:
    """Namespace and option; no option for a setting that is no namespace's."""
    for name in sorted(names, key=len, reverse=True):
        if key.startswith(f"{name}.") and key != f"{name}.":
            return name, key[len(name) + 1 :]
    if key in _SCALARS:
        return "", ""
    if "." in key:
        name = key.partition(".")[0]
        raise ConfigurationError(
            f"{PREFIX}{key} is an option of a namespace that {PREFIX}namespaces does not list"
            f"{near(name, names) or '.'} Add {name!r} to it, or remove the option."
        )
    raise ConfigurationError(
        f"{PREFIX}{key} is no setting{near(key, _SCALARS) or '.'} There are "
        f"{', '.join(PREFIX + scalar for scalar in _SCALARS)} and {PREFIX}<namespace>.<option>."
    )


def _uses() -> str:
    words = ", ".join(makers())
    return f"{words}, or the dotted name of a callable that makes a session factory from options"
