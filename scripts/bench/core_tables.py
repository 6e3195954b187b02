"""The tables of the costs of the core, which measure.py and bench.py measured."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

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
    limit = 0.45
    rows = []
    for name, expression in (
        ("predecessor", "the same, predecessor"),
        ("session", "`request.session`"),
        ("hand", "`request.a`, a reified property"),
    ):
        ratio = ratio_of(runs, "reading", "ours", name)
        judged = (
            report.judge("reading / predecessor", ratio, limit) if name == "predecessor" else ratio
        )
        rows.append((expression, fastest(runs, "reading", name, 1e-9), judged))
    ours = fastest(runs, "reading", "ours", 1e-9)
    report.table(
        "Reading an opened namespace",
        f'`request.session_multi["a"]` takes {ours} ns. Limit: {limit:g} times the predecessor.',
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
                f"request, {named}, {one} / {other}", ratio_of(runs, case, one, other), limit
            )
            for one, other, limit in comparisons
        ]
        noise = ratio_of(runs, case, "copy", "hand")
        rows.append((named, fastest(runs, case, "hand", 1e-6), noise, *judged))
    report.table(
        "A whole request",
        "The request goes through Pyramid's router, without a server. Three signed-cookie "
        "namespaces are registered. *By hand* is a reified request property for each session; it "
        "sends no headers for caches. The third column shows the noise: it compares that "
        "application with a copy of itself. Limits: 1.07 times by hand; 1.04 times the "
        "predecessor with `session_multi.vary = false`, which only turns `Vary` off.",
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
    limit = 1.01
    unjudged = "bare, 3 opened"
    rows = []
    for case in (name for name in runs[0] if name.startswith("contracts")):
        _, what, opens = case.split()
        named = f"{what}, {opens} opened"
        noise, *ratios = (
            ratio_of(runs, case, name, "free") for name in ("copy", "elsewhere", "declared")
        )
        judged = [
            figure if named == unjudged else report.judge(f"view contract, {named}", figure, limit)
            for figure in ratios
        ]
        rows.append((named, fastest(runs, case, "free", 1e-6), noise, *judged))
    report.table(
        "A view that declares its sessions",
        "The same requests in three applications: without the view option `session_multi`, with "
        "the option on another view, and with the option on this view. The third column shows the "
        f"noise. Limit: {limit:g}. It does not apply to the request without cookies that opens "
        "three sessions and does not use them.",
        ("request", "no option, us", "copy", "option on another view", "option on this view"),
        rows,
    )


def _unused(report: Report, runs: list[Run]) -> None:
    limit = 1.02
    ratio = ratio_of(runs, "unused", "included", "property")
    report.table(
        "Included, but nothing opened",
        "Pyramid creates a class for each request as soon as any add-on defines a request "
        "property. Apart from that, an application does not pay for sessions that it does not "
        f"use. Limit: {limit:g}.",
        ("application", "us per request", "ratio"),
        (
            ("without any request property", fastest(runs, "unused", "nothing", 1e-6), ""),
            ("with a request property of its own", fastest(runs, "unused", "property", 1e-6), "1"),
            (
                "with the package",
                fastest(runs, "unused", "included", 1e-6),
                report.judge("unused", ratio, limit),
            ),
        ),
    )


def _start(report: Report, runs: list[Run]) -> None:
    limit, isolation_limit, many_limit = 1.3, 150, 1000
    ways = ("commit", "autocommit", "predecessor")
    sizes = [int(name.split()[1]) for name in runs[0]["start"] if name.startswith("commit")]
    rows: list[Sequence[object]] = [
        (f"{size} namespaces", *(fastest(runs, "start", f"{way} {size}", 1e-6) for way in ways))
        for size in sizes
    ]
    growth = {
        way: Figure.of(
            median(run["start"][f"{way} {sizes[-1]}"]) / median(run["start"][f"{way} {sizes[0]}"])
            for run in runs
        )
        for way in ways
    }
    linear = [report.judge(f"registering, {way}", growth[way], limit) for way in ways[:2]]
    rows.append((f"{sizes[-1]} / {sizes[0]}", *linear, growth["predecessor"]))
    known, tried = (_isolation(report, runs, what, isolation_limit) for what in ("known", "tried"))
    many = Figure.of((min(run["many trials"]["tried"]) * start.TRIED * 1000 for run in runs), 0)
    many_judged = report.judge(f"isolation, {start.TRIED} tried, ms", many, many_limit)
    report.table(
        "Registering",
        "CPU time from the first registration to `make_wsgi_app()`, minus that of an application "
        "without namespaces. Each namespace has its own factory and secret. The time should grow "
        f"linearly. Limit: {limit:g} times as long per namespace for the largest number as for the "
        "smallest. The table is for `session_multi.isolation = off`.\n\n"
        f"With isolation checked, {start.ISOLATED} namespaces take {known} ms in all. If they have "
        "serializers of the application's own, the cookies of each have to be tried on the "
        f"others: that takes {tried} ms. Limit for both: {isolation_limit} ms. {start.TRIED:,} "
        f"such namespaces take {many_judged} ms, because only some of them are tried on each "
        f"other. Limit: {many_limit:,} ms.",
        ("us per namespace", "ours", "ours, autocommit", "predecessor"),
        rows,
    )


def _isolation(report: Report, runs: list[Run], what: str, limit: float) -> str:
    times = (min(run["isolation"][what]) * start.ISOLATED * 1000 for run in runs)
    return report.judge(f"isolation, {what}, ms", Figure.of(times, digits=1), limit)


def _imports(report: Report, imports: dict[str, list[tuple[float, float]]]) -> None:
    limit = 1.06
    rows = []
    for name, seconds in imports.items():
        ratio = Figure.of((1 + package / plain for plain, package in seconds), digits=3)
        rows.append(
            (
                name,
                Figure.of(package * 1000 for _, package in seconds),
                report.judge("importing", ratio, limit) if name == "ours" else ratio,
            )
        )
    report.table(
        "Importing",
        "CPU time in a new process, after `import pyramid.config`. Limit: 1.06.",
        ("package", "ms more", "times as long as `import pyramid.config`"),
        rows,
    )


def _memory(report: Report, memory: dict[str, dict[str, float]]) -> None:
    limit = 1
    rows = {
        what: [round(memory[measured][name]) for name in ("ours", "predecessor", "hand")]
        for what, measured in (
            ("bytes kept until the request ends", "retained"),
            ("bytes at most", "peak"),
            ("objects for the cycle collector", "garbage"),
        )
    }
    judged = report.judge("growth", Figure.of([memory["growth"]["ours"]], digits=0), limit)
    report.table(
        "Memory",
        "The memory of a request that opens three namespaces. Objects that reference counting "
        f"cannot free wait for Python's cycle collector. Each of 10,000 requests leaves {judged} "
        f"bytes behind. Limit: {limit}.",
        ("per request", "ours", "predecessor", "by hand"),
        [(what, *figures) for what, figures in rows.items()],
    )
