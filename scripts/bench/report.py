"""From what was measured to the tables that are printed."""

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
    """What the toolbar's panel costs, from what panel.py measured."""
    reach = 1.5
    rows = []
    for case in runs[0]:
        ratios = {
            name: ratio_of(runs, case, name, f"{name.partition(',')[0]}, none")
            for name in runs[0][case]
            if not name.endswith("none")
        }
        ours = [
            report.judge(f"panel, {case}, {name}", figure, reach)
            for name, figure in ratios.items()
            if name.startswith("ours")
        ]
        theirs = [figure for name, figure in ratios.items() if not name.startswith("ours")]
        rows.append((case, fastest(runs, case, "ours, none", 1e-6), *ours, *theirs))
    report.table(
        "The toolbar's panel",
        "A request with the debug toolbar, its other panels as they are by default, and the "
        "cookies of three signed-cookie namespaces. Ratios to the same request with the same "
        "toolbar without the panel; the predecessor's panel to one with its own core. Reach: "
        f"{reach:g}, activated or not.",
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


def large(report: Report, found: Mapping[str, Mapping[str, float]]) -> None:
    """What large sessions cost in the panel, from what large.py measured."""
    report.table(
        "Large sessions in the panel",
        "A session in memory that a request reads one key of, with the panel activated; and the "
        "toolbar's page of that request, at its first look. The fastest of some, in ms.",
        ("the session holds", "without the panel", "with it", "the page", "the page, kB"),
        [
            (
                what,
                *(f"{seconds[name] * 1e3:.1f}" for name in ("without", "with", "page")),
                f"{seconds['bytes'] / 1000:.0f}",
            )
            for what, seconds in found.items()
        ],
    )


def write(path: Path, text: str, command: str, root: Path) -> None:
    """Store the tables, with what made them."""
    project = root / "packages" / "pyramid_session_multi" / "pyproject.toml"
    ours = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("pyramid", "webob", "zope.interface")
    )
    python = f"{platform.python_implementation()} {platform.python_version()}"
    path.write_text(
        "# Benchmark\n\n"
        f"pyramid_session_multi {ours}, made by `{command} --write` on {python}, {libraries}.\n\n"
        "Ratios, with the lowest and highest of several processes in brackets. Within a process "
        "all that is compared takes turns, in bursts of about a millisecond. Times are the fastest "
        "seen and differ between machines; ratios hardly do. ✓ and ✗: within reach, or not.\n\n"
        f"{text.rstrip()}\n",
        encoding="utf-8",
    )
