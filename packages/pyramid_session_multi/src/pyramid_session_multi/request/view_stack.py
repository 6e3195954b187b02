"""The views that run right now, to check that they declare the namespaces they use.

The stack lies in the request's ``__dict__``, so that a view that uses no session costs no manager.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.request import Request

from ..exceptions import UndeclaredSession
from ..registry.view_contract import ViewContract

View = Callable[[Any, Request], Any]

# The innermost first, as in an opening stack.
_ViewStack = tuple[()] | tuple[ViewContract, "_ViewStack"]

_STACK = "_session_multi_views"
_OUTERMOST = "_session_multi_view"


def bind_view(view: View, contract: ViewContract) -> View:
    """Wrap a view so that its contract holds while it runs.

    A view that another one calls is bound by both contracts: what the outer one returns depends
    on the inner one.
    """

    def bound_view(context: Any, request: Request) -> Any:
        attributes = request.__dict__
        enclosing = attributes.get(_STACK, ())
        if not enclosing:
            attributes[_OUTERMOST] = contract
        attributes[_STACK] = (contract, enclosing)
        try:
            return view(context, request)
        finally:
            attributes[_STACK] = enclosing

    bound_view.__view_contract__ = contract  # type: ignore[attr-defined]
    return bound_view


def check_declared(request: Request, name: str) -> None:
    """Raise ``UndeclaredSession`` if a view runs that does not declare the namespace."""
    stack: _ViewStack = request.__dict__.get(_STACK, ())
    while stack:
        contract, stack = stack
        if name not in contract.declared:
            raise UndeclaredSession(name, contract.declared, contract.view)


def outermost_contract(request: Request) -> ViewContract | None:
    """The contract of the latest view that no other view called; ``None`` without one."""
    contract: ViewContract | None = request.__dict__.get(_OUTERMOST)
    return contract
