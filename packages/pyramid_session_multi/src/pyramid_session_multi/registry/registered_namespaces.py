"""Read-only queries of the registered namespaces, shared by the registry and the manager."""

from __future__ import annotations

from collections.abc import Mapping

from .inspected_factory import SessionFactory
from .name_checks import invalid_name
from .namespace import Discriminator, Namespace


class RegisteredNamespaces:
    """Read-only queries of the registry; results are copies.

    Each raises ``TypeError`` for a list of names, or anything else that cannot be hashed.
    """

    __slots__ = ()

    _by_name: Mapping[str, Namespace]

    @property
    def namespaces(self) -> list[str]:
        """All namespaces in their order of registration."""
        return list(self._by_name)

    @property
    def discriminators(self) -> list[str]:
        """The namespaces that have a discriminator."""
        return [n.name for n in self._by_name.values() if n.discriminator is not None]

    @property
    def namespaces_to_cookienames(self) -> dict[str, str | None]:
        """Namespace to cookie name; ``None`` if the name is not known."""
        return {n.name: n.cookie_name for n in self._by_name.values()}

    def has_namespace(self, namespace: str) -> bool:
        """True if the namespace is registered."""
        try:
            return namespace in self._by_name
        except TypeError:
            raise invalid_name(namespace) from None

    def get_namespace_config(self, namespace: str) -> SessionFactory | None:
        """The session factory of the namespace; ``None`` for an unknown one."""
        registered = self._find(namespace)
        return registered.factory if registered else None

    def get_namespace_cookiename(self, namespace: str) -> str | None:
        """The name of the namespace's cookie; ``None`` for an unknown one."""
        registered = self._find(namespace)
        return registered.cookie_name if registered else None

    def get_namespace_discriminator(self, namespace: str) -> Discriminator | None:
        """The discriminator of the namespace; ``None`` for an unknown one."""
        registered = self._find(namespace)
        return registered.discriminator if registered else None

    def _find(self, namespace: str) -> Namespace | None:
        try:
            return self._by_name.get(namespace)
        except TypeError:
            raise invalid_name(namespace) from None
