"""Figures with their spread, and tables of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Run = dict[str, Any]

# The fastest of so many rounds in a row stands for them: noise only ever adds time.
_WINDOW = 10


@dataclass(frozen=True)
class Figure:
    """A median over processes, with the lowest and the highest."""

    value: float
    low: float
    high: float
    digits: int = 2

    @classmethod
    def of(cls, values: Iterable[float], digits: int = 2) -> Figure:
        ordered = sorted(values)
        return cls(statistics.median(ordered), ordered[0], ordered[-1], digits)

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.value:.{self.digits}f}"
        low, value, high = (f"{n:.{self.digits}f}" for n in (self.low, self.value, self.high))
        return f"{value} ({low} to {high})"


@dataclass
class Report:
    """The text so far, and the figures in it that are above their limits."""

    text: str = ""
    missed: list[str] = field(default_factory=list)

    def table(
        self, title: str, note: str, head: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        lines = [head, ["---"] * len(head), *rows]
        body = "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
        self.text += f"## {title}\n\n{note}\n\n{body}\n\n"

    def judge(self, what: str, figure: Figure, limit: float) -> str:
        if figure.value <= limit:
            return f"{figure} ✓"
        self.missed.append(f"{what}: {figure}, limit {limit:g}")
        return f"**{figure} ✗**"


def _windows(times: list[float]) -> list[float]:
    return [min(times[at : at + _WINDOW]) for at in range(0, len(times), _WINDOW)]


def ratio_of(runs: list[Run], case: str, one: str, other: str) -> Figure:
    """The ratio of the times of two variants, over processes."""
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


def fastest(runs: list[Run], case: str, what: str, unit: float, digits: int = 1) -> str:
    """The shortest time of all processes, in units of ``unit`` seconds."""
    return f"{min(min(run[case][what]) for run in runs) / unit:.{digits}f}"
