"""Start-up checks that compare several session factories."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence

from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ICSRFStoragePolicy, ISessionFactory
from pyramid.registry import Registry
from zope.interface import Interface, implementer

from ..csrf import SessionMultiCSRFStoragePolicy
from ..exceptions import IsolationWarning, UnregisteredSession
from ..libraries.makers import call_first, uncalled_maker
from ..libraries.session_library import SessionLibrary, SharedResource
from ..messages import dotted_name
from ..registry.inspected_factory import InspectedFactory, conflict_message, inspect_factory
from ..registry.isolation import Isolation, IsolationVerdict, Replay, isolation_of
from ..registry.namespace import Namespace
from ..registry.registry import SessionMultiManagerConfig
from ..request_session import NamespaceSessionFactory
from .settings import global_settings

# Enough to see the problem; a hundred namespaces with one secret have 9,900 pairs.
_MAX_REPORTED_PAIRS = 5


class IStartupChecks(Interface):
    """The utility that checks an application's namespaces."""


@implementer(IStartupChecks)
class StartupChecks:
    """Compares each new namespace with the others and with the factory of ``request.session``.

    It remembers what was compared, so that 500 namespaces under autocommit stay linear.
    """

    def __init__(self, registry: Registry, namespaces: SessionMultiManagerConfig) -> None:
        self._registry = registry
        self._namespaces = namespaces
        self._isolation = Isolation()
        self._shared: dict[str, tuple[InspectedFactory, SharedResource]] = {}
        self._pending: list[Namespace] = []
        self._checked: dict[str, tuple[Namespace, bool]] = {}  # with: was isolation on?

    def defer(self, namespace: Namespace) -> None:
        """Check a namespace when its commit is complete."""
        self._pending.append(namespace)

    def commit(self) -> None:
        """Check the deferred namespaces."""
        pending, self._pending = self._pending, []
        if pending:
            self.check(pending)

    def check(self, added: Sequence[Namespace]) -> None:
        """Check and remember these namespaces.

        :raises pyramid.exceptions.ConfigurationError: if one fails; then none is remembered.
        """
        replays: list[Replay] = []
        try:
            for namespace in added:
                replays += self._add(namespace)
            replays += self._check_request_session(added)
            self._warn_or_raise(replays)
        except BaseException:  # also a warning that is an error, and what libraries raise
            self._roll_back(added)
            raise
        isolation_on = self._isolation_enabled()
        self._checked |= {namespace.name: (namespace, isolation_on) for namespace in added}

    def check_application(self) -> None:
        """Check again when the application is created: nothing is registered after that."""
        self._check_request_session_machinery()
        if all(map(self._was_checked, self._namespaces)):
            self._warn_or_raise(self._check_request_session(()))
            return
        # Start over if the checks at commit missed anything: the commit failed, isolation was off,
        # a library was registered later, or ``namespaces.register_session_factory`` was called.
        self._isolation, self._shared = Isolation(), {}
        self.check(list(self._namespaces))

    def verdicts(self) -> dict[str, IsolationVerdict]:
        """Map each namespace to its isolation verdict."""
        other = self._request_session_factory()
        factories = [*self._namespaces, *([] if other is None else [other])]
        # One verdict more than names if there is a factory of request.session.
        return dict(zip(self._namespaces.namespaces, isolation_of(factories), strict=False))

    def _was_checked(self, namespace: Namespace) -> bool:
        checked, isolation_on = self._checked.get(namespace.name, (None, False))
        return checked is namespace and (isolation_on or not self._isolation_enabled())

    def _add(self, namespace: Namespace) -> Collection[Replay]:
        resource = self._check_shared_resource(namespace)
        if resource is not None:
            self._shared.setdefault(resource.name, (namespace, resource))
        return self._isolation.add(namespace) if self._isolation_enabled() else ()

    def _roll_back(self, added: Sequence[Namespace]) -> None:
        names = {namespace.name for namespace in added}
        self._isolation, self._shared = Isolation(), {}
        for namespace in self._namespaces:
            if namespace.name not in names:
                self._add(namespace)

    def _check_request_session(self, added: Sequence[Namespace]) -> list[Replay]:
        """Check the namespaces against the factory of ``request.session``, which may be new too."""
        factory = self._request_session_factory()
        if factory is None:
            return []
        for namespace in (*added, *self._namespaces.sharing_with(factory)):
            problem = conflict_message(namespace, factory)
            if problem:
                raise ConfigurationError(problem)
        self._check_shared_resource(factory)
        return self._isolation.replays(factory) if self._isolation_enabled() else []

    def _isolation_enabled(self) -> bool:
        return global_settings.isolation(self._registry) != "off"

    def _request_session_factory(self) -> InspectedFactory | None:
        return request_session_factory(self._registry, self._namespaces.libraries)

    def _warn_or_raise(self, replays: Collection[Replay]) -> None:
        mode = global_settings.isolation(self._registry)
        if not replays:
            return
        pairs = {frozenset((id(r.source), id(r.target))): r for r in replays}  # one direction each
        lines = [str(replay) for replay in list(pairs.values())[:_MAX_REPORTED_PAIRS]]
        if len(pairs) > _MAX_REPORTED_PAIRS:
            lines.append(f"... and {len(pairs) - _MAX_REPORTED_PAIRS} more pairs.")
        if mode == "warn":
            warnings.warn("\n".join(lines), IsolationWarning, stacklevel=2)
            return
        lines.append("(session_multi.isolation = warn starts the application all the same.)")
        raise ConfigurationError("\n".join(lines))

    def _check_shared_resource(self, factory: InspectedFactory) -> SharedResource | None:
        library = factory.session_library
        resource = library.shared_resource(factory.library_factory) if library else None
        if resource is None or resource.name not in self._shared:
            return resource
        first, first_use = self._shared[resource.name]
        if first_use.configuration != resource.configuration:
            raise ConfigurationError(
                f"The {first} and the {factory} configure {resource.name} differently, but an "
                "application has only one: the first session opened would decide for both, and "
                "the sessions of the other would be stored in the wrong place. To fix this, "
                f"{resource.fix}."
            )
        return resource

    def _check_request_session_machinery(self) -> None:
        utilities = {
            "set_session_factory": self._registry.queryUtility(ISessionFactory),
            "set_csrf_storage_policy": self._registry.queryUtility(ICSRFStoragePolicy),
        }
        bound_types = (NamespaceSessionFactory, SessionMultiCSRFStoragePolicy)
        for directive, utility in utilities.items():
            self._check_called(directive, utility, bound_types)
            if not isinstance(utility, bound_types):
                continue
            if not self._namespaces.has_namespace(utility.namespace):
                error = UnregisteredSession(utility.namespace, self._namespaces.namespaces)
                raise ConfigurationError(f"In config.{directive}: {error}")

    def _check_called(self, directive: str, utility: object, bound_types: tuple[type, ...]) -> None:
        call = f"config.{directive} was called with"
        if utility in bound_types:
            problem = f"{call} {dotted_name(utility)} itself: call it first, with a namespace."
            raise ConfigurationError(problem)
        maker = uncalled_maker(utility, self._namespaces.libraries)
        if maker is not None:
            raise ConfigurationError(f"{call} {call_first(maker)}.")


def request_session_factory(
    registry: Registry, libraries: Sequence[SessionLibrary]
) -> InspectedFactory | None:
    """The factory of ``request.session``; ``None`` if there is none, or it serves a namespace."""
    factory = registry.queryUtility(ISessionFactory)
    if factory is None or isinstance(factory, NamespaceSessionFactory):
        return None
    return inspect_factory(factory, libraries)


def isolation_verdicts(registry: Registry) -> dict[str, IsolationVerdict]:
    """Map each namespace of an application to its isolation verdict.

    The verdict does not depend on ``session_multi.isolation``, and includes ``request.session``.
    No backend is queried.

    :param registry: the application's, as ``config.registry`` or ``request.registry``.
    :returns: namespace to :class:`IsolationVerdict`, in the order of registration.
    :raises zope.interface.interfaces.ComponentLookupError: if the application does not include
        ``pyramid_session_multi``.
    """
    verdicts: dict[str, IsolationVerdict] = registry.getUtility(IStartupChecks).verdicts()
    return verdicts
