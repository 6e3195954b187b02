"""Start-up: what a namespace is, and what is wrong with one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.exceptions import ConfigurationError
from webob.cookies import Cookie

from .backends import cookie_name_of, recognise
from .describe import describe, shown
from .session_library import SessionLibrary

SessionFactory = Callable[[Any], Any]
Discriminator = Callable[[Any], Any]

# Where nobody described the library, it is taken to obey ISession.
_ISESSION = SessionLibrary()

# RFC 6265 4.1.1: a cookie's name is a token of RFC 2616 2.2.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoryInUse:
    """A session factory in use: that of a namespace, or that of ``request.session``.

    :ivar factory: makes a session from a request.
    :ivar core: the factory of the library inside ``factory``: itself, or what it wraps.
    :ivar cookie_name: the cookie of its sessions; ``None``: not known.
    :ivar session_library: the description of the session library; ``None``: nobody described it.
    """

    factory: SessionFactory
    core: SessionFactory
    cookie_name: str | None
    session_library: SessionLibrary | None

    def __str__(self) -> str:
        return "factory of request.session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace(FactoryInUse):
    """A registered namespace. It cannot be changed.

    Its ``factory``, ``core``, ``cookie_name`` and ``library`` are what can be told of the session
    factory: itself, the library's own factory inside it (itself, or what it wraps), the cookie
    of its sessions, and the :class:`SessionLibrary` that describes it. The last two are ``None``
    where they are not known.

    :ivar name: how applications ask for it.
    :ivar discriminator: is asked whether the session exists for a request; ``None``: it does.
    :ivar place: where it was registered: ``file:line``, or the name of the setting.
    """

    name: str
    discriminator: Discriminator | None
    place: str

    def __str__(self) -> str:
        return f"namespace {self.name!r} ({self.place})"

    def session_library_of(self, session: Any) -> SessionLibrary:
        """How to handle a session of the namespace: as its library's, or as any ``ISession``.

        A factory that wraps a library's may return an object that is none of its sessions.
        """
        library = self.session_library
        return library if library is not None and library.serves(session) else _ISESSION


def make_factory_in_use(
    factory: SessionFactory, described: Sequence[SessionLibrary] = ()
) -> FactoryInUse:
    """What can be told of a factory."""
    recognised = recognise(factory, described)
    return FactoryInUse(
        factory=factory,
        core=recognised.factory if recognised else factory,
        cookie_name=cookie_name_of(factory, recognised),
        session_library=recognised.session_library if recognised else None,
    )


def make_namespace(
    name: str,
    factory: SessionFactory,
    discriminator: Discriminator | None,
    cookie_name: str | None,
    place: str,
    described: Sequence[SessionLibrary] = (),
) -> Namespace:
    """A namespace from what was given for it, or a ``ConfigurationError``."""
    require_name(name, place)
    _require_callable(name, "session factory", factory, place)
    if discriminator is not None:
        _require_callable(name, "discriminator", discriminator, place)
    known = make_factory_in_use(factory, described)
    if None not in (cookie_name, known.cookie_name) and cookie_name != known.cookie_name:
        raise ConfigurationError(
            f"cookie_name={shown(cookie_name)} was given for the namespace {name!r} ({place}), but "
            f"its session factory {describe(factory)} uses the cookie {known.cookie_name!r}. Leave "
            "cookie_name out, or make the factory with that name."
        )
    cookie_name = known.cookie_name if cookie_name is None else cookie_name
    if cookie_name is not None:
        _require_cookie_name(name, cookie_name, place)
    return Namespace(
        name=name,
        factory=factory,
        core=known.core,
        discriminator=discriminator,
        cookie_name=cookie_name,
        place=place,
        session_library=known.session_library,
    )


def clash(one: FactoryInUse, other: FactoryInUse) -> str | None:
    """Why two factories in use cannot stand beside each other, or ``None``."""
    if factory_identity(one.factory) == factory_identity(other.factory):
        return (
            f"The {one} and the {other} share one session factory, {describe(one.factory)}: "
            "their sessions would overwrite each other. Make a factory for each, with a cookie "
            "name and a secret of its own."
        )
    if one.cookie_name is not None and one.cookie_name == other.cookie_name:
        return (
            f"The {one} and the {other} share one cookie, {one.cookie_name!r}: their sessions "
            "would overwrite each other. Make one of the factories with another cookie name."
        )
    return None


def require_name(name: object, place: str) -> None:
    """Raise a ``ConfigurationError`` for what cannot be the name of a namespace."""
    if not name or not isinstance(name, str):
        raise ConfigurationError(
            f"A session namespace must be a non-empty str, not {shown(name)} ({place})."
        )


def _require_callable(name: str, role: str, thing: object, place: str) -> None:
    if thing is None:
        raise ConfigurationError(
            f"The namespace {name!r} ({place}) was registered without a {role}: "
            "give a callable that takes the request, or its dotted name."
        )
    if not callable(thing):
        raise ConfigurationError(
            f"The {role} of the namespace {name!r} ({place}) must be a callable that takes the "
            f"request, not {describe(thing)}."
        )
    try:
        inspect.signature(thing).bind(None)
    except ValueError:
        return  # a builtin that does not tell
    except TypeError as error:
        raise ConfigurationError(
            f"The {role} of the namespace {name!r} ({place}) is called with the request alone, "
            f"which {describe(thing)} does not take: {error}. Does it make one, and has to be "
            "called first?"
        ) from None


def _require_cookie_name(name: str, cookie_name: object, place: str) -> None:
    if not isinstance(cookie_name, str) or not _TOKEN.fullmatch(cookie_name):
        raise ConfigurationError(
            f"The cookie name {shown(cookie_name)} of the namespace {name!r} ({place}) is no token "
            "of RFC 6265: use letters, digits and !#$%&'*+-.^_`|~ only."
        )
    if not Cookie().add(cookie_name, ""):
        raise ConfigurationError(
            f"The cookie name {cookie_name!r} of the namespace {name!r} ({place}) is reserved: "
            "WebOb refuses names that begin with $ or are those of cookie attributes, like "
            "'path' or 'secure'."
        )


def factory_identity(factory: SessionFactory) -> object:
    """What is equal for one and the same factory, and can be a key."""
    # Equal bound methods are one factory; what cannot be hashed is compared by identity.
    try:
        hash(factory)
    except TypeError:
        return id(factory)
    return factory
