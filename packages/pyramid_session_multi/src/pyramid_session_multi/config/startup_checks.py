"""Start-up: what can only be said of several session factories together."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence

from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ICSRFStoragePolicy, ISessionFactory
from pyramid.registry import Registry
from zope.interface import Interface, implementer

from ..csrf import SessionMultiCSRFStoragePolicy
from ..exceptions import IsolationWarning, UnregisteredSession
from ..libraries.session_library import SessionLibrary, SharedResource
from ..registry.isolation import Isolation, IsolationVerdict, Replay, verdicts
from ..registry.namespace import InspectedFactory, Namespace, clash, inspect_factory
from ..registry.registry import SessionMultiManagerConfig
from ..request_session import NamespaceSessionFactory
from .settings import global_settings as settings

# Enough to see what is wrong; a hundred namespaces with one secret have 9,900.
_SHOWN = 5


class IChecks(Interface):
    """Where the checks of an application are registered."""


@implementer(IChecks)
class Checks:
    """Compares each newcomer with the factories before it and with that of ``request.session``.

    :ivar scheduled: Pyramid's state of the commit that will call :meth:`commit`.
    """

    def __init__(self, registry: Registry, namespaces: SessionMultiManagerConfig) -> None:
        self._registry = registry
        self._namespaces = namespaces
        self._isolation = Isolation()
        self._shared: dict[str, tuple[InspectedFactory, SharedResource]] = {}
        self._waiting: list[Namespace] = []
        self._admitted: dict[str, tuple[Namespace, bool]] = {}  # and was isolation tested?
        self.scheduled: object = None

    def postpone(self, newcomer: Namespace) -> None:
        """Note a namespace whose commit is not complete yet."""
        self._waiting.append(newcomer)

    def commit(self) -> None:
        """Admit the namespaces that waited for the rest of their commit."""
        waiting, self._waiting = self._waiting, []
        self.admit(waiting)

    def admit(self, newcomers: Sequence[Namespace]) -> None:
        """Take namespaces in, or raise a ``ConfigurationError`` and take in none of them."""
        replays: list[Replay] = []
        try:
            for namespace in newcomers:
                if self._tests_isolation():
                    replays += self._isolation.replays(namespace)
                self._take_in(namespace)
            replays += self._beside_request_session(newcomers)
            self._report(replays)
        except BaseException:  # also a warning that is made an error, and what libraries raise
            self._forget(newcomers)
            raise
        tested = self._tests_isolation()
        self._admitted |= {namespace.name: (namespace, tested) for namespace in newcomers}

    def application(self) -> None:
        """Once more, now that nothing is registered any more."""
        self._require_bound_namespaces()
        if all(map(self._is_admitted, self._namespaces)):
            self._report(self._beside_request_session(()))
            return
        # A commit that failed, isolation that was off then, a library that was described since,
        # a registration past the directive.
        self._isolation, self._shared = Isolation(), {}
        self.admit(list(self._namespaces))

    def verdicts(self) -> dict[str, IsolationVerdict]:
        """Of each namespace: does another session share its cookies?"""
        other = self._request_session()
        beside = [] if other is None else [other]
        all_verdicts = verdicts([*self._namespaces, *beside])
        return dict(zip(self._namespaces.namespaces, all_verdicts, strict=False))

    def _is_admitted(self, namespace: Namespace) -> bool:
        admitted, tested = self._admitted.get(namespace.name, (None, False))
        return admitted is namespace and (tested or not self._tests_isolation())

    def _take_in(self, namespace: Namespace) -> None:
        shared = self._refuse_disagreement(namespace)
        if shared is not None:
            self._shared.setdefault(shared.name, (namespace, shared))
        self._isolation.add(namespace)

    def _forget(self, newcomers: Sequence[Namespace]) -> None:
        names = {namespace.name for namespace in newcomers}
        self._isolation, self._shared = Isolation(), {}
        for namespace in self._namespaces:
            if namespace.name not in names:
                self._take_in(namespace)

    def _beside_request_session(self, newcomers: Sequence[Namespace]) -> list[Replay]:
        """Refuse what cannot stand beside ``request.session``, whose factory may be new as well."""
        beside = self._request_session()
        if beside is None:
            return []
        for other in (*newcomers, *self._namespaces.neighbours(beside)):
            problem = clash(other, beside)
            if problem:
                raise ConfigurationError(problem)
        self._refuse_disagreement(beside)
        return list(self._isolation.replays(beside)) if self._tests_isolation() else []

    def _tests_isolation(self) -> bool:
        return settings.isolation(self._registry) != "off"

    def _request_session(self) -> InspectedFactory | None:
        return request_session(self._registry, self._namespaces.libraries)

    def _report(self, replays: Collection[Replay]) -> None:
        mode = settings.isolation(self._registry)
        if not replays:
            return
        pairs = {frozenset((id(r.source), id(r.target))): r for r in replays}  # one of two ways
        lines = [str(replay) for replay in list(pairs.values())[:_SHOWN]]
        if len(pairs) > _SHOWN:
            lines.append(f"... and {len(pairs) - _SHOWN} more pairs.")
        if mode == "warn":
            warnings.warn("\n".join(lines), IsolationWarning, stacklevel=2)
            return
        lines.append("(session_multi.isolation = warn starts the application all the same.)")
        raise ConfigurationError("\n".join(lines))

    def _refuse_disagreement(self, newcomer: InspectedFactory) -> SharedResource | None:
        shared = (
            newcomer.session_library.shared_resource(newcomer.library_factory) if newcomer.session_library else None
        )
        if shared is None or shared.name not in self._shared:
            return shared
        first, wanted_first = self._shared[shared.name]
        if wanted_first.configuration != shared.configuration:
            raise ConfigurationError(
                f"The {first} and the {newcomer} configure {shared.name} differently, but an "
                "application has only one: whichever is opened first would decide for both, and "
                f"the sessions of the other be kept in the wrong place. Cure: {shared.fix}."
            )
        return shared

    def _require_bound_namespaces(self) -> None:
        bound = {
            "set_session_factory": self._registry.queryUtility(ISessionFactory),
            "set_csrf_storage_policy": self._registry.queryUtility(ICSRFStoragePolicy),
        }
        ours = (NamespaceSessionFactory, SessionMultiCSRFStoragePolicy)
        for directive, thing in bound.items():
            if isinstance(thing, ours) and not self._namespaces.has_namespace(thing.namespace):
                error = UnregisteredSession(thing.namespace, self._namespaces.namespaces)
                raise ConfigurationError(f"In config.{directive}: {error}")


def request_session(registry: Registry, libraries: Sequence[SessionLibrary]) -> InspectedFactory | None:
    """What stands beside the namespaces; ``None`` where nothing does, or one of them."""
    factory = registry.queryUtility(ISessionFactory)
    if factory is None or isinstance(factory, NamespaceSessionFactory):
        return None
    return inspect_factory(factory, libraries)


def isolation_verdicts(registry: Registry) -> dict[str, IsolationVerdict]:
    """Of each namespace of an application: does another session share its cookies?

    Whatever ``session_multi.isolation`` is, and ``request.session`` included. No backend is asked.

    :param registry: of the application, as ``config.registry`` or ``request.registry``.
    :returns: namespace to :class:`IsolationVerdict`, in the order of registration.
    :raises zope.interface.interfaces.ComponentLookupError: where the application does not include
        ``pyramid_session_multi``.
    """
    found: dict[str, IsolationVerdict] = registry.getUtility(IChecks).verdicts()
    return found
