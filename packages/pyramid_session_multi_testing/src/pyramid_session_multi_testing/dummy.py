"""A test double of ``request.session_multi``, without an application, cookies or a backend."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from pyramid.testing import DummyRequest
from pyramid_session_multi import (
    SessionMultiManager,
    SessionMultiManagerConfig,
    UnregisteredSession,
)

from .created_doubles import record
from .dummy_session import DummySessionFactory, StrictSession

Namespaces: TypeAlias = Iterable[str] | Mapping[str, Mapping[str, Any]]
"""Names of namespaces, or a mapping of names to the initial data of their sessions."""


class DummySessionMulti(SessionMultiManager):
    """A test double that behaves like ``request.session_multi``, with sessions in memory.

    Each namespace has a :class:`pyramid.testing.DummySession`, with random CSRF tokens. In a strict
    namespace, a value that JSON cannot hold raises ``TypeError``, as in Pyramid's signed cookie
    sessions. A value that JSON changes, such as a tuple, is a :class:`SessionDataWarning`. An
    in-place change without ``changed()`` is a :class:`SessionDataWarning` at the end of the test.

    :param namespaces: names, or a mapping of names to initial data. Initial data count as the data
        of the request's cookie: ``has_cookie`` is true, and ``peek`` returns a copy.
    :param refused: the names of the namespaces whose discriminator refuses the request.
    :param strict: the names of the strict namespaces; ``True``: all, ``False``: none.
    :param lifetimes: a mapping of names to whole seconds, as in ``{"account": 3600}``. A session
        with initial data begins when the double is created. When its lifetime is over, ``peek``
        returns ``None``, and the session is empty and new when it is opened.
    :ivar request: a :class:`SessionMultiRequest`; may be set to another request.
    :raises TypeError: if an argument is not a collection of names, or if initial data or
        ``lifetimes`` are not a mapping.
    :raises pyramid.exceptions.ConfigurationError: if a lifetime is not a whole number above 0.
    :raises pyramid_session_multi.UnregisteredSession: if a name in ``refused``, ``strict`` or
        ``lifetimes`` is not in ``namespaces``.
    """

    __slots__ = ("_created", "_initial")

    def __init__(
        self,
        namespaces: Namespaces,
        refused: Iterable[str] = (),
        *,
        strict: bool | Iterable[str] = True,
        lifetimes: Mapping[str, int | None] | None = None,
    ) -> None:
        self._initial = _initial_data(namespaces)
        self._created = int(time.time())
        refused_names = self._registered_names("refused", refused)
        strict_names = (self._initial if strict else ()) if isinstance(strict, bool) else strict
        strict_names = self._registered_names("strict", strict_names)
        seconds = _lifetimes(lifetimes)
        self._registered_names("lifetimes", seconds)
        request = SessionMultiRequest(session_multi=self)
        super().__init__(request, self._registry(refused_names, strict_names, seconds))
        self.request: SessionMultiRequest = request
        record(self)

    def _registered_names(self, argument: str, names: Iterable[str]) -> list[str]:
        unique_names = _names(argument, names)
        for name in unique_names:
            if name not in self._initial:
                error = _unregistered(name, self._initial)
                error.add_note(f"The name is in {argument}=, which takes names of namespaces.")
                raise error
        return unique_names

    def _registry(
        self, refused_names: list[str], strict_names: list[str], lifetimes: Mapping[str, int | None]
    ) -> SessionMultiManagerConfig:
        namespaces = SessionMultiManagerConfig()
        namespaces.completes_responses = False  # there are no responses
        for name, data in self._initial.items():
            is_strict = name in strict_names
            factory = DummySessionFactory(name, data, self._created, strict=is_strict)
            discriminator = refused if name in refused_names else None
            seconds = lifetimes.get(name)
            namespaces.register_session_factory(name, factory, discriminator, lifetime=seconds)
        return namespaces

    def __missing__(self, namespace: str) -> Any:
        if namespace not in self._initial:
            raise _unregistered(namespace, self._initial)
        return super().__missing__(namespace)

    def has_cookie(self, namespace: str) -> bool:
        """True if the namespace has initial data.

        :raises TypeError: for a list of names, or anything else that cannot be hashed.
        :raises pyramid_session_multi.UnregisteredSession: for an unknown namespace.
        """
        if not self.has_namespace(namespace):
            raise _unregistered(namespace, self._initial)
        return bool(self._initial[namespace])

    def peek(self, namespace: str) -> dict[str, Any] | None:
        """A copy of the namespace's initial data.

        ``None`` if it has none, if it is refused, and if its lifetime is over.

        :raises pyramid_session_multi.UnregisteredSession: for an unknown namespace.
        """
        if not self.has_cookie(namespace) or self.get_namespace_discriminator(namespace):
            return None
        lifetime = self._config.get(namespace).lifetime
        if lifetime is not None and time.time() - self._created >= lifetime:
            return None
        return copy.deepcopy(self._initial[namespace])

    def invalidate(self, namespace: str | None = None) -> None:
        """Invalidate one namespace, or all that are open or have initial data.

        Refused namespaces are skipped.

        :raises TypeError: for a list of names, or anything else that is not a ``str``.
        :raises pyramid_session_multi.UnregisteredSession: for an unknown namespace.
        """
        for name in self.namespaces if namespace is None else [namespace]:
            if isinstance(name, str) and self.has_cookie(name):
                self.get(name)  # the manager would skip it: the request has no cookies
        super().invalidate(namespace)

    def check_unsaved(self) -> None:
        """Warn of in-place changes without ``changed()`` in the strict namespaces.

        The pytest plugin calls it at the end of the test that created the double. Other test
        runners can: ``self.addCleanup(session_multi.check_unsaved)``.
        """
        for session in self.values():
            if isinstance(session, StrictSession):
                session.warn_if_unsaved(stacklevel=3)


class NoNamespaces(UnregisteredSession):
    """The double has no namespaces at all; the message says how to add some."""

    def __str__(self) -> str:
        return (
            f"No session is registered for the namespace {self.namespace!r}. This "
            "DummySessionMulti has no namespaces: override the fixture session_multi_namespaces, "
            "for example to return ['cart'], or create a DummySessionMulti(['cart'])."
        )


def _unregistered(namespace: object, initial: Mapping[str, Any]) -> UnregisteredSession:
    return UnregisteredSession(namespace, list(initial)) if initial else NoNamespaces(namespace)


class SessionMultiRequest(DummyRequest):
    """Pyramid's :class:`pyramid.testing.DummyRequest` with the double as its ``session_multi``."""

    session_multi: DummySessionMulti


