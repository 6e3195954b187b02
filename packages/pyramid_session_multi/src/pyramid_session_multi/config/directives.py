"""Start-up: the directive, its action and introspectable, the checks. The only wiring."""

from __future__ import annotations

import re
from typing import Any

from pyramid.config import Configurator
from pyramid.config.actions import action_method
from pyramid.exceptions import ConfigurationConflictError, ConfigurationError
from pyramid.interfaces import PHASE2_CONFIG, PHASE3_CONFIG, IApplicationCreated
from pyramid.registry import Registry
from pyramid.request import Request

from ..interfaces import ISessionMultiManagerConfig
from ..libraries.session_library import SessionLibrary
from ..messages import describe
from ..registry.namespace import (
    Discriminator,
    Namespace,
    SessionFactory,
    make_namespace,
    require_name,
)
from ..registry.registry import SessionMultiManagerConfig
from ..request.manager import SessionMultiManager
from .settings import global_settings as settings
from .settings.namespace_list import namespaces_in
from .startup_checks import Checks, IChecks

CATEGORY = "session multi"

# As Config.maybe_dotted takes them: absolute, relative, and with a colon before the attribute.
_DOTTED = re.compile(r"\w*[.:][\w.:]*")

# After set_session_factory and whatever else Pyramid does in its last phase.
_CHECKS = PHASE3_CONFIG + 10


def includeme(config: Configurator) -> None:
    """Give the application ``request.session_multi``, the directives, and the settings' namespaces.

    For ``config.include("pyramid_session_multi")``. Including it again loses nothing.

    :raises pyramid.exceptions.ConfigurationError: for a mistake in the ``session_multi.*``
        settings; the message names the setting.
    """
    registry = config.registry
    if registry.queryUtility(ISessionMultiManagerConfig) is not None:
        return
    namespaces = SessionMultiManagerConfig(config)
    registry.registerUtility(namespaces, ISessionMultiManagerConfig)
    registry.registerUtility(Checks(registry, namespaces), IChecks)
    _read_settings(registry)
    _check_when_application_is_made(registry)
    for directive in (register_session_factory, register_session_library):
        config.add_directive(directive.__name__, directive, action_wrap=False)

    def session_multi(request: Request) -> SessionMultiManager:
        return SessionMultiManager(request, namespaces)

    config.add_request_method(session_multi, reify=True)
    _register_settings(config)


def _register_settings(config: Configurator) -> None:
    # The application's own, rather than this add-on's: no includepath.
    own = Configurator(
        registry=config.registry, package=config.root_package, autocommit=config.autocommit
    )
    for namespace in namespaces_in(config.registry.settings or {}, own.maybe_dotted):
        own.info = namespace.location
        own.register_session_factory(
            namespace.name, namespace.factory(), namespace.discriminator, namespace.cookie_name
        )


def register_session_factory(
    config: Configurator,
    namespace: str,
    session_factory: SessionFactory | str,
    discriminator: Discriminator | str | None = None,
    cookie_name: str | None = None,
) -> None:
    """Register a session factory under a namespace of ``request.session_multi``.

    Also a directive: ``config.register_session_factory(namespace, ...)``. It is a Pyramid action:
    the same namespace twice is a conflict, and an application overrides what it includes. Each
    namespace is an introspectable of the category ``"session multi"``.

    :param namespace: how the application asks for the session: a ``str`` that is not empty.
    :param session_factory: a callable that takes the request and returns an
        :class:`pyramid.interfaces.ISession`, or its dotted name.
    :param discriminator: a callable, or its dotted name, that takes the request and says whether
        the session exists for it; where it does not, ``request.session_multi[namespace]`` is
        ``None``.
    :param cookie_name: the name of the sessions' cookie, where it cannot be told from the factory:
        a token of RFC 6265 4.1.1.
    :raises AttributeError: before ``config.include("pyramid_session_multi")``.
    :raises pyramid.exceptions.ConfigurationError: for wrong input, at the call; for a factory, a
        cookie name or a key that is used twice, at the commit, with autocommit at the call.
    :raises pyramid.exceptions.ConfigurationConflictError: for a namespace that was registered
        before, at the commit; at the call with autocommit or when it was committed earlier.
    """
    _register(config, namespace, session_factory, discriminator, cookie_name, _backframes=1)


def register_session_library(config: Configurator, library: SessionLibrary | str) -> None:
    """Describe a session library that is not built in, once for all namespaces that use it.

    Also a directive: ``config.register_session_library(library)``. Isolation, cookie names,
    ``peek``, ``invalidate`` and ``renew`` then know the library's factories and sessions.

    :param library: a :class:`.SessionLibrary`, or its dotted name.
    :raises AttributeError: before ``config.include("pyramid_session_multi")``.
    :raises pyramid.exceptions.ConfigurationError: for anything else.
    """
    _register_library(config, library, _backframes=1)


