"""Isolation: does any session accept another's cookie?

Session libraries do not sign the name of a cookie with its value. If two namespaces share one
secret, a cookie of one can be presented as the other's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from .inspected_factory import InspectedFactory
from .isolation_entry import Entry, Part
from .isolation_verdict import IsolationVerdict, Replay

# A trial takes 10 us, and 1,000 factories would need a million.
MAX_TRIALS = 30_000

_UNTRIED = "there are too many session factories to try the cookies of each on all others"


class Isolation:
    """The factories in use, and which of them accept each other's cookies.

    Factories whose keys are known are looked up by key, so that a thousand of them take a
    thousand steps. For others, one sample cookie of each is tried on the other, within limits.
    """

    def __init__(self, factories: Iterable[InspectedFactory] = ()) -> None:
        self._entries: dict[int, Entry] = {}
        self._parts: defaultdict[Hashable, list[Part]] = defaultdict(list)  # by _labels
        self._trials = 0
        for factory in factories:
            self.add(factory)

    def add(self, factory: InspectedFactory) -> list[Replay]:
        """Compare a factory with those added before, in both directions, and add it."""
        entry = Entry(factory)
        for part in entry.parts:
            self._compare_keys(part)
            self._compare_storages(part)
            self._compare_samples(part)
        for part in entry.parts:
            for label in _labels(part):
                self._parts[label].append(part)
        self._entries[id(factory)] = entry
        return self.replays(factory)

    def remove(self, factories: Iterable[InspectedFactory]) -> None:
        """Forget factories and their results."""
        removed = {id(factory) for factory in factories} & self._entries.keys()
        for factory_id in removed:
            del self._entries[factory_id]
        for parts in self._parts.values():
            parts[:] = [part for part in parts if id(part.entry.factory) not in removed]
        for entry in self._entries.values():
            for factory_id in removed & entry.doubts.keys():
                del entry.doubts[factory_id]
            for pair in [pair for pair in entry.replays if not removed.isdisjoint(pair)]:
                del entry.replays[pair]

    def covers(self, factories: Sequence[InspectedFactory]) -> bool:
        """True if these are the factories that were added, and no others."""
        return {id(factory) for factory in factories} == self._entries.keys()

    def replays(self, factory: InspectedFactory) -> list[Replay]:
        """The accepted cookies of a factory that was added, in both directions."""
        return list(self._entries[id(factory)].replays.values())

    def verdicts(self, factories: Iterable[InspectedFactory]) -> list[IsolationVerdict]:
        """The verdicts on factories that were added, in the same order."""
        doubts = self._possible_keys_in_common() if self._parts["without keys"] else {}
        untried = _UNTRIED if self._trials >= MAX_TRIALS else ""
        return [
            self._entries[id(factory)].verdict(untried or doubts.get(id(factory), ""))
            for factory in factories
        ]

    def _possible_keys_in_common(self) -> dict[int, str]:
        """Reasons for doubt, by factory id: a trial does not reveal a key that only verifies."""
        doubts: dict[int, str] = {}
        first: dict[Hashable, Part] = {}
        # Those without known keys come first: two factories with known keys were compared by them.
        for part in sorted(self._all_parts(), key=lambda part: bool(part.cookies.keys)):
            for key in part.cookies.possible_keys:
                other = first.setdefault(key, part)
                if other.entry is not part.entry and not other.cookies.keys:
                    one, another = part.entry.factory, other.entry.factory
                    doubts[id(one)] = f"it may share a key with the {another}"
                    doubts.setdefault(id(another), f"it may share a key with the {one}")
        return doubts

    def _compare_keys(self, part: Part) -> None:
        for key in dict.fromkeys(part.cookies.keys):
            for other in self._parts["key", key]:
                # Both directions: a key that now only verifies signed cookies before its rotation.
                # First the direction in which the key signs, as a message names only that one.
                source, target = (other, part) if other.cookies.keys[0] == key else (part, other)
                self._record(source, target)
                self._record(target, source)

    def _compare_storages(self, part: Part) -> None:
        """Without a signature, the id in any other cookie of the same storage is accepted."""
        label = "storage" if part.is_forgeable else "forgeable"
        for other in self._parts[label, part.cookies.storage]:
            for source, target in ((other, part), (part, other)):
                if target.is_forgeable:
                    self._record(source, target, certain=target.cookies.unsigned is True)

    def _compare_samples(self, part: Part) -> None:
        """Try one cookie of each on the other; equal cookies need no trial."""
        cookies = part.cookies
        if not cookies.keys and cookies.accepts_own:
            for other in self._parts["sample", cookies.sample]:
                self._record(other, part)
                self._record(part, other)
        others = self._parts["without keys"] if cookies.keys else self._all_parts()
        for other in others:
            if self._trials >= MAX_TRIALS:
                return
            for source, target in ((other, part), (part, other)):
                if target.cookies.accepts_own:
                    self._trials += 1
                    if target.cookies.accepts(source.cookies.sample):
                        self._record(source, target)

    def _all_parts(self) -> Iterator[Part]:
        for entry in self._entries.values():
            yield from entry.parts

    def _record(self, source: Part, target: Part, *, certain: bool = True) -> None:
        one, other = source.entry, target.entry
        pair = id(one.factory), id(other.factory)
        # If there are several parts, it is not known which of them creates the session.
        if certain and len(one.parts) == len(other.parts) == 1:
            one.replays[pair] = other.replays[pair] = Replay(one.factory, other.factory)
        else:
            one.doubts[pair[1]] = f"its cookies may be accepted by the {other.factory}"
            other.doubts[pair[0]] = f"it may accept the cookies of the {one.factory}"


def _labels(part: Part) -> Iterator[Hashable]:
    """The labels under which a part is looked up."""
    cookies = part.cookies
    for key in dict.fromkeys(cookies.keys):
        yield "key", key
    if not cookies.keys:
        yield "without keys"
        yield "sample", cookies.sample
    if cookies.storage is not None:
        yield "storage", cookies.storage
        if part.is_forgeable:
            yield "forgeable", cookies.storage