def refused(request: Any) -> bool:
    """The discriminator of the namespaces in ``refused=``; error messages show its name."""
    return False


def _initial_data(namespaces: Namespaces) -> dict[str, dict[str, Any]]:
    names = _names("namespaces", namespaces)
    if not isinstance(namespaces, Mapping):
        return {name: {} for name in names}
    for name, data in namespaces.items():
        if not isinstance(data, Mapping):
            raise TypeError(
                f"The initial data of the namespace {name!r} must be a mapping, as in "
                f"{{{name!r}: {{'key': 'value'}}}}, not {data!r}. Pass {{}} for no data, and "
                f"refused=[{name!r}] for a session that does not exist for the request."
            )
    return {name: copy.deepcopy(dict(data)) for name, data in namespaces.items()}


def _lifetimes(lifetimes: Mapping[str, int | None] | None) -> Mapping[str, int | None]:
    if lifetimes is None:
        return {}
    if not isinstance(lifetimes, Mapping):
        raise TypeError(
            "lifetimes takes a mapping of names to seconds, like {'account': 3600}, not "
            f"{lifetimes!r}."
        )
    return lifetimes


def _names(argument: str, names: Iterable[str]) -> list[str]:
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise TypeError(
            f"{argument} takes a collection of names, like ['public', 'account'], not {names!r}."
        )
    name_list = list(names)
    for name in name_list:
        if not isinstance(name, str) or not name:
            raise TypeError(f"{argument} takes names, which are non-empty str, not {name!r}.")
    return list(dict.fromkeys(name_list))
