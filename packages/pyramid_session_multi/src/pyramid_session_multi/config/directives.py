"""The directives ``register_session_factory`` and ``register_session_library``."""

from __future__ import annotations

from functools import partial
from typing import Any

from pyramid.config import Configurator
from pyramid.config.actions import action_method
from pyramid.exceptions import ConfigurationConflictError, ConfigurationError
from pyramid.interfaces import PHASE2_CONFIG
from pyramid.registry import Introspectable, Registry

from ..interfaces import ISessionMultiManagerConfig
from ..libraries.session_library import SessionLibrary
from ..messages import call_location, dotted_name
from ..registry.inspected_factory import SessionFactory
from ..registry.namespace import Discriminator, Namespace, make_namespace, validate_name
from ..registry.registry import SessionMultiManagerConfig
from ..request_session import NamespaceSessionFactory
from . import application_check
from .callables import DISCRIMINATORS, resolve_callable
from .startup_checks import IStartupChecks

CATEGORY = "session multi"


def register_session_factory(
    config: Configurator,
    namespace: str,
    session_factory: SessionFactory | str,
    discriminator: Discriminator | str | None = None,
    cookie_name: str | None = None,
    *,
    lifetime: int | None = None,
) -> None:
    """Register a session factory under a namespace of ``request.session_multi``.

    Also a directive: ``config.register_session_factory(namespace, ...)``. It is a Pyramid action:
    the same namespace twice is a conflict, and an application overrides what it includes. Each
    namespace is an introspectable of the category ``"session multi"``.

    :param namespace: the key in ``request.session_multi``: a ``str`` that is not empty.
    :param session_factory: a callable that takes the request and returns an
        :class:`pyramid.interfaces.ISession`, or its dotted name.
    :param discriminator: a callable that takes the request and decides if the session exists for
        it, or its dotted name. If its result is false, ``request.session_multi[namespace]`` is
        ``None``.
    :param cookie_name: the name of the sessions' cookie, if the factory does not reveal it: a
        token of RFC 6265 4.1.1.
    :param lifetime: seconds after which a session ends, however much it is used: a whole number
        above 0. The next access then ends it as ``request.session_multi.invalidate`` does, and
        begins a new one. ``None``: sessions have no lifetime.
    :raises AttributeError: before ``config.include("pyramid_session_multi")``. The directive does
        not exist before that, so Pyramid's own error names only the directive.
    :raises pyramid.exceptions.ConfigurationError: for wrong input, at the call; for a factory, a
        cookie name or a key that is used twice, at the commit, or at the call with autocommit.
    :raises pyramid.exceptions.ConfigurationConflictError: for a namespace that was registered
        before, at the commit; at the call with autocommit or when it was committed earlier.
    """
    _register(
        config, namespace, session_factory, discriminator, cookie_name, lifetime, _backframes=1
    )


def register_session_library(config: Configurator, library: SessionLibrary | str) -> None:
    """Describe a session library that is not built in, once for all namespaces that use it.

    Also a directive: ``config.register_session_library(library)``. Isolation, cookie names,
    ``peek``, ``invalidate`` and ``renew`` then know the library's factories and sessions.

    :param library: a :class:`.SessionLibrary`, or its dotted name.
    :raises AttributeError: before ``config.include("pyramid_session_multi")``.
    :raises pyramid.exceptions.ConfigurationError: if ``library`` is neither of these.
    """
    _register_library(config, library, _backframes=1)


def _add_namespace(
    config: Configurator,
    name: str,
    session_factory: SessionFactory | str,
    discriminator: Discriminator | str | None,
    cookie_name: str | None,
    lifetime: int | None,
) -> None:
    location = call_location(config.action_info)
    namespaces = _require_registry(config.registry, "register_session_factory", location)
    validate_name(name, location)
    owner = f"of the namespace {name!r} ({location})"
    factory = resolve_callable(config, session_factory, f"session factory {owner}")
    predicate = resolve_callable(config, discriminator, f"discriminator {owner}", DISCRIMINATORS)
    _require_own_session(name, factory, location)

    parts = (name, factory, predicate, cookie_name, location, namespaces.libraries)
    build = partial(make_namespace, *parts, lifetime=lifetime)
    namespace = build()  # now, so that a mistake is explained at the call
    action = (CATEGORY, name)
    if namespaces.has_namespace(name):
        raise ConfigurationConflictError({action: [namespaces.get(name).location, location]})
    introspectable = _introspectable(config, namespace)

    def register() -> None:
        # Build it again: libraries registered by now may recognize the factory.
        final = build() if namespaces.libraries else namespace
        introspectable["cookie_name"] = final.cookie_name
        _register_namespace(config, namespaces, final)

    config.action(action, register, introspectables=(introspectable,))
    if not config.autocommit:
        config.registry.getUtility(IStartupChecks).schedule(config)


def _require_own_session(name: str, factory: Any, location: str) -> None:
    """Reject the factory of ``request.session`` that serves a namespace."""
    if factory is NamespaceSessionFactory or isinstance(factory, NamespaceSessionFactory):
        raise ConfigurationError(
            f"The session factory of the namespace {name!r} ({location}) is "
            "namespace_session_factory, which creates no sessions of its own. It belongs in "
            f"config.set_session_factory(namespace_session_factory({name!r})). Register a factory "
            "of a session library here."
        )


def _introspectable(config: Configurator, namespace: Namespace) -> Introspectable:
    name = namespace.name
    introspectable = config.introspectable(CATEGORY, name, name, "session namespace")
    introspectable["namespace"] = name
    for attribute in ("factory", "discriminator", "cookie_name", "lifetime"):
        introspectable[attribute] = getattr(namespace, attribute)
    return introspectable


def _register_namespace(
    config: Configurator, namespaces: SessionMultiManagerConfig, namespace: Namespace
) -> None:
    checks = config.registry.getUtility(IStartupChecks)
    if config.autocommit:
        namespaces.check_unused(namespace)
        checks.check([namespace])
    else:
        checks.defer(namespace)
    namespaces.add(namespace)
    application_check.subscribe(config.registry)


def _add_library(config: Configurator, library: SessionLibrary | str) -> None:
    location = call_location(config.action_info)
    namespaces = _require_registry(config.registry, "register_session_library", location)
    resolved = resolve_callable(config, library, f"session library ({location})")
    if not isinstance(resolved, SessionLibrary):
        raise ConfigurationError(
            f"register_session_library ({location}) takes an instance of a subclass of "
            f"pyramid_session_multi.SessionLibrary, not {dotted_name(resolved)}."
        )
    name = dotted_name(type(resolved))
    introspectable = config.introspectable("session multi libraries", name, name, "library")
    introspectable["library"] = resolved

    def register() -> None:
        for namespace in namespaces.describe_library(resolved):
            registration = config.introspector.get(CATEGORY, namespace.name)
            if registration is not None:  # introspection may be off
                registration["cookie_name"] = namespace.cookie_name
        application_check.subscribe(config.registry)

    config.action(
        (CATEGORY, "library", name),
        register,
        order=PHASE2_CONFIG,  # before the namespaces
        introspectables=(introspectable,),
    )


# Pyramid's action_method records the file and line of the call, for conflicts and messages.
_register = action_method(_add_namespace)
_register_library = action_method(_add_library)


def _require_registry(
    registry: Registry, directive: str, location: str
) -> SessionMultiManagerConfig:
    namespaces: SessionMultiManagerConfig | None = registry.queryUtility(ISessionMultiManagerConfig)
    if namespaces is None:
        raise AttributeError(
            f"{directive} ({location}) needs config.include('pyramid_session_multi') first."
        )
    return namespaces
