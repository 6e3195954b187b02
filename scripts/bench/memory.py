"""Memory of a request. It is the same in every process, so one process measures it."""

from __future__ import annotations

import gc
import statistics
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import apps

# Kept alive together, so that none of them is served from another's free lists.
_KEPT = 1000
_THOUSANDS = 10


def measure(predecessor: Any, ours: Any) -> dict[str, dict[str, float]]:
    """By what is measured and for whom: bytes, or objects."""
    applications = {
        "hand": apps.by_hand(3),
        "predecessor": apps.by_manager(predecessor, 3),
        "ours": apps.by_manager(ours, 3),
    }
    opened = {label: _opening(app, _opener(label)) for label, app in applications.items()}
    return {
        "retained": {label: retained for label, (retained, _) in opened.items()},
        "peak": {label: peak for label, (_, peak) in opened.items()},
        "garbage": {label: _garbage(app) for label, app in applications.items()},
        "growth": {"ours": _growth(applications["ours"])},
    }


def _opener(label: str) -> Callable[[Any], object]:
    if label == "hand":
        return lambda request: [getattr(request, name) for name in apps.NAMES]
    return lambda request: [request.session_multi[name] for name in apps.NAMES]


def _opening(app: Any, opener: Callable[[Any], object]) -> tuple[float, float]:
    """Bytes that three opened sessions keep, and the most they took meanwhile."""
    opener(apps.live_request(app))  # fills caches
    requests = [apps.live_request(app) for _ in range(_KEPT)]
    peaks = []
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for request in requests:
        current = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        opener(request)
        peaks.append(tracemalloc.get_traced_memory()[1] - current)
    retained = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return retained / _KEPT, statistics.median(peaks)


def _garbage(app: Any) -> float:
    """Objects of a request that reference counting cannot free."""
    environ = apps.environ()
    apps.call(app, environ)
    gc.collect()
    for _ in range(100):
        apps.call(app, environ)
    return gc.collect() / 100


def _growth(app: Any) -> float:
    """Bytes that each of 10,000 requests leaves behind."""
    environ = apps.environ(apps.filled_cookies())
    sizes = []
    tracemalloc.start()
    for _ in range(_THOUSANDS + 1):
        for number in range(1000):
            apps.call(app, environ)
            if number % 100 == 0:
                gc.collect(0)
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    # The median, as Python's own table of all classes grows in rare, large steps.
    return statistics.median(after - before for before, after in pairwise(sizes)) / 1000
