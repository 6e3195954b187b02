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
from .options import SECRETS, Option
from .settings import PREFIX
from .signing import SHORTEST_SECRET

_SCALARS = ("namespaces", "vary", "isolation")

Resolve = Callable[[str], Any]


class NamespaceSettings:
    """What the settings say of one namespace.

    :ivar name: of the namespace.
    :ivar place: for messages and introspection.
    """

    def __init__(self, name: str, given: Mapping[str, Any], resolve: Resolve) -> None:
        self.name = name
        self.place = f"{PREFIX}{name}.* in the settings"
        self.discriminator = given.get("discriminator")
        self.cookie_name = given.get("cookie_name")
        self._use = str(given.get("use") or "").strip()
        self._given = {k: v for k, v in given.items() if k not in {"use", "discriminator"}}
        self._resolve = resolve

    def factory(self) -> Callable[..., Any]:
        """The session factory, or a ``ConfigurationError`` that names the setting."""
        if not self._use:
            raise self._error("use", f"is missing; it takes {_uses()}")
        maker = makers().get(self._use)
        factory = self._by_name() if maker is None else self._made_by(maker)
        if not callable(factory):
            raise self._error("use", f"made {describe(factory)}, which is no session factory")
        made: Callable[..., Any] = factory
        return made

    def _by_name(self) -> Any:
        use = self._use
        try:
            found = self._resolve(use)
        except Exception as error:
            raise self._error(
                "use", f"takes {_uses()}, not {use!r}{_near(use, makers())} ({error})"
            ) from error
        if not callable(found):
            raise self._error("use", f"names {describe(found)}; it takes {_uses()}")
        if recognise(found) is not None or ISessionFactory.providedBy(found):
            raise self._error(
                "use",
                "names a session factory, which takes a request and returns a session; it takes a "
                "callable that is given the options and returns a session factory. Write one, or "
                "register the factory with config.register_session_factory",
            )
        try:
            return found(dict(self._given))
        except ConfigurationError:
            raise
        except Exception as error:
            # What a stranger's function says may quote the options.
            raise self._error("use", f"{use} raised {type(error).__name__}") from error

    def _made_by(self, maker: Maker) -> Any:
        try:
            known = maker.options(self._given, self._resolve)
            self._require(maker)
            options = {
                name: self._converted(name, value, known) for name, value in self._given.items()
            }
            self._require_secure(maker, options)
            options.setdefault("cookie_name", self.name)
            return maker.make(self.name, options)
        except ImportError as error:
            command = f"pip install 'pyramid_session_multi[{maker.extra}]'"
            raise self._error(
                "use", f"is {self._use}, but {error.name} is not installed: {command}"
            ) from error
        except ConfigurationError:
            raise
        except Exception as error:
            raise self._error("use", f"is {self._use}, whose library says: {error}") from error

    def _require(self, maker: Maker) -> None:
        required = maker.required(self._given)
        if not any(self._given.get(name) for name in required):
            names = " or ".join(f"{PREFIX}{self.name}.{name}" for name in required)
            raise ConfigurationError(
                f"{names} is missing: {PREFIX}{self.name}.use = {self._use} needs a secret. One "
                "can be made with: python -c 'import secrets; print(secrets.token_hex(64))'"
            )

    def _converted(self, name: str, value: Any, known: Mapping[str, Option]) -> Any:
        option = known.get(name)
        if option is None:
            raise self._error(
                name, f"is no option of use = {self._use}{_near(name, [*known, 'discriminator'])}"
            )
        if not isinstance(value, str):
            return value
        text = value.strip()
        if option.secret:
            self._require_length(name, text.split() if option is SECRETS else [text])
        try:
            return option.convert(text)
        except ValueError as error:
            shown = f", not {text!r}" if option.shown else ""
            why = f" ({error})" if option.shown and str(error) else ""
            raise self._error(name, f"takes {option.takes}{shown}{why}") from None

    def _require_length(self, name: str, secrets: list[str]) -> None:
        for number, secret in enumerate(secrets, 1):
            length = len(secret.encode())
            if length < SHORTEST_SECRET:
                which = f"its secret {number}" if len(secrets) > 1 else "it"
                raise self._error(
                    name,
                    f"is too short: {which} has {length} bytes and must have at least "
                    f"{SHORTEST_SECRET}, better 64",
                )

    def _require_secure(self, maker: Maker, options: Mapping[str, Any]) -> None:
        samesite, secure = maker.samesite
        if options.get(samesite) == "None" and not options.get(secure):
            raise self._error(
                samesite,
                f"is None, which browsers take only with {PREFIX}{self.name}.{secure} = true; "
                "leave it empty to send no SameSite attribute",
            )

    def _error(self, option: str, problem: str) -> ConfigurationError:
        return ConfigurationError(f"{PREFIX}{self.name}.{option} {problem}.")


def namespaces_in(settings: Mapping[str, Any], resolve: Resolve) -> Iterator[NamespaceSettings]:
    """The namespaces that the settings list, or a ``ConfigurationError`` for what is left over."""
    names = aslist(settings.get(f"{PREFIX}namespaces", ()))
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
            f"{_near(name, names)}. Add {name!r} to it, or remove the option."
        )
    raise ConfigurationError(
        f"{PREFIX}{key} is no setting{_near(key, _SCALARS)}; there are "
        f"{', '.join(PREFIX + scalar for scalar in _SCALARS)} and {PREFIX}<namespace>.<option>."
    )


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _uses() -> str:
    words = ", ".join(makers())
    return f"{words}, or the dotted name of a callable that makes a session factory from options"
