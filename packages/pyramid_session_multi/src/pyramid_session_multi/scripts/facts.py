"""The facts about a namespace that the checks of ``psessions --check`` look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..libraries.cookie_attributes import CookieAttributes
from ..libraries.session_library import SessionLibrary
from ..registry.inspected_factory import GENERIC_LIBRARY, InspectedFactory
from ..registry.isolation_verdict import IsolationVerdict
from ..registry.namespace import Namespace


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about a namespace.

    :ivar cookie: the attributes of its cookie; ``None``: not known.
    :ivar request_session: the factory of ``request.session``; ``None``: there is none.
    """

    namespace: Namespace
    verdict: IsolationVerdict
    cookie: CookieAttributes | None
    request_session: InspectedFactory | None

    @property
    def library(self) -> SessionLibrary:
        """The description of the session library; one that knows no weakness if there is none."""
        return self.namespace.session_library or GENERIC_LIBRARY

    @property
    def factory(self) -> Any:
        """The library's own factory, to pass to the library's methods."""
        return self.namespace.library_factory


# Yields the message of each finding.
Check = Callable[[Facts], Iterator[str]]
