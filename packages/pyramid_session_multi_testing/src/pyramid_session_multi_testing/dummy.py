"""A double of ``request.session_multi`` that needs no application, no cookies and no backend."""

from __future__ import annotations

import copy
import secrets
import time
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, TypeAlias
from urllib.parse import quote

from pyramid.registry import Registry
from pyramid.testing import DummyRequest, DummySession
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    SessionMultiManager,
    SessionMultiManagerConfig,
    UnregisteredSession,
)

Namespaces: TypeAlias = Iterable[str] | Mapping[str, Mapping[str, Any]]
"""Names of namespaces, or a mapping of them to what their sessions hold at first."""


class DummySessionMulti(SessionMultiManager):
    """What ``request.session_multi`` promises, kept on sessions in memory.

    Each namespace has a :class:`pyramid.testing.DummySession`, with random CSRF tokens.

    :param namespaces: names, or a mapping of names to initial data. A namespace with initial
        data is one whose cookie came: ``has_cookie`` is true, and ``peek`` is a copy of them.
    :param refused: those of the names whose discriminator refuses the request.
    :ivar request: a :class:`SessionMultiRequest` of its own; may be set to another.
    :raises TypeError: for what is no collection of names, or no mapping of data.
    :raises pyramid_session_multi.UnregisteredSession: where ``refused`` names none of
        ``namespaces``.
    """

    __slots__ = ("_initial",)

    def __init__(self, namespaces: Namespaces, refused: Iterable[str] = ()) -> None:
        self._initial = _initial_data(namespaces)
        refusing = _names("refused", refused)
        for name in refusing:
            if name not in self._initial:
                error = _unregistered(name, self._initial)
                error.add_note("It is in refused=, which names some of the namespaces.")
                raise error
        super().__init__(_application(self._initial, refusing))
        self.request: SessionMultiRequest = SessionMultiRequest(session_multi=self)

    def __missing__(self, namespace: str) -> Any:
        if namespace not in self._initial:
            raise _unregistered(namespace, self._initial)
        return super().__missing__(namespace)

    def has_cookie(self, namespace: str) -> bool:
        """Does the namespace have initial data?

        :raises pyramid_session_multi.UnregisteredSession: for an unknown namespace.
        """
        if namespace not in self._initial:
            raise _unregistered(namespace, self._initial)
        return bool(self._initial[namespace])

    def peek(self, namespace: str) -> dict[str, Any] | None:
        """A copy of the namespace's initial data; ``None`` without any, and when refused.

        :raises pyramid_session_multi.UnregisteredSession: for an unknown namespace.
        """
        if not self.has_cookie(namespace) or self.get_namespace_discriminator(namespace):
            return None
        return copy.deepcopy(self._initial[namespace])

    def invalidate(self, namespace: str | None = None) -> None:
        """Invalidate a namespace, or all; not one unopened that has no initial data.

        Refused namespaces are left alone.

        :raises pyramid_session_multi.UnregisteredSession: for an unknown namespace.
        """
        names = self.namespaces if namespace is None else [namespace]
        for name in [name for name in names if self.has_cookie(name)]:
            self.get(name)  # what is opened counts, whatever the request's cookies
        super().invalidate(namespace)


class NoNamespaceGiven(UnregisteredSession):
    """Where the double has no namespaces: a test makes it, and no ``config``."""

    def __str__(self) -> str:
        return (
            f"No session is registered for the namespace {self.namespace!r}. No namespace is "
            "given: override the fixture session_multi_namespaces, e.g. to return ['cart'], or "
            "make a DummySessionMulti(['cart'])."
        )


def _unregistered(namespace: object, initial: Mapping[str, Any]) -> UnregisteredSession:
    return UnregisteredSession(namespace, list(initial)) if initial else NoNamespaceGiven(namespace)


class SessionMultiRequest(DummyRequest):
    """Pyramid's :class:`pyramid.testing.DummyRequest` with the double as its ``session_multi``."""

    session_multi: DummySessionMulti


class _Session(DummySession):
    """Pyramid's own always has the same CSRF token, so that a renewed one passes for the old."""

    def new_csrf_token(self) -> str:
        token: str = secrets.token_hex(20)
        self["_csrft_"] = token
        return token


class _SessionFactory:
    def __init__(self, initial: Mapping[str, Any]) -> None:
        self.initial = initial

    def __call__(self, request: Any) -> _Session:
        session = _Session(copy.deepcopy(self.initial))
        session.new = not self.initial
        session.created = int(time.time())
        return session


def refused(request: Any) -> bool:
    """The discriminator of the namespaces in ``refused=``: named so for error messages."""
    return False


def _application(initial: Mapping[str, Mapping[str, Any]], refusing: Iterable[str]) -> Any:
    """What the manager asks of a request before anything is opened: its application."""
    config = SessionMultiManagerConfig()
    config.vary = False  # there is no response
    for name, data in initial.items():
        config.register_session_factory(
            name,
            _SessionFactory(data),
            refused if name in refusing else None,
            # a name that none of the request's own cookies has: it is not what tells what came
            cookie_name=f"DummySessionMulti.{quote(name, safe='')}",
        )
    registry = Registry("DummySessionMulti")
    registry.registerUtility(config, ISessionMultiManagerConfig)
    return SimpleNamespace(registry=registry)


def _initial_data(namespaces: Namespaces) -> dict[str, dict[str, Any]]:
    names = _names("namespaces", namespaces)
    if not isinstance(namespaces, Mapping):
        return {name: {} for name in names}
    for name, data in namespaces.items():
        if not isinstance(data, Mapping):
            raise TypeError(
                f"The initial data of the namespace {name!r} must be a mapping, as in "
                f"{{{name!r}: {{'key': 'value'}}}}, not {data!r}. Give {{}} for none, and "
                f"refused=[{name!r}] for a session that does not exist for the request."
            )
    return {name: copy.deepcopy(dict(data)) for name, data in namespaces.items()}


def _names(argument: str, names: Iterable[str]) -> list[str]:
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise TypeError(
            f"{argument} takes a collection of names, like ['public', 'account'], not {names!r}."
        )
    listed = list(names)
    for name in listed:
        if not isinstance(name, str) or not name:
            raise TypeError(f"{argument} takes names, which are non-empty str, not {name!r}.")
    return list(dict.fromkeys(listed))
