"""The registry of namespaces: ``SessionMultiManagerConfig``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyramid.exceptions import ConfigurationError
from zope.interface import implementer

from ..exceptions import UnregisteredSession
from ..interfaces import ISessionMultiManagerConfig
from ..libraries.recognition import recognize
from ..libraries.session_library import SessionLibrary
from .inspected_factory import (
    InspectedFactory,
    SessionFactory,
    conflict_message,
    factory_identity,
)
from .name_checks import invalid_name
from .namespace import Discriminator, Namespace, make_namespace
from .registered_namespaces import RegisteredNamespaces
from .view_contract import ViewContract


@implementer(ISessionMultiManagerConfig)
class SessionMultiManagerConfig(RegisteredNamespaces):
    """The registry of namespaces; each application has one as a utility.

    Get it with ``registry.getUtility(ISessionMultiManagerConfig)``. Iterating over it yields each
    :class:`Namespace` in their order of registration.

    :param config: not used; accepted as in version 0.4.0.
    :ivar vary: true if a response says ``Vary: Cookie`` when sessions were used for it.
    :ivar completes_responses: false if there are no responses, as in a test double.
    :ivar observer: an :class:`ISessionMultiObserver`, or ``None``.
    :ivar libraries: each :class:`SessionLibrary` that the application registered.
    :ivar view_contracts: each :class:`ViewContract`; empty if no view is bound by one.
    """

    def __init__(self, config: Any = None) -> None:
        self.vary = True
        self.completes_responses = True
        self.observer: Any = None
        self.libraries: list[SessionLibrary] = []
        self.view_contracts: list[ViewContract] = []
        self._by_name: dict[str, Namespace] = {}
        self._by_factory: dict[object, Namespace] = {}
        self._by_cookie_name: dict[str, Namespace] = {}

    def register_session_factory(
        self,
        namespace: str,
        session_factory: SessionFactory,
        discriminator: Discriminator | None = None,
        cookie_name: str | None = None,
        *,
        lifetime: int | None = None,
    ) -> None:
        """Register at once, without a Pyramid action: no conflicts, overriding or isolation check.

        The arguments are those of the directive, without dotted names.

        :raises pyramid.exceptions.ConfigurationError: for wrong input, and for a namespace, a
            factory or a cookie name that is used twice.
        """
        location = "registered without a directive"
        parts = (namespace, session_factory, discriminator, cookie_name, location, self.libraries)
        self.add(make_namespace(*parts, lifetime=lifetime))

    def check_unused(self, namespace: Namespace) -> None:
        """Raise a ``ConfigurationError`` if the name, factory or cookie name is already used."""
        same_name = self._by_name.get(namespace.name)
        if same_name is not None:
            raise ConfigurationError(
                f"The {namespace} is already registered, at {same_name.location}. "
                "Register it once, or choose another name."
            )
        other = next(self.sharing_with(namespace), None)
        if other is not None:
            raise ConfigurationError(conflict_message(namespace, other))

    def add(self, namespace: Namespace) -> None:
        """Add a namespace, or raise a ``ConfigurationError`` and change nothing."""
        self.check_unused(namespace)
        self._store(namespace)

    def _store(self, namespace: Namespace) -> None:
        self._by_name[namespace.name] = namespace
        self._by_factory[factory_identity(namespace.factory)] = namespace
        if namespace.cookie_name is not None:
            self._by_cookie_name[namespace.cookie_name] = namespace

    def describe_library(self, library: SessionLibrary) -> list[Namespace]:
        """Add the description of a session library, and apply it to registered namespaces.

        :returns: the namespaces whose factory it describes.
        :raises pyramid.exceptions.ConfigurationError: if a cookie name that the description
            reveals is used by another namespace, or contradicts the declared one.
        """
        self.libraries.append(library)
        namespaces = [namespace for namespace in self if _describes(library, namespace)]
        return [self._rebuild(namespace) for namespace in namespaces]

    def _rebuild(self, namespace: Namespace) -> Namespace:
        rebuilt = make_namespace(
            namespace.name,
            namespace.factory,
            namespace.discriminator,
            namespace.cookie_name,
            namespace.location,
            self.libraries,
            lifetime=namespace.lifetime,
        )
        for other in self.sharing_with(rebuilt):
            if other is not namespace:
                raise ConfigurationError(conflict_message(rebuilt, other))
        self._store(rebuilt)
        return rebuilt

    def sharing_with(self, inspected: InspectedFactory) -> Iterator[Namespace]:
        """The namespaces that have the same factory or cookie name."""
        # Looked up rather than compared one by one, so that registering stays linear.
        if factory_identity(inspected.factory) in self._by_factory:
            yield self._by_factory[factory_identity(inspected.factory)]
        if inspected.cookie_name in self._by_cookie_name:
            yield self._by_cookie_name[inspected.cookie_name]

    def __iter__(self) -> Iterator[Namespace]:
        return iter(self._by_name.values())

    def get(self, namespace: str) -> Namespace:
        """The registered namespace.

        :raises TypeError: for a list of names, or anything else that cannot be hashed.
        :raises UnregisteredSession: for an unknown one.
        """
        try:
            return self._by_name[namespace]
        except KeyError:
            raise UnregisteredSession(namespace, self.namespaces) from None
        except TypeError:
            raise invalid_name(namespace) from None


def _describes(library: SessionLibrary, namespace: Namespace) -> bool:
    recognized = recognize(namespace.factory, [library])
    return any(part.session_library is library for part in recognized)
