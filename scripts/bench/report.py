"""From what was measured to the tables that are printed."""

from __future__ import annotations

import platform
import statistics
import tomllib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import start
from figures import Figure, Report

Run = dict[str, Any]

# The fastest of so many rounds in a row stands for them: what disturbs only ever adds.
_WINDOW = 10


def make(
    runs: list[Run],
    memory: dict[str, dict[str, float]],
    imports: dict[str, list[tuple[float, float]]],
    panels: list[Run],
    of_large: Mapping[str, Mapping[str, float]],
) -> Report:
    """All tables."""
    report = Report()
    _reading(report, runs)
    _requests(report, runs)
    _unused(report, runs)
    _start(report, runs)
    _imports(report, imports)
    _memory(report, memory)
    panel(report, panels)
    large(report, of_large)
    return report


def _windows(times: list[float]) -> list[float]:
    return [min(times[at : at + _WINDOW]) for at in range(0, len(times), _WINDOW)]


def _ratio(runs: list[Run], case: str, one: str, other: str) -> Figure:
    return Figure.of(
        (
            statistics.median(
                a / b
                for a, b in zip(_windows(run[case][one]), _windows(run[case][other]), strict=True)
            )
            for run in runs
        ),
        digits=3,
    )


def _time(runs: list[Run], case: str, what: str, unit: float, digits: int = 1) -> str:
    return f"{min(min(run[case][what]) for run in runs) / unit:.{digits}f}"


def _reading(report: Report, runs: list[Run]) -> None:
    reach = 0.45
    rows = []
    for name, expression in (
        ("predecessor", "the same, predecessor"),
        ("session", "`request.session`"),
        ("hand", "`request.a`, a reified property"),
    ):
        ratio = _ratio(runs, "reading", "ours", name)
        judged = (
            report.judge("reading / predecessor", ratio, reach) if name == "predecessor" else ratio
        )
        rows.append((expression, _time(runs, "reading", name, 1e-9), judged))
    ours = _time(runs, "reading", "ours", 1e-9)
    report.table(
        "Reading an opened namespace",
        f'`request.session_multi["a"]` takes {ours} ns. Reach: {reach:g} of the predecessor.',
        ("compared with", "ns", "ratio"),
        rows,
    )


def _requests(report: Report, runs: list[Run]) -> None:
    comparisons = (
        ("novary", "hand", 1.02),
        ("novary", "predecessor", 1.02),
        ("vary", "novary", 1.05),
    )
    rows = []
    for case in (name for name in runs[0] if name.startswith(("bare", "cookies"))):
        what, opens = case.split()
        named = f"{what}, {opens} opened"
        judged = [
            report.judge(
                f"request, {named}, {one} / {other}", _ratio(runs, case, one, other), reach
            )
            for one, other, reach in comparisons
        ]
        noise = _ratio(runs, case, "copy", "hand")
        rows.append((named, _time(runs, case, "hand", 1e-6), noise, *judged))
    report.table(
        "A whole request",
        "Through the router, without a server; three signed-cookie namespaces are registered. By "
        "hand: a reified request property for each session. The third column is that against a "
        "copy of itself: noise. Reach: 1.02 with `session_multi.vary = false`; `Vary: Cookie`, "
        "which neither of the others sends, may cost 1.05 of that.",
        (
            "request",
            "by hand, us",
            "copy / by hand",
            "vary=false / by hand",
            "vary=false / predecessor",
            "default / vary=false",
        ),
        rows,
    )


def _unused(report: Report, runs: list[Run]) -> None:
    reach = 1.02
    ratio = _ratio(runs, "unused", "included", "property")
    report.table(
        "Included, but nothing opened",
        "Pyramid makes a class for each request as soon as there is one request property, of "
        "whichever add-on. Beyond that, nothing is to be paid for what is not used. "
        f"Reach: {reach:g}.",
        ("application", "us a request", "ratio"),
        (
            ("without any request property", _time(runs, "unused", "nothing", 1e-6), ""),
            ("with one of its own", _time(runs, "unused", "property", 1e-6), "1"),
            (
                "with the package",
                _time(runs, "unused", "included", 1e-6),
                report.judge("unused", ratio, reach),
            ),
        ),
    )


