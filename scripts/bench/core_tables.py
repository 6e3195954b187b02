"""The tables of what the core costs, from what measure.py and bench.py measured."""

from __future__ import annotations

from collections.abc import Sequence

import start
from figures import Figure, Report, Run, fastest, ratio_of


def add_tables(
    report: Report,
    runs: list[Run],
    memory: dict[str, dict[str, float]],
    imports: dict[str, list[tuple[float, float]]],
) -> None:
    """Add all of them."""
    _reading(report, runs)
    _requests(report, runs)
    _contracts(report, runs)
    _unused(report, runs)
    _start(report, runs)
    _imports(report, imports)
    _memory(report, memory)


def _reading(report: Report, runs: list[Run]) -> None:
    reach = 0.45
    rows = []
    for name, expression in (
        ("predecessor", "the same, predecessor"),
        ("session", "`request.session`"),
        ("hand", "`request.a`, a reified property"),
    ):
        ratio = ratio_of(runs, "reading", "ours", name)
        judged = (
            report.judge("reading / predecessor", ratio, reach) if name == "predecessor" else ratio
        )
        rows.append((expression, fastest(runs, "reading", name, 1e-9), judged))
    ours = fastest(runs, "reading", "ours", 1e-9)
    report.table(
        "Reading an opened namespace",
        f'`request.session_multi["a"]` takes {ours} ns. Reach: {reach:g} of the predecessor.',
        ("compared with", "ns", "ratio"),
        rows,
    )


def _requests(report: Report, runs: list[Run]) -> None:
    comparisons = (
        ("vary", "hand", 1.07),
        ("novary", "predecessor", 1.04),
    )
    rows = []
    for case in (name for name in runs[0] if name.startswith(("bare", "cookies"))):
        what, opens = case.split()
        named = f"{what}, {opens} opened"
        judged = [
            report.judge(
                f"request, {named}, {one} / {other}", ratio_of(runs, case, one, other), reach
            )
            for one, other, reach in comparisons
        ]
        noise = ratio_of(runs, case, "copy", "hand")
        rows.append((named, fastest(runs, case, "hand", 1e-6), noise, *judged))
    report.table(
        "A whole request",
        "Through the router, without a server; three signed-cookie namespaces are registered. By "
        "hand: a reified request property for each session. The third column is that against a "
        "copy of itself: noise. Reach: 1.07 of that by hand, which sends nothing that caches need; "
        "1.04 of the predecessor with `session_multi.vary = false`, which turns off `Vary` alone.",
        (
            "request",
            "by hand, us",
            "copy / by hand",
            "default / by hand",
            "vary=false / predecessor",
        ),
        rows,
    )


def _contracts(report: Report, runs: list[Run]) -> None:
    reach = 1.01
    unjudged = "bare, 3 opened"
    rows = []
    for case in (name for name in runs[0] if name.startswith("contracts")):
        _, what, opens = case.split()
        named = f"{what}, {opens} opened"
        noise, *ratios = (
            ratio_of(runs, case, name, "free") for name in ("copy", "elsewhere", "declared")
        )
        judged = [
            figure if named == unjudged else report.judge(f"view contract, {named}", figure, reach)
            for figure in ratios
        ]
        rows.append((named, fastest(runs, case, "free", 1e-6), noise, *judged))
    report.table(
        "A view that declares its sessions",
        "The same requests, in an application without the view option `session_multi`, in one that "
        "has it on another view, and in one that has it on this view. The third column is noise. "
        f"Reach: {reach:g}. The request that opens three sessions which it neither brings nor uses "
        "is not judged.",
        ("request", "no option, us", "copy", "option on another view", "option on this view"),
        rows,
    )


def _unused(report: Report, runs: list[Run]) -> None:
    reach = 1.02
    ratio = ratio_of(runs, "unused", "included", "property")
    report.table(
        "Included, but nothing opened",
        "Pyramid makes a class for each request as soon as there is one request property, of "
        "whichever add-on. Beyond that, nothing is to be paid for what is not used. "
        f"Reach: {reach:g}.",
        ("application", "us a request", "ratio"),
        (
            ("without any request property", fastest(runs, "unused", "nothing", 1e-6), ""),
            ("with one of its own", fastest(runs, "unused", "property", 1e-6), "1"),
            (
                "with the package",
                fastest(runs, "unused", "included", 1e-6),
                report.judge("unused", ratio, reach),
            ),
        ),
    )


def _start(report: Report, runs: list[Run]) -> None:
    reach, reach_isolation, reach_many = 1.3, 150, 1000
    ways = ("commit", "autocommit", "predecessor")
    sizes = [int(name.split()[1]) for name in runs[0]["start"] if name.startswith("commit")]
    rows: list[Sequence[object]] = [
        (f"us each of {size}", *(fastest(runs, "start", f"{way} {size}", 1e-6) for way in ways))
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
    known, tried = (_isolation(report, runs, what, reach_isolation) for what in ("known", "tried"))
    many = Figure.of((min(run["many trials"]["tried"]) * start.TRIED * 1000 for run in runs), 0)
    many_judged = report.judge(f"isolation, {start.TRIED} tried, ms", many, reach_many)
    report.table(
        "Registering",
        "Time of the processor from the first registration until the application is made, less "
        "that of an application without namespaces; each has a factory and a secret of its own. It "
        f"is to be linear: the largest number may take {reach:g} times as long for each as the "
        "smallest. The table is with `session_multi.isolation = off`. With isolation tested, "
        f"{start.ISOLATED} namespaces take {known} ms in all, and {tried} ms where serializers of "
        "the application's own leave nothing but trying each one's cookies on the others; reach: "
        f"{reach_isolation} ms. {start.TRIED:,} of those take {many_judged} ms, as only some of "
        f"them are tried on each other; reach: {reach_many:,} ms.",
        ("namespaces", "ours", "ours, autocommit", "predecessor"),
        rows,
    )


def _isolation(report: Report, runs: list[Run], what: str, reach: float) -> str:
    times = (min(run["isolation"][what]) * start.ISOLATED * 1000 for run in runs)
    return report.judge(f"isolation, {what}, ms", Figure.of(times, digits=1), reach)


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
