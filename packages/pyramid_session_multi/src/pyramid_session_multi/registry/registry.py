"""Start-up: the registry of namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyramid.exceptions import ConfigurationError
from zope.interface import implementer

from ..exceptions import UnregisteredSession
from ..interfaces import ISessionMultiManagerConfig
from ..libraries.recognition import recognize
from ..libraries.session_library import SessionLibrary
from .namespace import (
    Discriminator,
    InspectedFactory,
    Namespace,
    SessionFactory,
    clash,
    factory_identity,
    make_namespace,
)


@implementer(ISessionMultiManagerConfig)
class SessionMultiManagerConfig:
    """The registry of namespaces; each application has one as a utility.

    ``registry.getUtility(ISessionMultiManagerConfig)`` is it. Iterating over it gives each
    :class:`Namespace`, in their order of registration.

    :param config: not used: 0.4.0 gave its ``Configurator``.
    :ivar vary: does a response say ``Vary: Cookie`` when sessions were used for it?
    :ivar observer: an :class:`ISessionMultiObserver`, or ``None``.
    :ivar by_name: name to :class:`Namespace`, in their order of registration; to be read only.
    :ivar libraries: each :class:`SessionLibrary` that the application described.
    """

    def __init__(self, config: Any = None) -> None:
        self.vary = True
        self.observer: Any = None
        self.libraries: list[SessionLibrary] = []
        self.by_name: dict[str, Namespace] = {}
        self._by_factory: dict[object, Namespace] = {}
        self._by_cookie_name: dict[str, Namespace] = {}

    def register_session_factory(
        self,
        namespace: str,
        session_factory: SessionFactory,
        discriminator: Discriminator | None = None,
        cookie_name: str | None = None,
    ) -> None:
        """Register at once, past Pyramid's actions: without conflicts, overriding and isolation.

        The arguments are those of the directive, but no dotted names.

        :raises pyramid.exceptions.ConfigurationError: for wrong input, and for a namespace, a
            factory or a cookie name that is used twice.
        """
        location = "registered without a directive"
        self.add(
            make_namespace(
                namespace, session_factory, discriminator, cookie_name, location, self.libraries
            )
        )

    def refuse_reuse(self, namespace: Namespace) -> None:
        """Raise a ``ConfigurationError`` if name, factory or cookie are in use by another."""
        same_name = self.by_name.get(namespace.name)
        if same_name is not None:
            raise ConfigurationError(
                f"The {namespace} was registered before, at {same_name.location}. "
                "Register it once, or choose another name."
            )
        other = next(self.neighbours(namespace), None)
        if other is not None:
            raise ConfigurationError(clash(namespace, other))

    def add(self, namespace: Namespace) -> None:
        """Take a namespace in, or raise a ``ConfigurationError`` and change nothing."""
        self.refuse_reuse(namespace)
        self._take_in(namespace)

    def _take_in(self, namespace: Namespace) -> None:
        self.by_name[namespace.name] = namespace
        self._by_factory[factory_identity(namespace.factory)] = namespace
        if namespace.cookie_name is not None:
            self._by_cookie_name[namespace.cookie_name] = namespace

    def describe_library(self, library: SessionLibrary) -> list[Namespace]:
        """Take in the description of a session library, and use it for what is registered.

        :returns: the namespaces of which more is known now.
        :raises pyramid.exceptions.ConfigurationError: where a cookie name that is known now is in
            use by another, or is not what was said of it.
        """
        self.libraries.append(library)
        return [self._settled_again(each) for each in list(self) if _fits(library, each)]

    def _settled_again(self, namespace: Namespace) -> Namespace:
        settled = make_namespace(
            namespace.name,
            namespace.factory,
            namespace.discriminator,
            namespace.cookie_name,
            namespace.location,
            self.libraries,
        )
        for other in self.neighbours(settled):
            if other is not namespace:
                raise ConfigurationError(clash(settled, other))
        self._take_in(settled)
        return settled

    def neighbours(self, registered: InspectedFactory) -> Iterator[Namespace]:
        """The namespaces that have the same factory or cookie name."""
        # Looked up rather than compared one by one, so that registering stays linear.
        if factory_identity(registered.factory) in self._by_factory:
            yield self._by_factory[factory_identity(registered.factory)]
        if registered.cookie_name in self._by_cookie_name:
            yield self._by_cookie_name[registered.cookie_name]

    def __iter__(self) -> Iterator[Namespace]:
        return iter(self.by_name.values())

    def get(self, namespace: str) -> Namespace:
        """The registered namespace.

        :raises UnregisteredSession: for an unknown one.
        """
        try:
            return self.by_name[namespace]
        except KeyError:
            raise UnregisteredSession(namespace, self.namespaces) from None

    @property
    def namespaces(self) -> list[str]:
        """All namespaces in their order of registration."""
        return list(self.by_name)

    @property
    def discriminators(self) -> list[str]:
        """The namespaces that have a discriminator."""
        return [n.name for n in self.by_name.values() if n.discriminator is not None]

    @property
    def namespaces_to_cookienames(self) -> dict[str, str | None]:
        """Namespace to cookie name; ``None`` where the name is not known."""
        return {n.name: n.cookie_name for n in self.by_name.values()}

    def has_namespace(self, namespace: str) -> bool:
        """Is this namespace registered?"""
        return namespace in self.by_name

    def get_namespace_config(self, namespace: str) -> SessionFactory | None:
        """The session factory of the namespace; ``None`` for an unknown one."""
        found = self.by_name.get(namespace)
        return found.factory if found else None

    def get_namespace_cookiename(self, namespace: str) -> str | None:
        """The name of the namespace's cookie; ``None`` for an unknown one."""
        found = self.by_name.get(namespace)
        return found.cookie_name if found else None

    def get_namespace_discriminator(self, namespace: str) -> Discriminator | None:
        """The discriminator of the namespace; ``None`` for an unknown one."""
        found = self.by_name.get(namespace)
        return found.discriminator if found else None


def _fits(library: SessionLibrary, namespace: Namespace) -> bool:
    recognized = recognize(namespace.factory, [library])
    return recognized is not None and recognized.session_library is library
