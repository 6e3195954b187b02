"""The last check of the namespaces, when ``make_wsgi_app`` creates the application."""

from __future__ import annotations

from typing import Any

from pyramid.interfaces import IApplicationCreated
from pyramid.registry import Registry

from ..interfaces import ISessionMultiManagerConfig
from .settings import global_settings
from .startup_checks import IStartupChecks
from .view_checks import check_views


def read_settings(registry: Registry) -> None:
    """Apply ``session_multi.vary``, and reject a mistake in the other global settings."""
    registry.getUtility(ISessionMultiManagerConfig).vary = global_settings.vary(registry)
    # validate these even before anything is registered
    global_settings.isolation(registry)
    global_settings.views(registry)


def subscribe(registry: Registry) -> None:
    """Schedule a check for the next ``make_wsgi_app``: autocommit has no final commit."""
    if all(registration.handler is not _check for registration in registry.registeredHandlers()):
        registry.registerHandler(_check, (IApplicationCreated,))


def _check(event: Any) -> None:
    registry = event.app.registry
    read_settings(registry)  # again: an include may have added settings since
    registry.getUtility(IStartupChecks).check_application()
    check_views(registry)
    # While any handler exists Pyramid sends four events per request, which adds 8 us to the 33 us
    # of a minimal one.
    registry.unregisterHandler(_check, (IApplicationCreated,))
    registry.has_listeners = any(registry.registeredHandlers()) or any(
        registry.registeredSubscriptionAdapters()
    )
