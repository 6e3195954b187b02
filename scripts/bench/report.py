"""Turns the measured times into the printed tables."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import core_tables
from figures import Report, Run, fastest, ratio_of


def make(
    runs: list[Run],
    memory: dict[str, dict[str, float]],
    imports: dict[str, list[tuple[float, float]]],
    panels: list[Run],
    of_large: Mapping[str, Mapping[str, float]],
) -> Report:
    """All tables."""
    report = Report()
    core_tables.add_tables(report, runs, memory, imports)
    panel(report, panels)
    large(report, of_large)
    return report


def panel(report: Report, runs: list[Run]) -> None:
    """Add the costs of the toolbar's panel, which panel.py measured."""
    limit = 1.5
    rows = []
    for case in runs[0]:
        ratios = {
            name: ratio_of(runs, case, name, f"{name.partition(',')[0]}, none")
            for name in runs[0][case]
            if not name.endswith("none")
        }
        ours = [
            report.judge(f"panel, {case}, {name}", figure, limit)
            for name, figure in ratios.items()
            if name.startswith("ours")
        ]
        theirs = [figure for name, figure in ratios.items() if not name.startswith("ours")]
        rows.append((case, fastest(runs, case, "ours, none", 1e-6), *ours, *theirs))
    report.table(
        "The toolbar's panel",
        "The request has the cookies of three signed-cookie namespaces, and the debug toolbar has "
        "its default panels. Each ratio compares the request with the same request without this "
        "panel; that of the predecessor compares it with its own core. Limit: "
        f"{limit:g}, activated or not.",
        (
            "the view",
            "without the panel, us",
            "with it",
            "activated",
            "predecessor",
            "predecessor, activated",
        ),
        rows,
    )


def large(report: Report, measurements: Mapping[str, Mapping[str, float]]) -> None:
    """Add the costs of large sessions in the panel, which large.py measured."""
    report.table(
        "Large sessions in the panel",
        "The request reads one key of a session in memory, and the panel is activated. The page is "
        "the toolbar's page of that request when it is opened for the first time. Times are the "
        "fastest of several, in ms.",
        ("the session holds", "without the panel", "with it", "the page", "the page, kB"),
        [
            (
                what,
                *(f"{seconds[name] * 1e3:.1f}" for name in ("without", "with", "page")),
                f"{seconds['bytes'] / 1000:.0f}",
            )
            for what, seconds in measurements.items()
        ],
    )


def write(path: Path, text: str, command: str, root: Path) -> None:
    """Store the tables, and name the versions that were measured."""
    project = root / "packages" / "pyramid_session_multi" / "pyproject.toml"
    ours = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("pyramid", "webob", "zope.interface")
    )
    python = f"{platform.python_implementation()} {platform.python_version()}"
    path.write_text(
        "# Benchmark\n\n"
        f"These figures are for pyramid_session_multi {ours} on {python}, with {libraries}. "
        f"`{command} --write` updates them.\n\n"
        "A ratio is the median of several processes, with the lowest and the highest in brackets. "
        "Within a process, the alternatives take turns, in bursts of about a millisecond. A time "
        "is the fastest of all. Times differ between machines; ratios hardly do. Each section "
        "names a limit: ✓ means that a figure is within it, ✗ that it is not. The predecessor is "
        "pyramid_session_multi 0.4.0.\n\n"
        f"{text.rstrip()}\n",
        encoding="utf-8",
    )
