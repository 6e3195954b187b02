"""Costs of the toolbar's panel: ``panel.py PREDECESSOR OURS [--quick] [--json]``, in one process.

PREDECESSOR and OURS are directories to import from; our panel's package must be installed.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apps
import measure
import report
from figures import Report
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

_REQUESTS = 4

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
    """An application with the toolbar's default panels, and one more."""
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


def measured(directories: list[str], rounds: int) -> dict[str, dict[str, list[float]]]:
    """Use of the session to panel to the seconds of a request in every round."""
    predecessor, theirs, ours, include = _load(*directories)
    environ = {**apps.environ(apps.filled_cookies()), "REMOTE_ADDR": "127.0.0.1"}
    measurements = {}
    for label, use in USES.items():
        sites = variants(predecessor, theirs, ours, include, use)
        bursts = {name: functools.partial(burst, app, environ) for name, app in sites.items()}
        measurements[label] = measure.take_turns(bursts, rounds)
    return measurements


def main() -> int:
    """Print a table, or JSON; return 1 if a figure of the table is above its limit."""
    gc.disable()
    directories = [str(Path(each).resolve()) for each in sys.argv[1:] if not each.startswith("--")]
    measurements = measured(directories, 100 if "--quick" in sys.argv else 400)
    if "--json" in sys.argv:
        print(json.dumps(measurements))
        return 0
    result = Report()
    report.panel(result, [measurements])
    print(result.text)
    return int(bool(result.missed))


def _load(predecessor: str, ours: str) -> tuple[Any, Any, Any, Any]:
    """Both cores and their panels; the cores have the same name, so one after the other."""
    modules: list[Any] = []
    for directory, panel in (
        (predecessor, "pyramid_session_multi.debugtoolbar"),
        (ours, "pyramid_session_multi_debugtoolbar"),
    ):
        for name in [name for name in sys.modules if name.partition(".")[0] == measure.PACKAGE]:
            del sys.modules[name]
        sys.path.insert(0, directory)
        modules += [
            importlib.import_module(measure.PACKAGE),
            importlib.import_module(panel).includeme,
        ]
        sys.path.remove(directory)
        if not str(modules[-2].__file__).startswith(directory):
            raise ImportError(f"{measure.PACKAGE} came from {modules[-2].__file__}")
    return modules[0], modules[1], modules[2], modules[3]


if __name__ == "__main__":
    sys.exit(main())