def _start(report: Report, runs: list[Run]) -> None:
    reach, reach_isolation = 1.3, 150
    ways = ("commit", "autocommit", "predecessor")
    sizes = [int(name.split()[1]) for name in runs[0]["start"] if name.startswith("commit")]
    rows: list[Sequence[object]] = [
        (f"us each of {size}", *(_time(runs, "start", f"{way} {size}", 1e-6) for way in ways))
        for size in sizes
    ]
    growth = {
        way: Figure.of(
            min(run["start"][f"{way} {sizes[-1]}"]) / min(run["start"][f"{way} {sizes[0]}"])
            for run in runs
        )
        for way in ways
    }
    linear = [report.judge(f"registering, {way}", growth[way], reach) for way in ways[:2]]
    rows.append((f"{sizes[-1]} / {sizes[0]}", *linear, growth["predecessor"]))
    known, tried = (
        report.judge(
            f"isolation, {what}, ms",
            Figure.of(
                (min(run["isolation"][what]) * start.ISOLATED * 1000 for run in runs), digits=1
            ),
            reach_isolation,
        )
        for what in ("known", "tried")
    )
    report.table(
        "Registering",
        "Time of the processor from the first registration until the application is made, less "
        "that of an application without namespaces; each has a factory and a secret of its own. It "
        f"is to be linear: the largest number may take {reach:g} times as long for each as the "
        "smallest. The table is with `session_multi.isolation = off`. With isolation tested, "
        f"{start.ISOLATED} namespaces take {known} ms in all, and {tried} ms where serializers of "
        "the application's own leave nothing but trying each one's cookies on the others; reach: "
        f"{reach_isolation} ms.",
        ("namespaces", "ours", "ours, autocommit", "predecessor"),
        rows,
    )


def _imports(report: Report, imports: dict[str, list[tuple[float, float]]]) -> None:
    reach = 1.06
    rows = []
    for name, seconds in imports.items():
        ratio = Figure.of((1 + package / plain for plain, package in seconds), digits=3)
        rows.append(
            (
                name,
                Figure.of(package * 1000 for _, package in seconds),
                report.judge("importing", ratio, reach) if name == "ours" else ratio,
            )
        )
    report.table(
        "Importing",
        "Time of the processor, in a fresh process after `import pyramid.config`. Reach: 1.06.",
        ("package", "ms more", "times as long as `import pyramid.config`"),
        rows,
    )


def _memory(report: Report, memory: dict[str, dict[str, float]]) -> None:
    reach = 1
    rows = {
        what: [round(memory[measured][name]) for name in ("ours", "predecessor", "hand")]
        for what, measured in (
            ("bytes kept until it ends", "retained"),
            ("bytes at most", "peak"),
            ("objects for the cycle collector", "garbage"),
        )
    }
    judged = report.judge("growth", Figure.of([memory["growth"]["ours"]], digits=0), reach)
    report.table(
        "Memory",
        "Of opening three namespaces in a request. What reference counting cannot free waits for "
        f"Python's cycle collector. Each of 10,000 requests leaves {judged} bytes behind; reach: "
        f"{reach}.",
        ("of a request", "ours", "predecessor", "by hand"),
        [(what, *figures) for what, figures in rows.items()],
    )


def panel(report: Report, runs: list[Run]) -> None:
    """What the toolbar's panel costs, from what panel.py measured."""
    reach = 1.5
    rows = []
    for case in runs[0]:
        ratios = {
            name: _ratio(runs, case, name, f"{name.partition(',')[0]}, none")
            for name in runs[0][case]
            if not name.endswith("none")
        }
        ours = [
            report.judge(f"panel, {case}, {name}", figure, reach)
            for name, figure in ratios.items()
            if name.startswith("ours")
        ]
        theirs = [figure for name, figure in ratios.items() if not name.startswith("ours")]
        rows.append((case, _time(runs, case, "ours, none", 1e-6), *ours, *theirs))
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
