"""Checks of what views declare, when ``make_wsgi_app`` creates the application."""

from __future__ import annotations

from collections.abc import Iterator

from pyramid.exceptions import ConfigurationError
from pyramid.registry import Introspectable, Registry

from ..exceptions import UnregisteredSession
from ..interfaces import ISessionMultiManagerConfig
from ..messages import call_location, dotted_name
from ..registry.view_contract import ViewContract
from .settings import global_settings


def check_views(registry: Registry) -> None:
    """Check that views declare registered namespaces.

    Also check that all views are bound if ``session_multi.views`` is ``declared``.

    :raises pyramid.exceptions.ConfigurationError: for a view that fails.
    """
    namespaces = registry.getUtility(ISessionMultiManagerConfig)
    for contract in namespaces.view_contracts:
        for name in contract.declared:
            if not namespaces.has_namespace(name):
                view = f"{contract}{_location(registry, contract)}"
                error = UnregisteredSession(name, namespaces.namespaces)
                raise ConfigurationError(f"In the option session_multi of the {view}: {error}")
    if global_settings.views(registry) == "declared":
        _check_all_bound(registry)


def _check_all_bound(registry: Registry) -> None:
    for view in _views(registry):
        if _contract(view) is None and not _is_exception_view(view):
            raise ConfigurationError(
                "session_multi.views = declared does not bind the view "
                f"{dotted_name(view['callable'])} ({call_location(view.action_info)}), which was "
                "committed too early. To fix this, set session_multi.views and call "
                "config.include('pyramid_session_multi') before the view is added."
            )


def _location(registry: Registry, contract: ViewContract) -> str:
    for view in _views(registry):
        if _contract(view) is contract:
            return f" ({call_location(view.action_info)})"
    return ""  # introspection is off


def _views(registry: Registry) -> Iterator[Introspectable]:
    for entry in registry.introspector.get_category("views", ()):
        yield entry["introspectable"]


def _contract(view: Introspectable) -> ViewContract | None:
    """The contract of a view, from the layers that Pyramid wrapped its callable in."""
    wrapper = view["derived_callable"]
    while wrapper is not None:
        contract: ViewContract | None = getattr(wrapper, "__view_contract__", None)
        if contract is not None:
            return contract
        inner = getattr(wrapper, "__wraps__", None)
        wrapper = None if inner is wrapper else inner
    return None


def _is_exception_view(view: Introspectable) -> bool:
    # For an exception context Pyramid derives two views, and a third one that calls one of them.
    # The third is its own __wraps__; it calls the first only if traversal found the exception.
    derived = view["derived_callable"]
    return view["exception_only"] or getattr(derived, "__wraps__", None) is derived
