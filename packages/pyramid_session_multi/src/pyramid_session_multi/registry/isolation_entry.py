"""A session factory that is compared with others, and the results."""

from __future__ import annotations

from dataclasses import dataclass

from ..messages import dotted_name
from .factory_cookies import FactoryCookies
from .inspected_factory import InspectedFactory
from .isolation_verdict import IsolationVerdict, Replay


class Entry:
    """A factory that was added.

    :ivar replays: the accepted cookies from or to it, by the ids of source and target.
    :ivar doubts: the reasons why it may accept another's cookies, or another may accept its
        own, by the other's id.
    """

    def __init__(self, factory: InspectedFactory) -> None:
        self.factory = factory
        self.parts: list[Part] = [Part(self, FactoryCookies(part)) for part in factory.recognized]
        self.replays: dict[tuple[int, int], Replay] = {}
        self.doubts: dict[int, str] = {}

    def verdict(self, doubt: str) -> IsolationVerdict:
        """The verdict.

        :param doubt: one more reason why the factory cannot be judged; empty if there is none.
        """
        reasons = (self._reason(), doubt, *self.doubts.values())
        reason = next(filter(None, reasons), "")
        return IsolationVerdict(not reason, tuple(self.replays.values()), reason)

    def _reason(self) -> str:
        if not self.parts:
            return "the session library is not described"
        name, cookies = dotted_name(self.factory.factory), self.parts[0].cookies
        if len(self.parts) > 1:
            return f"{name} holds several session factories"
        if self.factory.factory is not self.factory.library_factory:
            return f"{name} wraps a session factory and may accept other cookies as well"
        if cookies.is_customized:
            return f"{name} is not the library's own code and may accept other cookies as well"
        if cookies.unsigned:
            return "its cookie is not signed, so anyone can forge one"
        problem = "the session factory does not accept a sample of its own cookies"
        return "" if cookies.keys or cookies.accepts_own else problem


@dataclass(frozen=True, slots=True)
class Part:
    """A library's own factory inside an added one; usually the added one itself."""

    entry: Entry
    cookies: FactoryCookies

    @property
    def is_forgeable(self) -> bool:
        """False if the cookies are known to be signed."""
        return self.cookies.unsigned is not False
