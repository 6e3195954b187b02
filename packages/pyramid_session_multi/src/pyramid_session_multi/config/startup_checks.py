"""Start-up checks that compare several session factories."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import PHASE3_CONFIG, ICSRFStoragePolicy, ISessionFactory
from pyramid.registry import Registry
from zope.interface import Interface, implementer

from ..csrf import BOUND_TYPES
from ..exceptions import IsolationWarning, UnregisteredSession
from ..libraries.makers import call_first, uncalled_maker
from ..messages import dotted_name
from ..registry.inspected_factory import InspectedFactory, conflict_message, inspect_factory
from ..registry.isolation import Isolation
from ..registry.isolation_verdict import IsolationVerdict, Replay
from ..registry.namespace import Namespace
from ..registry.registry import SessionMultiManagerConfig
from ..request_session import NamespaceSessionFactory
from .settings import global_settings
from .shared_resources import SharedResources

# After set_session_factory and everything else that Pyramid does in its last phase.
_ORDER = PHASE3_CONFIG + 10

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
        self._shared = SharedResources()
        self._pending: list[Namespace] = []
        self._scheduled_in: object = None
        self._checked: dict[str, tuple[Namespace, bool]] = {}  # true if isolation was on
        self._request_session: InspectedFactory | None = None
        self._libraries_count = 0  # when the factory of request.session was inspected
        self._compared_session: InspectedFactory | None = None
        self._judged: list[InspectedFactory] = []
        self._verdicts: dict[str, IsolationVerdict] = {}

    def schedule(self, config: Configurator) -> None:
        """Check the deferred namespaces at the end of the next commit."""
        # Once per commit: an action for each namespace costs Pyramid time for each pair of them.
        actions = config.action_state.actions  # another list after each commit, failed or not
        if actions is not self._scheduled_in:
            config.action(None, self._commit, order=_ORDER)
            self._scheduled_in = actions

    def defer(self, namespace: Namespace) -> None:
        """Check a namespace when its commit is complete."""
        self._pending.append(namespace)

    def _commit(self) -> None:
        pending, self._pending, self._scheduled_in = self._pending, [], None
        self.check(pending)

    def check(self, added: Sequence[Namespace]) -> None:
        """Check and remember these namespaces.

        :raises pyramid.exceptions.ConfigurationError: if one fails; then none is remembered.
        """
        try:
            for namespace in added:
                self._shared.add(namespace)
            self._check_request_session(added)
            self._warn_or_raise(self._compare(added))
        except BaseException:  # also a warning turned into an error, and errors of libraries
            self._shared.remove(added)
            self._isolation.remove(added)
            raise
        isolation_on = self._isolation_enabled()
        self._checked |= {namespace.name: (namespace, isolation_on) for namespace in added}

    def check_application(self) -> None:
        """Check again when the application is created: nothing is registered after that."""
        self._check_request_session_machinery()
        added: list[Namespace] = []
        if not all(map(self._was_checked, self._namespaces)):
            # Start over if the checks at commit missed anything: the commit failed, isolation was
            # off, a library was registered later, or ``namespaces.register_session_factory`` was
            # called.
            self._isolation, self._shared = Isolation(), SharedResources()
            self._compared_session = None
            added = list(self._namespaces)
        self.check(added)

    def request_session(self) -> InspectedFactory | None:
        """The factory of ``request.session``; ``None`` if there is none, or it is a namespace's."""
        factory = self._registry.queryUtility(ISessionFactory)
        if factory is None or isinstance(factory, NamespaceSessionFactory):
            return None
        libraries = self._namespaces.libraries
        inspected, count = self._request_session, len(libraries)
        if inspected is None or inspected.factory is not factory or self._libraries_count != count:
            self._request_session = inspected = inspect_factory(factory, libraries)
            self._libraries_count = count
        return inspected

    def verdicts(self) -> dict[str, IsolationVerdict]:
        """Map each namespace to its isolation verdict.

        The result is cached until something else is registered.
        """
        other = self.request_session()
        factories: list[InspectedFactory] = list(self._namespaces)
        factories += [] if other is None else [other]
        if factories != self._judged:
            complete = self._isolation.covers(factories)
            isolation = self._isolation if complete else Isolation(factories)
            verdicts = isolation.verdicts(self._namespaces)
            self._verdicts = dict(zip(self._namespaces.namespaces, verdicts, strict=True))
            self._judged = factories
        return dict(self._verdicts)

    def _was_checked(self, namespace: Namespace) -> bool:
        checked, isolation_on = self._checked.get(namespace.name, (None, False))
        return checked is namespace and (isolation_on or not self._isolation_enabled())

    def _compare(self, added: Sequence[Namespace]) -> list[Replay]:
        """Compare the namespaces, and the factory of ``request.session``, which may be new too."""
        if not self._isolation_enabled():
            return []
        session = self.request_session()
        if session is not self._compared_session:
            if self._compared_session is not None:
                self._isolation.remove([self._compared_session])
            if session is not None:
                self._isolation.add(session)
            self._compared_session = session
        replays = [replay for namespace in added for replay in self._isolation.add(namespace)]
        return replays + ([] if session is None else self._isolation.replays(session))

    def _check_request_session(self, added: Sequence[Namespace]) -> None:
        factory = self.request_session()
        if factory is None:
            return
        for namespace in (*added, *self._namespaces.sharing_with(factory)):
            problem = conflict_message(namespace, factory)
            if problem:
                raise ConfigurationError(problem)
        self._shared.check(factory)

    def _isolation_enabled(self) -> bool:
        return global_settings.isolation(self._registry) != "off"

    def _warn_or_raise(self, replays: Collection[Replay]) -> None:
        if not replays:
            return
        pairs: dict[frozenset[int], Replay] = {}
        for replay in replays:  # one direction of each
            pairs.setdefault(frozenset((id(replay.source), id(replay.target))), replay)
        lines = [str(replay) for replay in list(pairs.values())[:_MAX_REPORTED_PAIRS]]
        if len(pairs) > _MAX_REPORTED_PAIRS:
            lines.append(f"... and {len(pairs) - _MAX_REPORTED_PAIRS} more pairs.")
        if global_settings.isolation(self._registry) == "warn":
            warnings.warn("\n".join(lines), IsolationWarning, stacklevel=2)
            return
        lines.append("(With session_multi.isolation = warn, the application starts anyway.)")
        raise ConfigurationError("\n".join(lines))

    def _check_request_session_machinery(self) -> None:
        utilities = {
            "set_session_factory": self._registry.queryUtility(ISessionFactory),
            "set_csrf_storage_policy": self._registry.queryUtility(ICSRFStoragePolicy),
        }
        for directive, utility in utilities.items():
            self._check_called(directive, utility)
            if not isinstance(utility, BOUND_TYPES):
                continue
            if not self._namespaces.has_namespace(utility.namespace):
                error = UnregisteredSession(utility.namespace, self._namespaces.namespaces)
                raise ConfigurationError(f"In config.{directive}: {error}")

    def _check_called(self, directive: str, utility: object) -> None:
        call = f"config.{directive} was called with"
        if utility in BOUND_TYPES:
            problem = f"{call} {dotted_name(utility)} itself: call that first, with a namespace."
            raise ConfigurationError(problem)
        maker = uncalled_maker(utility, self._namespaces.libraries)
        if maker is not None:
            raise ConfigurationError(f"{call} {call_first(maker)}.")


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
