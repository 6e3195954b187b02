"""The namespaces that a view declares with its option ``session_multi``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..messages import dotted_name


@dataclass(frozen=True, slots=True, eq=False)
class ViewContract:
    """The namespaces that can be opened while a view runs, immutable.

    :ivar declared: their names, in the order of the declaration; empty: none.
    :ivar view: the view callable: a function, a method, a class or an instance.
    """

    declared: tuple[str, ...]
    view: Callable[..., Any]

    def __str__(self) -> str:
        return f"view {dotted_name(self.view)}"
