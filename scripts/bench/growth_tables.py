"""The tables of what grows, from what growth.py measured."""

from __future__ import annotations

import growth
from figures import Figure, Report, Run, fastest, ratio_of

_REACH = 1.02
_REACH_OF_REDIS = 1.1


def add_tables(report: Report, runs: list[Run]) -> None:
    _registered(report, runs)
    _opened(report, runs)
    _sizes(report, runs)
    _commands(report, runs[0]["commands"])


def _registered(report: Report, runs: list[Run]) -> None:
    first, *more = growth.REGISTERED
    rows: list[tuple[object, ...]] = []
    for size in growth.REGISTERED:
        ratio = ratio_of(runs, "registered", f"ours {size}", f"ours {first}")
        judged = report.judge(f"{size} registered", ratio, _REACH) if size in more else "1"
        times = (fastest(runs, "registered", f"{way} {size}", 1e-6) for way in ("ours", "hand"))
        rows.append((size, *times, judged))
    noise = ratio_of(runs, "registered", "copy", f"ours {first}")
    report.table(
        "More namespaces that are registered",
        "A request that opens three of them. By hand: a reified request property for each; Pyramid "
        "makes a class of all of them for each request. Noise, a copy of the first row: "
        f"{noise}. Reach: {_REACH:g}.",
        ("registered", "us a request", "by hand, us", f"ours / ours with {first}"),
        rows,
    )


def _opened(report: Report, runs: list[Run]) -> None:
    rows = []
    for opened in growth.OPENED:
        each = (
            Figure.of(
                (min(run["opened"][f"{way} {opened}"]) - min(run["opened"][f"{way} 0"]))
                / opened
                * 1e6
                for run in runs
            )
            for way in ("ours", "hand")
        )
        rows.append((opened, fastest(runs, "opened", f"ours {opened}", 1e-6), *each))
    report.table(
        "More namespaces that are opened",
        f"Of {growth.OPENED[-1]} that are registered, with `session_multi.vary = false`: what each "
        "session costs, beyond a request that opens none. The first brings the manager with it.",
        ("opened", "us a request", "us each", "by hand, us each"),
        rows,
    )


def _sizes(report: Report, runs: list[Run]) -> None:
    rows = []
    for size in growth.SIZES:
        row: list[object] = [size]
        for deed in ("read", "write"):
            case = f"{deed} {size}"
            ratio = ratio_of(runs, "sizes", f"ours {case}", f"alone {case}")
            judged = report.judge(f"Redis, {case}", ratio, _REACH_OF_REDIS)
            row += [fastest(runs, "sizes", f"alone {case}", 1e-6, 0), judged]
        rows.append(row)
    report.table(
        "Larger sessions in Redis",
        "A request that reads one value of a session, and one that writes one. Alone: "
        "pyramid_session_redis as `request.session`, in an application with a request property. "
        f"All of a session is loaded and stored, whichever way. Reach: {_REACH_OF_REDIS:g}.",
        ("a session of", "read, alone, us", "ours / alone", "write, alone, us", "ours / alone"),
        rows,
    )


def _commands(report: Report, commands: dict[str, dict[str, list[str]]]) -> None:
    rows = []
    for use, ways in commands.items():
        ours, alone = len(ways["ours"]), len(ways["alone"])
        reach = alone + use.endswith("renew")
        judged = report.judge(f"commands, {use}", Figure.of([ours], digits=0), reach)
        rows.append((use, judged, alone, ", ".join(ways["ours"]) or "none"))
    report.table(
        "Redis commands of a request",
        "Counted by the server; `first` is a request without a session before it. Alone, `peek` "
        "stands for `dict(request.session)`, `renew` for ending a session and filling a new one. "
        "Reach: not one more than alone. `renew` has one more: it stores the new session before it "
        "removes the old one, so that a failure in between loses neither.",
        ("a request that does", "ours", "alone", "the commands of ours"),
        rows,
    )
