"""Measures in one process and prints JSON: ``measure.py PREDECESSOR OURS full|quick|memory``.

Both packages have the same name. They are imported one after the other, so that they share one
process, its Pyramid and its moment: two processes side by side differ by more than they do.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import multiprocessing
import random
import sys
import time
import timeit
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import apps
import memory
import start

PACKAGE = "pyramid_session_multi"

# A burst is short against a scheduler's slice: most of them run undisturbed.
_REQUESTS = 25
_READS = 300

_FORK = multiprocessing.get_context("fork")

T = TypeVar("T")

Burst = Callable[[], float]  # seconds of one of what is measured
Bursts = dict[str, Burst]


def load(predecessor: str, ours: str) -> tuple[Any, Any]:
    """Import the predecessor, make Python forget it, import ours."""
    packages = []
    for directory in (predecessor, ours):
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        sys.path.insert(0, directory)
        packages.append(importlib.import_module(PACKAGE))
        sys.path.remove(directory)
        if not str(packages[-1].__file__).startswith(directory):
            raise ImportError(f"{PACKAGE} came from {packages[-1].__file__}, not from {directory}")
    return packages[0], packages[1]


def reading(predecessor: Any, ours: Any) -> Bursts:
    """An opened namespace, and its rivals."""
    hand = apps.live_request(apps.by_hand())
    return {
        "hand": _reading(hand, "request.a"),
        "session": _reading(hand, "request.session"),
        "predecessor": _reading(
            apps.live_request(apps.by_manager(predecessor)), "request.session_multi['a']"
        ),
        "ours": _reading(apps.live_request(apps.by_manager(ours)), "request.session_multi['a']"),
    }


def _reading(request: Any, expression: str) -> Burst:
    times = 10  # in a row, so that the loop around them does not count
    timer = timeit.Timer("; ".join([expression] * times), globals={"request": request})
    return lambda: timer.timeit(_READS) / _READS / times


def requests(predecessor: Any, ours: Any, *, opens: int, read: bool) -> Bursts:
    """A whole request through the router; a copy of the first shows what noise is left."""
    hand = functools.partial(apps.by_hand, opens, read=read)
    manager = functools.partial(apps.by_manager, opens=opens, read=read)
    makers = {
        "hand": hand,
        "copy": hand,
        "predecessor": functools.partial(manager, predecessor),
        "novary": functools.partial(manager, ours, vary=False),
        "vary": functools.partial(manager, ours),
    }
    return _calling(makers, apps.environ(apps.filled_cookies() if read else ""))


def contracts(predecessor: Any, ours: Any, *, opens: int, read: bool) -> Bursts:
    """A whole request whose view declares its namespaces; a copy shows what noise is left."""
    make = functools.partial(apps.with_contracts, ours, opens, read=read)
    makers = {
        "free": functools.partial(make, declared=False),
        "copy": functools.partial(make, declared=False),
        "elsewhere": functools.partial(make, declared=False, elsewhere=True),
        "declared": functools.partial(make, declared=True),
    }
    return _calling(makers, apps.environ(apps.filled_cookies() if read else ""))


def unused(predecessor: Any, ours: Any) -> Bursts:
    """Nothing is opened, or nothing is there to be opened."""
    makers = {
        "included": functools.partial(apps.by_manager, ours),
        "property": functools.partial(apps.without, another_property=True),
        "nothing": functools.partial(apps.without, another_property=False),
    }
    return _calling(makers, apps.environ())


def _calling(makers: Mapping[str, Callable[[], Any]], environ: dict[str, Any]) -> Bursts:
    # In an order of chance, as the place in memory counts as well.
    applications = {name: makers[name]() for name in random.sample(list(makers), len(makers))}

    def burst(app: Any) -> float:
        apps.call(app, environ)
        begin = time.perf_counter()
        for _ in range(_REQUESTS):
            apps.call(app, environ)
        return (time.perf_counter() - begin) / _REQUESTS

    return {name: functools.partial(burst, app) for name, app in applications.items()}


CASES: dict[str, Callable[[Any, Any], Bursts]] = {
    "reading": reading,
    "unused": unused,
    **{
        f"{what} {opens}": functools.partial(requests, opens=opens, read=what == "cookies")
        for what in ("bare", "cookies")
        for opens in apps.OPENS
    },
    **{
        f"contracts {what} {opens}": functools.partial(
            contracts, opens=opens, read=what == "cookies"
        )
        for what in ("bare", "cookies")
        for opens in apps.OPENS
    },
}


def take_turns(bursts: Mapping[str, Burst], rounds: int) -> dict[str, list[float]]:
    """Run each once a round, in an order of chance: all of them meet the same machine."""
    gc.collect()
    gc.freeze()  # what stays is not looked through again and again
    order = list(bursts.items())
    times: dict[str, list[float]] = {name: [] for name in bursts}
    for _ in range(rounds):
        random.shuffle(order)
        for name, burst in order:
            gc.collect(0)  # a burst's garbage is young; a full collection empties free lists
            times[name].append(burst())
    gc.unfreeze()
    return times


def alone(measure: Callable[[], T]) -> T:
    """The result of a process of its own, which starts with no application in it.

    Python shares the table of attribute names between all requests. Applications of other cases
    fill it, and from then on each new attribute of a request costs more.
    """
    receiver, sender = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=lambda: sender.send(measure()))
    process.start()
    result: T = receiver.recv()
    process.join()
    return result


def times(predecessor: Any, ours: Any, *, quick: bool) -> dict[str, Any]:
    """Seconds, of every round."""
    rounds = 40 if quick else 200
    measurements: dict[str, Any] = {
        case: alone(lambda make=make: take_turns(make(predecessor, ours), rounds))  # type: ignore[misc]
        for case, make in CASES.items()
    }
    measurements["start"] = {}
    for size in start.SIZES[::2] if quick else start.SIZES:
        rounds = 3 + start.SIZES[-1] // size // 2  # the short ones suffer more from noise
        measurements["start"] |= take_turns(start.registering(predecessor, ours, size), rounds)
    measurements["isolation"] = take_turns(start.isolation(ours), 5)
    measurements["many trials"] = take_turns(start.many_trials(ours), 1)
    return measurements


def main() -> None:
    *directories, what = sys.argv[1:]
    predecessor, ours = load(*directories)
    gc.disable()
    if what == "memory":
        measurements = memory.measure(predecessor, ours)
    else:
        measurements = times(predecessor, ours, quick=what == "quick")
    json.dump(measurements, sys.stdout)


if __name__ == "__main__":
    main()
