"""A registered namespace, and the validation of its parts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyramid.exceptions import ConfigurationError
from webob.cookies import Cookie

from ..libraries.makers import call_first, uncalled_maker
from ..libraries.recognition import is_built_in
from ..libraries.session_library import SessionLibrary
from ..messages import dotted_name, shown, str_or_type
from .inspected_factory import InspectedFactory, SessionFactory, inspect_factory
from .lifetime import is_over, limited, validate_lifetime
from .prepared_sessions import preparing
from .session_callbacks import binding_callbacks, naming_finished_callbacks

Discriminator = Callable[[Any], Any]

# RFC 6265 4.1.1: a cookie's name is a token of RFC 2616 2.2.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Namespace(InspectedFactory):
    """A registered namespace, immutable.

    :ivar name: the key in ``request.session_multi``.
    :ivar discriminator: decides if the session exists for a request; ``None``: it always does.
    :ivar is_cookie_name_certain: false if the cookie's name is not known, or was only declared.
    :ivar location: where it was registered: ``file:line``, or the name of the setting.
    :ivar lifetime: seconds after which its sessions end; ``None``: they have no lifetime.
    """

    name: str
    discriminator: Discriminator | None
    is_cookie_name_certain: bool
    location: str
    lifetime: int | None = None

    def __str__(self) -> str:
        return f"namespace {self.name!r} ({self.location})"

    @cached_property
    def prepared(self) -> SessionFactory:
        """The factory, with sessions that its library has prepared."""
        return preparing(self, self.name)

    @cached_property
    def open(self) -> SessionFactory:
        """The function that opens a session: it ends one whose lifetime is over."""
        factory = self.prepared
        if self.lifetime is not None:
            factory = limited(self, factory, self.lifetime)
        if self.session_library is None or not is_built_in(self.session_library):
            return binding_callbacks(self.name, factory)
        if self.session_library.server_side(self.library_factory):
            return naming_finished_callbacks(self.name, factory)
        return factory

    @property
    def discriminator_name(self) -> str | None:
        """The dotted name of the discriminator for reports; ``None``: there is none."""
        return None if self.discriminator is None else dotted_name(self.discriminator)

    def is_over(self, session: Any) -> bool:
        """True if the namespace has a lifetime and it is over for this session.

        :raises TypeError: if its library does not know when it began.
        """
        return self.lifetime is not None and is_over(self, self.lifetime, session)


def make_namespace(
    name: str,
    factory: SessionFactory,
    discriminator: Discriminator | None,
    cookie_name: str | None,
    location: str,
    libraries: Sequence[SessionLibrary] = (),
    *,
    lifetime: int | None = None,
) -> Namespace:
    """Validate the parts of a namespace and put them together.

    :raises pyramid.exceptions.ConfigurationError: for an invalid part.
    """
    validate_name(name, location)
    _validate_not_maker(name, factory, location, libraries)
    _validate_callable(name, "session factory", factory, location)
    if discriminator is not None:
        _validate_callable(name, "discriminator", discriminator, location)
    validate_lifetime(name, lifetime, location)
    inspected = inspect_factory(factory, libraries)
    _validate_requirements(name, inspected, location)
    cookie_name = _cookie_name(name, cookie_name, inspected, location)
    return Namespace(
        **{**vars(inspected), "cookie_name": cookie_name},
        name=name,
        discriminator=discriminator,
        is_cookie_name_certain=inspected.cookie_name is not None,
        location=location,
        lifetime=lifetime,
    )


def validate_name(name: object, location: str) -> None:
    """Raise a ``ConfigurationError`` if this cannot be the name of a namespace."""
    if not name or not isinstance(name, str):
        raise ConfigurationError(
            f"A session namespace must be a non-empty str, not {str_or_type(name)} ({location})."
        )


def _validate_not_maker(
    name: str, factory: object, location: str, libraries: Sequence[SessionLibrary]
) -> None:
    maker = uncalled_maker(factory, libraries)
    if maker is not None:
        raise ConfigurationError(
            f"The session factory of the namespace {name!r} ({location}) is {call_first(maker)}."
        )


def _validate_callable(name: str, role: str, candidate: object, location: str) -> None:
    if candidate is None:
        raise ConfigurationError(
            f"The namespace {name!r} ({location}) was registered without a {role}: "
            "pass a callable that takes the request, or its dotted name."
        )
    if not callable(candidate):
        raise ConfigurationError(
            f"The {role} of the namespace {name!r} ({location}) must be a callable that takes the "
            f"request, not {dotted_name(candidate)}."
        )
    try:
        inspect.signature(candidate).bind(None)
    except ValueError:
        return  # a builtin without a signature
    except TypeError as error:
        raise ConfigurationError(
            f"The {role} of the namespace {name!r} ({location}) is called with the request as its "
            f"only argument, which {dotted_name(candidate)} cannot handle: {error}. If it creates "
            f"a {role}, call it first."
        ) from None


def _validate_requirements(name: str, inspected: InspectedFactory, location: str) -> None:
    library = inspected.session_library
    problem = library.startup_problem(inspected.library_factory) if library else None
    if problem is not None:
        raise ConfigurationError(
            f"The session factory {inspected.factory_name} of the namespace {name!r} "
            f"({location}) cannot work: {problem}."
        )


def _cookie_name(
    name: str, declared: str | None, inspected: InspectedFactory, location: str
) -> str | None:
    if None not in (declared, inspected.cookie_name) and declared != inspected.cookie_name:
        raise ConfigurationError(
            f"The namespace {name!r} ({location}) is registered with cookie_name="
            f"{str_or_type(declared)}, but its session factory {inspected.factory_name} uses the "
            f"cookie {inspected.cookie_name!r}. Leave cookie_name out, or create the factory with "
            "that name."
        )
    cookie_name = inspected.cookie_name if declared is None else declared
    if cookie_name is not None:
        _validate_cookie_name(name, cookie_name, location)
    return cookie_name


def _validate_cookie_name(name: str, cookie_name: object, location: str) -> None:
    if not isinstance(cookie_name, str) or not _TOKEN.fullmatch(cookie_name):
        raise ConfigurationError(
            f"The cookie name {str_or_type(cookie_name)} of the namespace {name!r} ({location}) is "
            "not a token of RFC 6265: use letters, digits and !#$%&'*+-.^_`|~ only."
        )
    if not Cookie().add(cookie_name, ""):
        raise ConfigurationError(
            f"The cookie name {shown(cookie_name)} of the namespace {name!r} ({location}) is "
            "reserved: WebOb refuses names that begin with $ and those of cookie attributes, like "
            "'path' or 'secure'."
        )
