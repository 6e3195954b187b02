"""Does any session accept another's cookie?

Session libraries do not sign the name of a cookie with its value. With one secret for two
namespaces, whoever holds a cookie of the one can present it as that of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from .namespace import InspectedFactory


class Replay(NamedTuple):
    """A cookie of ``source`` is accepted as one of ``target``."""

    source: InspectedFactory
    target: InspectedFactory

    def __str__(self) -> str:
        fix = (
            self.target.session_library.fix
            if self.target.session_library
            else "give each a key of its own"
        )
        return (
            f"A cookie of the {self.source} is accepted as one of the {self.target}: whoever "
            "holds one can present it under the other's name, and is taken there for what it "
            f"says. Cure: {fix}."
        )


class Isolation:
    """The factories in use, and which of them accept each other's cookies.

    Known keys are looked up, so that a thousand namespaces are told apart in a thousand steps;
    where a library's keys are not known, one cookie value of each is tried on the other.
    """

    def __init__(self) -> None:
        self._known: list[tuple[InspectedFactory, bytes | None]] = []
        self._by_trying: list[tuple[InspectedFactory, bytes | None]] = []
        self._makers: defaultdict[Hashable, list[InspectedFactory]] = defaultdict(list)
        self._takers: defaultdict[Hashable, list[InspectedFactory]] = defaultdict(list)

    def add(self, newcomer: InspectedFactory) -> None:
        """Take a factory in."""
        keys = _keys(newcomer)
        entry = (newcomer, _issue(newcomer))
        self._known.append(entry)
        if not keys:
            self._by_trying.append(entry)
            return
        self._makers[keys[0]].append(newcomer)
        for key in dict.fromkeys(keys):
            self._takers[key].append(newcomer)

    def replays(self, newcomer: InspectedFactory) -> Iterator[Replay]:
        """Between this factory and those taken in, both directions."""
        keys = _keys(newcomer)
        if keys:
            for target in self._takers.get(keys[0], ()):
                yield Replay(newcomer, target)
            for key in dict.fromkeys(keys):
                for source in self._makers.get(key, ()):
                    yield Replay(source, newcomer)
        value = _issue(newcomer)
        for other, others_value in self._by_trying if keys else self._known:
            if _accepts(other, value):
                yield Replay(newcomer, other)
            if _accepts(newcomer, others_value):
                yield Replay(other, newcomer)


class IsolationVerdict(NamedTuple):
    """Whether a namespace shares its cookies.

    ``str()`` of it is a sentence for people.

    :ivar known: is enough known of the session library to tell?
    :ivar replays: the accepted cookies, in both directions: pairs ``(source, target)``, where a
        cookie of ``source`` is accepted as one of ``target``. Both are a :class:`Namespace`, or
        what stands for the factory of ``request.session``.
    """

    known: bool
    replays: tuple[Replay, ...]

    def __str__(self) -> str:
        if self.replays:
            return " ".join(map(str, self.replays))
        return "isolated" if self.known else "cannot tell: nobody described the session library"


def verdicts(factories: Iterable[InspectedFactory]) -> list[IsolationVerdict]:
    """A verdict for each of the factories, in their order."""
    isolation = Isolation()
    found: list[Replay] = []
    factories = list(factories)
    for registered in factories:
        found += isolation.replays(registered)
        isolation.add(registered)
    replays: defaultdict[int, list[Replay]] = defaultdict(list)
    for replay in found:
        for one in replay:
            replays[id(one)].append(replay)
    return [IsolationVerdict(_can_tell(one), tuple(replays[id(one)])) for one in factories]


def _can_tell(registered: InspectedFactory) -> bool:
    return bool(_keys(registered)) or _issue(registered) is not None


def _keys(registered: InspectedFactory) -> tuple[Hashable, ...]:
    return registered.session_library.key_tokens(registered.library_factory) if registered.session_library else ()


def _issue(registered: InspectedFactory) -> bytes | None:
    if registered.session_library is None:
        return None
    try:
        return registered.session_library.sample_cookie(registered.library_factory)
    except Exception:  # noqa: BLE001 - a serializer that takes no sample of ours: cannot tell
        return None


def _accepts(registered: InspectedFactory, value: bytes | None) -> bool:
    if value is None or registered.session_library is None:
        return False
    try:
        return bool(registered.session_library.accepts_cookie(registered.library_factory, value))
    except Exception:  # noqa: BLE001 - codecs of strangers raise what they like
        return False  # a library that raises on a foreign cookie does not take it for its own
