"""Resources that an application has only one of, and the factories that configure them."""

from __future__ import annotations

from collections.abc import Sequence

from pyramid.exceptions import ConfigurationError

from ..libraries.shared_resource import SharedResource
from ..registry.inspected_factory import InspectedFactory


class SharedResources:
    """Remembers the first factory that configures each resource."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[InspectedFactory, SharedResource]] = {}

    def add(self, factory: InspectedFactory) -> None:
        """Check a factory, and remember its resource if it is the first one.

        :raises pyramid.exceptions.ConfigurationError: as :meth:`check`.
        """
        resource = self.check(factory)
        if resource is not None:
            self._first.setdefault(resource.name, (factory, resource))

    def remove(self, factories: Sequence[InspectedFactory]) -> None:
        """Forget factories that were not registered after all."""
        self._first = {name: use for name, use in self._first.items() if use[0] not in factories}

    def check(self, factory: InspectedFactory) -> SharedResource | None:
        """Compare the resource of a factory with those of the factories before.

        :returns: the resource; ``None`` if the factory has none.
        :raises pyramid.exceptions.ConfigurationError: if another factory configures it differently.
        """
        library = factory.session_library
        resource = library.shared_resource(factory.library_factory) if library else None
        if resource is None or resource.name not in self._first:
            return resource
        first, first_use = self._first[resource.name]
        if first_use.configuration != resource.configuration:
            raise ConfigurationError(
                f"The {first} and the {factory} configure {resource.name} differently, but an "
                "application has only one: the first session opened would decide for both, and "
                "the sessions of the other would be stored in the wrong place. To fix this, "
                f"{resource.fix}."
            )
        return resource
