"""The view option ``session_multi``: the namespaces that can be opened while a view runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from pyramid.exceptions import ConfigurationError

from ..interfaces import ISessionMultiManagerConfig
from ..messages import dotted_name
from ..registry.view_contract import ViewContract
from ..request.running_views import View, bind_view
from . import application_check
from .settings import global_settings

NAME = "session_multi"


def session_multi_view(view: View, info: Any) -> View:
    """Bind a view to the namespaces it declares (:class:`pyramid.interfaces.IViewDeriver`).

    A view without the option stays as it is, unless ``session_multi.views`` is ``declared``.

    :raises pyramid.exceptions.ConfigurationError: if the option is not a name or several names.
    """
    option = info.options.get(NAME)
    if option is None and not _must_declare(info):
        return view
    contract = ViewContract(*_declaration(option, info))
    namespaces = info.registry.getUtility(ISessionMultiManagerConfig)
    namespaces.view_contracts.append(contract)
    bind = partial(bind_view, contract=contract, registered=namespaces._by_name)
    if option is not None:
        application_check.subscribe(info.registry)
    permissive = getattr(view, "__call_permissive__", None)
    if permissive is not None:  # render_view(secure=False) calls it in place of the view
        view.__call_permissive__ = bind(permissive)  # type: ignore[attr-defined]
    return bind(view)


session_multi_view.options = (NAME,)  # type: ignore[attr-defined]


def _must_declare(info: Any) -> bool:
    if info.exception_only:
        return False
    # A view of config.derive_view has no name: the view that calls it declares for both.
    return info.options.get("name") is not None and global_settings.views(info.registry) != "any"


def _declaration(option: Any, info: Any) -> tuple[tuple[str, ...], Any]:
    attr = info.options.get("attr")
    view = getattr(info.original_view, attr or "", info.original_view)
    if option is None:
        return (), view
    names = [option] if isinstance(option, str) else option
    # Not an iterator: Pyramid derives the view of an exception twice.
    if not isinstance(names, Collection) or isinstance(names, (bytes, Mapping)):
        raise _not_names(option, view)
    for name in names:
        if not isinstance(name, str):
            raise _not_names(name, view)
    return tuple(sorted(names) if isinstance(names, (set, frozenset)) else names), view


def _not_names(value: Any, view: Any) -> ConfigurationError:
    return ConfigurationError(
        f"The option session_multi of the view {dotted_name(view)} takes the name of a namespace "
        f"or a tuple of names (() for none), not {dotted_name(type(value))}."
    )
