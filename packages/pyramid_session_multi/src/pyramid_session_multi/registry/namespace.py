"""Start-up: what a namespace is, and what is wrong with one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.exceptions import ConfigurationError
from webob.cookies import Cookie

from ..libraries.recognition import cookie_name_of, recognize
from ..libraries.session_library import SessionLibrary
from ..messages import describe, shown

SessionFactory = Callable[[Any], Any]
Discriminator = Callable[[Any], Any]

# Where nobody described the library, it is taken to obey ISession.
_ISESSION = SessionLibrary()

# RFC 6265 4.1.1: a cookie's name is a token of RFC 2616 2.2.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedFactory:
    """A session factory in use: that of a namespace, or that of ``request.session``.

    :ivar factory: makes a session from a request.
    :ivar library_factory: the factory of the library inside ``factory``: itself, or what it wraps.
    :ivar cookie_name: the cookie of its sessions; ``None``: not known.
    :ivar session_library: the description of the session library; ``None``: nobody described it.
    """

    factory: SessionFactory
    library_factory: SessionFactory
    cookie_name: str | None
    session_library: SessionLibrary | None

    def __str__(self) -> str:
        return "factory of request.session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace(InspectedFactory):
    """A registered namespace. It cannot be changed.

    Its ``factory``, ``core``, ``cookie_name`` and ``library`` are what can be told of the session
    factory: itself, the library's own factory inside it (itself, or what it wraps), the cookie
    of its sessions, and the :class:`SessionLibrary` that describes it. The last two are ``None``
    where they are not known.

    :ivar name: how applications ask for it.
    :ivar discriminator: is asked whether the session exists for a request; ``None``: it does.
    :ivar location: where it was registered: ``file:line``, or the name of the setting.
    """

    name: str
    discriminator: Discriminator | None
    location: str

    def __str__(self) -> str:
        return f"namespace {self.name!r} ({self.location})"

    def session_library_of(self, session: Any) -> SessionLibrary:
        """How to handle a session of the namespace: as its library's, or as any ``ISession``.

        A factory that wraps a library's may return an object that is none of its sessions.
        """
        library = self.session_library
        return library if library is not None and library.recognizes_session(session) else _ISESSION


def inspect_factory(
    factory: SessionFactory, described: Sequence[SessionLibrary] = ()
) -> InspectedFactory:
    """What can be told of a factory."""
    recognized = recognize(factory, described)
    return InspectedFactory(
        factory=factory,
        library_factory=recognized.factory if recognized else factory,
        cookie_name=cookie_name_of(factory, recognized),
        session_library=recognized.session_library if recognized else None,
    )


def make_namespace(
    name: str,
    factory: SessionFactory,
    discriminator: Discriminator | None,
    cookie_name: str | None,
    location: str,
    described: Sequence[SessionLibrary] = (),
) -> Namespace:
    """A namespace from what was given for it, or a ``ConfigurationError``."""
    require_name(name, location)
    _require_callable(name, "session factory", factory, location)
    if discriminator is not None:
        _require_callable(name, "discriminator", discriminator, location)
    known = inspect_factory(factory, described)
    if None not in (cookie_name, known.cookie_name) and cookie_name != known.cookie_name:
        raise ConfigurationError(
            f"cookie_name={shown(cookie_name)} was given for the namespace {name!r} ({location}), but "
            f"its session factory {describe(factory)} uses the cookie {known.cookie_name!r}. Leave "
            "cookie_name out, or make the factory with that name."
        )
    cookie_name = known.cookie_name if cookie_name is None else cookie_name
    if cookie_name is not None:
        _require_cookie_name(name, cookie_name, location)
    return Namespace(
        name=name,
        factory=factory,
        library_factory=known.library_factory,
        discriminator=discriminator,
        cookie_name=cookie_name,
        location=location,
        session_library=known.session_library,
    )


def clash(one: InspectedFactory, other: InspectedFactory) -> str | None:
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


def require_name(name: object, location: str) -> None:
    """Raise a ``ConfigurationError`` for what cannot be the name of a namespace."""
    if not name or not isinstance(name, str):
        raise ConfigurationError(
            f"A session namespace must be a non-empty str, not {shown(name)} ({location})."
        )


def _require_callable(name: str, role: str, thing: object, location: str) -> None:
    if thing is None:
        raise ConfigurationError(
            f"The namespace {name!r} ({location}) was registered without a {role}: "
            "give a callable that takes the request, or its dotted name."
        )
    if not callable(thing):
        raise ConfigurationError(
            f"The {role} of the namespace {name!r} ({location}) must be a callable that takes the "
            f"request, not {describe(thing)}."
        )
    try:
        inspect.signature(thing).bind(None)
    except ValueError:
        return  # a builtin that does not tell
    except TypeError as error:
        raise ConfigurationError(
            f"The {role} of the namespace {name!r} ({location}) is called with the request alone, "
            f"which {describe(thing)} does not take: {error}. Does it make one, and has to be "
            "called first?"
        ) from None


def _require_cookie_name(name: str, cookie_name: object, location: str) -> None:
    if not isinstance(cookie_name, str) or not _TOKEN.fullmatch(cookie_name):
        raise ConfigurationError(
            f"The cookie name {shown(cookie_name)} of the namespace {name!r} ({location}) is no token "
            "of RFC 6265: use letters, digits and !#$%&'*+-.^_`|~ only."
        )
    if not Cookie().add(cookie_name, ""):
        raise ConfigurationError(
            f"The cookie name {cookie_name!r} of the namespace {name!r} ({location}) is reserved: "
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
