"""A session factory in use, and what its session library's description says about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..libraries.recognition import Recognized, cookie_name_of, library_of_session, recognize
from ..libraries.session_library import SessionLibrary
from ..messages import dotted_name

if TYPE_CHECKING:
    from ..libraries.cookie_attributes import CookieAttributes

SessionFactory = Callable[[Any], Any]

# A library that is not described is taken to obey ISession.
GENERIC_LIBRARY = SessionLibrary()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class InspectedFactory:
    """A session factory in use: that of a namespace, or that of ``request.session``.

    :ivar factory: takes a request and returns a session.
    :ivar library_factory: the session library's own factory: ``factory`` itself, or the one that
        it wraps.
    :ivar cookie_name: the cookie of its sessions; ``None``: not known.
    :ivar session_library: the description of the session library; ``None``: not described.
    :ivar recognized: every described factory that was found in ``factory``. If there are several,
        it is not known which of them creates the session, and ``session_library`` is ``None``.
    """

    factory: SessionFactory
    library_factory: SessionFactory
    cookie_name: str | None
    session_library: SessionLibrary | None
    recognized: tuple[Recognized, ...]

    @property
    def factory_name(self) -> str:
        """The factory's dotted name in reports: that of the function that created it, if any."""
        library, is_wrapped = self.session_library, self.factory is not self.library_factory
        if library is None or is_wrapped:
            return dotted_name(self.factory)
        return library.maker(self.factory) or dotted_name(self.factory).partition(".<locals>")[0]

    @property
    def cookie_attributes(self) -> CookieAttributes | None:
        """The attributes of the cookie; ``None``: not known."""
        if self.session_library is not None:
            return self.session_library.cookie_attributes(self.library_factory)
        from ..libraries.undescribed_factory import cookie_attributes_of  # only reports need it

        return cookie_attributes_of(self.factory)

    def __str__(self) -> str:
        return "factory of request.session"

    def __repr__(self) -> str:  # a factory's own repr may show its secret
        return f"<{self}>"

    def session_library_of(self, session: Any) -> SessionLibrary:
        """The library description for a session that the factory returned.

        A factory that wraps a library's may return another object than the library's session. If
        that object is not a built-in library's session either, it is handled as any ``ISession``.
        """
        library = self.session_library
        if library is not None and library.recognizes_session(session):
            return library
        return library_of_session(session) or GENERIC_LIBRARY


def inspect_factory(
    factory: SessionFactory, libraries: Sequence[SessionLibrary] = ()
) -> InspectedFactory:
    """Inspect a factory without calling it.

    :param libraries: the descriptions that the application registered.
    """
    recognized = recognize(factory, libraries)
    only = recognized[0] if len(recognized) == 1 else None
    return InspectedFactory(
        factory=factory,
        library_factory=only.factory if only else factory,
        cookie_name=cookie_name_of(factory, only),
        session_library=only.session_library if only else None,
        recognized=recognized,
    )


def conflict_message(one: InspectedFactory, other: InspectedFactory) -> str | None:
    """Say why two factories cannot be used together; ``None`` if they can."""
    if factory_identity(one.factory) == factory_identity(other.factory):
        resource = f"session factory, {one.factory_name}"
        fix = "Create a factory for each, with its own cookie name and secret"
    elif one.cookie_name is not None and one.cookie_name == other.cookie_name:
        resource = f"cookie, {one.cookie_name!r}"
        fix = "Give one of the factories another cookie name"
    else:
        return None
    return (
        f"The {one} and the {other} share one {resource}: their sessions would overwrite each "
        f"other. {fix}{_one_session_for_both(one, other)}."
    )


def _one_session_for_both(one: InspectedFactory, other: InspectedFactory) -> str:
    """The other fix, if one of the two is the factory of ``request.session``."""
    names = [getattr(factory, "name", None) for factory in (one, other)]
    name = next(filter(None, names), None)
    if name is None or None not in names:
        return ""
    return (
        f"; or, to use the namespace {name!r} as request.session, call "
        f"config.set_session_factory(namespace_session_factory({name!r}))"
    )


def factory_identity(factory: SessionFactory) -> object:
    """A hashable key, equal for the same factory only."""
    # Equal bound methods are one factory; an unhashable factory is compared by identity.
    try:
        hash(factory)
    except TypeError:
        return id(factory)
    return factory
