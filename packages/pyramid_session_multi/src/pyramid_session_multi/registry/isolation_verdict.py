"""The result of comparing session factories: accepted cookies, and a verdict for each factory."""

from __future__ import annotations

from typing import NamedTuple

from .inspected_factory import InspectedFactory


class Replay(NamedTuple):
    """A pair of factories: a cookie of ``source`` is accepted by ``target``."""

    source: InspectedFactory
    target: InspectedFactory

    def __str__(self) -> str:
        library = self.target.session_library
        fix = library.fix if library else "give each its own key"
        return (
            f"A cookie of the {self.source} is accepted as one of the {self.target}: anyone who "
            "holds one can replay it as the other and will be trusted with whatever it says. "
            f"To fix this, {fix}."
        )


class IsolationVerdict(NamedTuple):
    """The result of the isolation check for one namespace.

    ``str()`` of it is for people: ``isolated``; or each accepted cookie and how to fix that; or
    ``cannot tell``, with the reason, if the check cannot decide.

    :ivar known: true if enough is known about the session factory to decide.
    :ivar replays: the accepted cookies, in both directions: pairs ``(source, target)``, where a
        cookie of ``source`` is accepted as one of ``target``. Each is a :class:`Namespace`, or
        the record of the factory of ``request.session``.
    :ivar reason: the reason why the check cannot decide; empty if ``known`` is true.
    """

    known: bool
    replays: tuple[Replay, ...]
    reason: str = ""

    def __str__(self) -> str:
        if self.replays:
            return " ".join(map(str, self.replays))
        return "isolated" if self.known else f"cannot tell: {self.reason}"
