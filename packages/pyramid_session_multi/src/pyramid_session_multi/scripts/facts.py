"""The facts about a namespace that the checks of ``psessions --check`` look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..libraries.cookie_attributes import CookieAttributes
from ..registry.inspected_factory import InspectedFactory
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


# Yields the message of each finding.
Check = Callable[[Facts], Iterator[str]]
