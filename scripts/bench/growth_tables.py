"""The tables of costs that may grow, which growth.py measured."""

from __future__ import annotations

import growth
from figures import Figure, Report, Run, fastest, ratio_of

_LIMIT = 1.02
_REDIS_LIMIT = 1.1


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
        judged = report.judge(f"{size} registered", ratio, _LIMIT) if size in more else "1"
        times = (fastest(runs, "registered", f"{way} {size}", 1e-6) for way in ("ours", "hand"))
        rows.append((size, *times, judged))
    noise = ratio_of(runs, "registered", "copy", f"ours {first}")
    report.table(
        "More namespaces that are registered",
        "The request opens three namespaces. *By hand* is a reified request property for each "
        "registered namespace: Pyramid puts all of them into a class that it creates for each "
        f"request. The ratio of a copy of the first row, the noise, is {noise}. Limit: "
        f"{_LIMIT:g}.",
        ("registered", "us per request", "by hand, us", f"ours / ours with {first}"),
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
        f"The cost of each opened session, beyond a request that opens none; "
        f"{growth.OPENED[-1]} namespaces are registered, and `session_multi.vary` is false. The "
        "first session also pays for the manager.",
        ("opened", "us per request", "us per session", "by hand, us per session"),
        rows,
    )


def _sizes(report: Report, runs: list[Run]) -> None:
    rows = []
    for size in growth.SIZES:
        row: list[object] = [size]
        for deed in ("read", "write"):
            case = f"{deed} {size}"
            ratio = ratio_of(runs, "sizes", f"ours {case}", f"alone {case}")
            judged = report.judge(f"Redis, {case}", ratio, _REDIS_LIMIT)
            row += [fastest(runs, "sizes", f"alone {case}", 1e-6, 0), judged]
        rows.append(row)
    report.table(
        "Larger sessions in Redis",
        "One request reads a value of a session, another writes one. *Alone* is "
        "pyramid_session_redis as `request.session`, in an application with a request property. "
        f"Either way, the whole session is loaded and stored. Limit: {_REDIS_LIMIT:g}.",
        ("a session of", "read, alone, us", "ours / alone", "write, alone, us", "ours / alone"),
        rows,
    )


def _commands(report: Report, commands: dict[str, dict[str, list[str]]]) -> None:
    rows = []
    for use, ways in commands.items():
        ours, alone = len(ways["ours"]), len(ways["alone"])
        limit = alone + use.endswith("renew")
        judged = report.judge(f"commands, {use}", Figure.of([ours], digits=0), limit)
        rows.append((use, judged, alone, ", ".join(ways["ours"]) or "none"))
    report.table(
        "Redis commands of a request",
        "The Redis server counts the commands. *First* is a request without an earlier session. "
        "*Alone* is pyramid_session_redis as `request.session`; instead of `peek` it calls "
        "`dict(request.session)`, and instead of `renew` it ends the session and fills a new one. "
        "Limit: as many commands as alone. `renew` may send one more: it stores the new session "
        "before it deletes the old one, so a failure in between loses neither.",
        ("request", "ours", "alone", "commands of ours"),
        rows,
    )
