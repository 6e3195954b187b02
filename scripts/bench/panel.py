"""What the toolbar's panel costs: ``panel.py PREDECESSOR OURS [--quick]``, in one process.

Ratios to the same request with the same toolbar and without the panel. PREDECESSOR and OURS are
directories to import from; OURS must also have the panel's package, or it must be installed.
"""

from __future__ import annotations

import functools
import gc
import importlib
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apps
import measure
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

_REACH = 1.25
_REQUESTS = 4
_WINDOW = 20

# What a request does with its three sessions, all of whose cookies come.
Use = Callable[[Any], object]
USES: dict[str, Use] = {
    "opens none": lambda sessions: None,
    "reads one": lambda sessions: sessions["a"]["n"],
    "reads three": lambda sessions: [sessions[name]["n"] for name in apps.NAMES],
    "writes one": lambda sessions: sessions["a"].update(n="another"),
    "writes three": lambda sessions: [sessions[name].update(n="another") for name in apps.NAMES],
}


def application(package: Any, include: Any, use: Use, *, activated: bool) -> Any:
    """With the toolbar's panels as they are by default, and one more."""
    config = Configurator(
        settings={
            "debugtoolbar.includes": [_included(include)] if include else [],
            "debugtoolbar.active_panels": "session_multi" if activated else "",
        }
    )
    config.include("pyramid_debugtoolbar")
    config.include(package.includeme)
    for name in apps.NAMES:
        package.register_session_factory(config, name, apps.signed(name))

    def view(request: Request) -> Response:
        use(request.session_multi)
        return Response(b"<html><body></body></html>")

    config.add_view(view)
    return config.make_wsgi_app()


def _included(include: Any) -> Callable[[Configurator], None]:
    # Pyramid looks for the module of what it includes, and the predecessor's is forgotten.
    def included(config: Configurator) -> None:
        include(config)

    return included


def variants(predecessor: Any, theirs: Any, ours: Any, include: Any, use: Use) -> dict[str, Any]:
    """By label; each panel has a baseline with its own core."""
    return {
        "ours, none": application(ours, None, use, activated=False),
        "ours, on": application(ours, include, use, activated=False),
        "ours, activated": application(ours, include, use, activated=True),
        "predecessor, none": application(predecessor, None, use, activated=False),
        "predecessor, on": application(predecessor, theirs, use, activated=False),
        "predecessor, activated": application(predecessor, theirs, use, activated=True),
    }


def burst(app: Any, environ: dict[str, Any]) -> float:
    """Seconds of a request."""
    begin = time.perf_counter()
    for _ in range(_REQUESTS):
        apps.call(app, environ)
    return (time.perf_counter() - begin) / _REQUESTS


def main() -> int:
    """Print a table; 1 where the reach is missed."""
    directories = [str(Path(each).resolve()) for each in sys.argv[1:] if not each.startswith("--")]
    predecessor, theirs, ours, include = _load(*directories)
    environ = {**apps.environ(apps.filled_cookies()), "REMOTE_ADDR": "127.0.0.1"}
    rounds = 100 if "--quick" in sys.argv else 400
    gc.disable()
    missed = False
    print("| request | toolbar, us | on | activated | predecessor, on | predecessor, activated |")
    print("|---|---|---|---|---|---|")
    for label, use in USES.items():
        made = variants(predecessor, theirs, ours, include, use)
        bursts = {name: functools.partial(burst, app, environ) for name, app in made.items()}
        times = measure.take_turns(bursts, rounds)
        ratios = {name: _ratio(times, name) for name in made}
        missed |= max(ratios["ours, on"], ratios["ours, activated"]) > _REACH
        base = min(times["ours, none"]) * 1e6
        shown = [f"{ratios[n]:.2f}" for n in made if not n.endswith("none")]
        print(f"| {label} | {base:.0f} | {' | '.join(shown)} |", flush=True)
    print(f"\nReach: {_REACH} of the same request without the panel.")
    return int(missed)


def _ratio(times: dict[str, list[float]], name: str) -> float:
    ours, base = (_fastest(times[n]) for n in (name, name.partition(",")[0] + ", none"))
    return statistics.median(one / other for one, other in zip(ours, base, strict=True))


def _fastest(times: list[float]) -> list[float]:
    # The fastest of so many rounds in a row stands for them: what disturbs only ever adds.
    return [min(times[at : at + _WINDOW]) for at in range(0, len(times), _WINDOW)]


def _load(predecessor: str, ours: str) -> tuple[Any, Any, Any, Any]:
    """Both cores and their panels; the cores have the same name, so one after the other."""
    found: list[Any] = []
    for directory, panel in (
        (predecessor, "pyramid_session_multi.debugtoolbar"),
        (ours, "pyramid_session_multi_debugtoolbar"),
    ):
        for name in [name for name in sys.modules if name.partition(".")[0] == measure.PACKAGE]:
            del sys.modules[name]
        sys.path.insert(0, directory)
        found += [
            importlib.import_module(measure.PACKAGE),
            importlib.import_module(panel).includeme,
        ]
        sys.path.remove(directory)
        if not str(found[-2].__file__).startswith(directory):
            raise ImportError(f"{measure.PACKAGE} came from {found[-2].__file__}")
    return found[0], found[1], found[2], found[3]


if __name__ == "__main__":
    sys.exit(main())
