"""``config.include("pyramid_session_multi")``: everything that start-up adds to an application."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.viewderivers import INGRESS

from ..interfaces import ISessionMultiManagerConfig
from ..registry.registry import SessionMultiManagerConfig
from ..request.manager import SessionMultiManager
from . import application_check
from .directives import register_session_factory, register_session_library
from .settings.global_settings import check_prefixes
from .startup_checks import IStartupChecks, StartupChecks
from .view_option import NAME, session_multi_view


def includeme(config: Configurator) -> None:
    """Add ``request.session_multi``, directives, the view option and the settings' namespaces.

    For ``config.include("pyramid_session_multi")``. Including it again loses nothing.

    :raises pyramid.exceptions.ConfigurationError: for a mistake in the ``session_multi.*``
        settings; the message names the setting.
    """
    registry = config.registry
    if registry.queryUtility(ISessionMultiManagerConfig) is not None:
        return
    namespaces = SessionMultiManagerConfig()
    registry.registerUtility(namespaces, ISessionMultiManagerConfig)
    registry.registerUtility(StartupChecks(registry, namespaces), IStartupChecks)
    application_check.read_settings(registry)
    application_check.subscribe(registry)
    for directive in (register_session_factory, register_session_library):
        config.add_directive(directive.__name__, directive, action_wrap=False)

    def session_multi(request: Request) -> SessionMultiManager:
        return SessionMultiManager(request, namespaces)

    config.add_request_method(session_multi, reify=True)
    # Outside the permission check; only Pyramid's predicates are further out.
    config.add_view_deriver(session_multi_view, NAME, under=INGRESS, over="secured_view")
    if check_prefixes(registry.settings or {}):
        _register_settings(config)


def _register_settings(config: Configurator) -> None:
    # Imported only for settings that use it: it is a third of the package.
    from .settings.namespace_list import parse_namespaces

    # A Configurator without our includepath: these count as the application's own registrations.
    app_config = Configurator(
        registry=config.registry, package=config.root_package, autocommit=config.autocommit
    )
    for namespace in parse_namespaces(config.registry.settings, app_config.maybe_dotted):
        app_config.info = namespace.location
        app_config.register_session_factory(
            namespace.name,
            namespace.factory(),
            namespace.discriminator(),
            namespace.cookie_name,
            lifetime=namespace.lifetime(),
        )
