"""The views that run right now, to check that they declare the namespaces they use.

They are kept in the request's ``__dict__``, so that a view that uses no session costs no manager.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from pyramid.request import Request

from ..exceptions import UndeclaredSession
from ..registry.view_contract import ViewContract

View = Callable[[Any, Request], Any]

# In the request's ``__dict__``, from its first bound view on.
RUNNING_VIEWS = "_session_multi_running_views"


class RunningViews:
    """A view that is bound by a contract, and the views that have called it.

    The outermost view's response depends on all of them: each must declare a namespace.

    :ivar contract: the contract of the view.
    :ivar openable: the names of the namespaces that can be opened.
    :ivar enclosing: the view that has called it, which refers to its own caller.
    """

    __slots__ = ("contract", "enclosing", "openable")

    def __init__(
        self,
        contract: ViewContract,
        openable: Container[str],
        enclosing: RunningViews | None = None,
    ) -> None:
        self.contract: ViewContract = contract
        self.openable: Container[str] = openable
        self.enclosing: RunningViews | None = enclosing

    def undeclared(self, name: str) -> UndeclaredSession:
        """The error for a namespace that cannot be opened; it names a view that must declare it."""
        contract, enclosing = self.contract, self.enclosing
        if enclosing is not None and name in contract.declared:
            return enclosing.undeclared(name)
        return UndeclaredSession(name, contract.declared, contract.view)


def bind_view(view: View, contract: ViewContract, registered: Container[str]) -> View:
    """Wrap a view so that its contract holds while it runs.

    :param registered: the names of all namespaces; they can be opened after the view.
    """
    running = RunningViews(contract, frozenset(contract.declared))
    ended = RunningViews(contract, registered)

    # Written out, as it costs time in each request of a bound view: see the benchmark.
    def bound_view(context: Any, request: Request) -> Any:
        attributes = request.__dict__
        if RUNNING_VIEWS in attributes:
            return later_view(context, request)
        attributes[RUNNING_VIEWS] = running
        try:
            return view(context, request)
        finally:
            attributes[RUNNING_VIEWS] = ended

    def later_view(context: Any, request: Request) -> Any:
        """Called by another bound view, or after one, as an exception view is."""
        attributes = request.__dict__
        enclosing = attributes[RUNNING_VIEWS]
        openable = {name for name in contract.declared if name in enclosing.openable}
        attributes[RUNNING_VIEWS] = RunningViews(contract, openable, enclosing)
        try:
            return view(context, request)
        finally:
            attributes[RUNNING_VIEWS] = enclosing

    bound_view.__view_contract__ = contract  # type: ignore[attr-defined]
    return bound_view


def check_declared(request: Request, name: str) -> None:
    """Raise ``UndeclaredSession`` if a view runs that does not declare the namespace."""
    running: RunningViews | None = request.__dict__.get(RUNNING_VIEWS)
    if running is not None and name not in running.openable:
        raise running.undeclared(name)


def first_contract(request: Request) -> ViewContract | None:
    """The contract of the request's first view that is bound by one."""
    running: RunningViews | None = request.__dict__.get(RUNNING_VIEWS)
    while running is not None and running.enclosing is not None:
        running = running.enclosing
    return None if running is None else running.contract
