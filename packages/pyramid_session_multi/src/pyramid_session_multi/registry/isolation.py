"""Isolation: does any session accept another's cookie?

Session libraries do not sign the name of a cookie with its value. If two namespaces share one
secret, a cookie of one can be presented as the other's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
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


class _Entry(NamedTuple):
    factory: InspectedFactory
    keys: tuple[Hashable, ...]
    sample: bytes | None


class Isolation:
    """The factories in use, and which of them accept each other's cookies.

    Factories whose keys are known are looked up by key, so that a thousand of them take a
    thousand steps. For others, one sample cookie of each is tried on the other.

    :ivar entries: the factories that were added, with their keys and sample cookies.
    """

    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self._without_keys: list[_Entry] = []
        self._issuers: defaultdict[Hashable, list[InspectedFactory]] = defaultdict(list)
        self._acceptors: defaultdict[Hashable, list[InspectedFactory]] = defaultdict(list)

    def add(self, factory: InspectedFactory) -> list[Replay]:
        """Compare a factory with those added before, in both directions, and add it."""
        entry = _Entry(factory, _keys(factory), _sample(factory))
        replays = list(self._replays(entry))
        self.entries.append(entry)
        if not entry.keys:
            self._without_keys.append(entry)
            return replays
        self._issuers[entry.keys[0]].append(factory)
        for key in dict.fromkeys(entry.keys):
            self._acceptors[key].append(factory)
        return replays

    def replays(self, factory: InspectedFactory) -> list[Replay]:
        """Compare a factory with those added before, in both directions."""
        return list(self._replays(_Entry(factory, _keys(factory), _sample(factory))))

    def _replays(self, entry: _Entry) -> Iterator[Replay]:
        factory, keys, sample = entry
        if keys:
            for target in self._acceptors.get(keys[0], ()):
                yield Replay(factory, target)
            for key in dict.fromkeys(keys):
                for source in self._issuers.get(key, ()):
                    yield Replay(source, factory)
        for other in self._without_keys if keys else self.entries:
            if _accepts(other.factory, sample):
                yield Replay(factory, other.factory)
            if _accepts(factory, other.sample):
                yield Replay(other.factory, factory)


class IsolationVerdict(NamedTuple):
    """Whether a namespace shares its cookies.

    ``str()`` of it is a sentence for people.

    :ivar known: true if enough is known of the session library to decide.
    :ivar replays: the accepted cookies, in both directions: pairs ``(source, target)``, where a
        cookie of ``source`` is accepted as one of ``target``. Each is a :class:`Namespace`, or
        the record of the factory of ``request.session``.
    """

    known: bool
    replays: tuple[Replay, ...]

    def __str__(self) -> str:
        if self.replays:
            return " ".join(map(str, self.replays))
        return "isolated" if self.known else "cannot tell: the session library is not described"


def isolation_of(factories: Iterable[InspectedFactory]) -> list[IsolationVerdict]:
    """Map factories to their verdicts, in the same order."""
    isolation = Isolation()
    factories = list(factories)
    by_factory: defaultdict[int, list[Replay]] = defaultdict(list)
    for factory in factories:
        for replay in isolation.add(factory):
            by_factory[id(replay.source)].append(replay)
            by_factory[id(replay.target)].append(replay)
    return [
        IsolationVerdict(_is_decidable(entry), tuple(by_factory[id(entry.factory)]))
        for entry in isolation.entries
    ]


def _is_decidable(entry: _Entry) -> bool:
    return bool(entry.keys) or entry.sample is not None


def _keys(factory: InspectedFactory) -> tuple[Hashable, ...]:
    library = factory.session_library
    return library.key_tokens(factory.library_factory) if library else ()


def _sample(factory: InspectedFactory) -> bytes | None:
    if factory.session_library is None:
        return None
    try:
        return factory.session_library.sample_cookie(factory.library_factory)
    except Exception:  # noqa: BLE001 - a serializer that refuses our sample: not decidable
        return None


def _accepts(factory: InspectedFactory, sample: bytes | None) -> bool:
    if sample is None or factory.session_library is None:
        return False
    try:
        return bool(factory.session_library.accepts_cookie(factory.library_factory, sample))
    except Exception:  # noqa: BLE001 - foreign serializers may raise anything
        return False  # a library that raises on a foreign cookie does not accept it
