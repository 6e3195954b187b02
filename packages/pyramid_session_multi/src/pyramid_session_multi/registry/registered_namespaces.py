"""What ``request.session_multi`` tells of the registry of namespaces."""

from __future__ import annotations

from .namespace import Discriminator, SessionFactory
from .registry import SessionMultiManagerConfig


class RegisteredNamespaces:
    """Answers from the registry, none of which can be used to change it."""

    __slots__ = ()

    _config: SessionMultiManagerConfig

    @property
    def namespaces(self) -> list[str]:
        """All namespaces in their order of registration."""
        return self._config.namespaces

    @property
    def discriminators(self) -> list[str]:
        """The namespaces that have a discriminator."""
        return self._config.discriminators

    @property
    def namespaces_to_cookienames(self) -> dict[str, str | None]:
        """Namespace to cookie name; ``None`` where the name is not known."""
        return self._config.namespaces_to_cookienames

    def has_namespace(self, namespace: str) -> bool:
        """Is this namespace registered?"""
        return self._config.has_namespace(namespace)

    def get_namespace_config(self, namespace: str) -> SessionFactory | None:
        """The session factory of the namespace; ``None`` for an unknown one."""
        return self._config.get_namespace_config(namespace)

    def get_namespace_cookiename(self, namespace: str) -> str | None:
        """The name of the namespace's cookie; ``None`` for an unknown one."""
        return self._config.get_namespace_cookiename(namespace)

    def get_namespace_discriminator(self, namespace: str) -> Discriminator | None:
        """The discriminator of the namespace; ``None`` for an unknown one."""
        return self._config.get_namespace_discriminator(namespace)