def _add_namespace(
    config: Configurator,
    name: str,
    session_factory: SessionFactory | str,
    discriminator: Discriminator | str | None,
    cookie_name: str | None,
) -> None:
    registry = config.registry
    location = _location(config.action_info)
    namespaces = _included(registry, "register_session_factory", location)
    require_name(name, location)
    of_namespace = f"of the namespace {name!r} ({location})"
    factory = _resolve(config, session_factory, f"session factory {of_namespace}")
    asks = _resolve(config, discriminator, f"discriminator {of_namespace}")

    def make() -> Namespace:
        return make_namespace(name, factory, asks, cookie_name, location, namespaces.libraries)

    namespace = make()  # now, so that a mistake is explained at the call
    action = (CATEGORY, name)
    if namespaces.has_namespace(name):
        raise ConfigurationConflictError({action: [namespaces.get(name).location, location]})
    introspectable = config.introspectable(CATEGORY, name, name, "session namespace")

    def register() -> None:
        # Again, now that libraries are described.
        settled = make() if namespaces.libraries else namespace
        introspectable["cookie_name"] = settled.cookie_name
        checks = registry.getUtility(IChecks)
        if config.autocommit:
            namespaces.refuse_reuse(settled)
            checks.admit([settled])
        else:
            checks.postpone(settled)
        namespaces.add(settled)
        _check_when_application_is_made(registry)

    introspectable["namespace"] = name
    introspectable["factory"] = factory
    introspectable["discriminator"] = asks
    introspectable["cookie_name"] = namespace.cookie_name
    config.action(action, register, introspectables=(introspectable,))
    if not config.autocommit:
        _check_at_commit(config)


def _add_library(config: Configurator, library: SessionLibrary | str) -> None:
    location = _location(config.action_info)
    namespaces = _included(config.registry, "register_session_library", location)
    resolved = _resolve(config, library, f"session library ({location})")
    if not isinstance(resolved, SessionLibrary):
        raise ConfigurationError(
            f"A session library is described by an instance of a subclass of "
            f"pyramid_session_multi.SessionLibrary, not by {describe(resolved)} ({location})."
        )
    introspectable = config.introspectable(
        "session multi libraries", describe(type(resolved)), describe(type(resolved)), "library"
    )
    introspectable["library"] = resolved

    def describe_library() -> None:
        for settled in namespaces.describe_library(resolved):
            known = config.introspector.get(CATEGORY, settled.name)
            if known is not None:  # introspection may be off
                known["cookie_name"] = settled.cookie_name
        _check_when_application_is_made(config.registry)

    config.action(
        (CATEGORY, "library", describe(type(resolved))),
        describe_library,
        order=PHASE2_CONFIG,  # before the namespaces
        introspectables=(introspectable,),
    )


# Pyramid's own way to the place of the call, for conflicts and messages.
_register = action_method(_add_namespace)
_register_library = action_method(_add_library)


def _included(registry: Registry, directive: str, location: str) -> SessionMultiManagerConfig:
    namespaces: SessionMultiManagerConfig | None = registry.queryUtility(ISessionMultiManagerConfig)
    if namespaces is None:
        raise AttributeError(
            f"{directive} ({location}) needs config.include('pyramid_session_multi') first."
        )
    return namespaces


def _location(info: Any) -> str:
    file = getattr(info, "file", None)
    return f"{file}:{info.line}" if file else str(info).strip()


def _resolve(config: Configurator, thing: Any, role: str) -> Any:
    if not isinstance(thing, str):
        return thing
    if not thing.strip():
        raise ConfigurationError(f"The {role} is an empty string: give its dotted name.")
    if not _DOTTED.fullmatch(thing):  # it is not shown: it may be a secret
        raise ConfigurationError(
            f"The {role} must be the thing itself, or its dotted name, like "
            f"'package.module.name': a str of {len(thing)} characters that is no such name is "
            "neither."
        )
    try:
        return config.maybe_dotted(thing)
    except Exception as error:
        raise ConfigurationError(
            f"The {role} cannot be found under the name {thing!r}: "
            f"{type(error).__name__}: {error}. Give the callable itself, or a dotted name that "
            "can be imported, like 'package.module.name'."
        ) from error


def _read_settings(registry: Registry) -> None:
    registry.getUtility(ISessionMultiManagerConfig).vary = settings.vary(registry)
    settings.isolation(registry)  # a mistake in it is no less one where nothing is registered yet


def _check_at_commit(config: Configurator) -> None:
    checks = config.registry.getUtility(IChecks)
    # Once for each commit, which is what an action state is there for.
    if checks.scheduled is not config.action_state:
        checks.scheduled = config.action_state
        config.action(None, checks.commit, order=_CHECKS)


def _check_when_application_is_made(registry: Registry) -> None:
    """Check once more at ``make_wsgi_app``: with autocommit, no commit sees everything."""
    if all(known.handler is not _check_application for known in registry.registeredHandlers()):
        registry.registerHandler(_check_application, (IApplicationCreated,))


def _check_application(event: Any) -> None:
    registry = event.app.registry
    _read_settings(registry)  # again: what was included later may have added them
    registry.getUtility(IChecks).application()
    # A handler that stays makes Pyramid notify it of four events a request, for nothing.
    registry.unregisterHandler(_check_application, (IApplicationCreated,))
    registry.has_listeners = any(registry.registeredHandlers()) or any(
        registry.registeredSubscriptionAdapters()
    )
