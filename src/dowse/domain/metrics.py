"""What a trial reports, and what "better" means: `better` and the rule for odd numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

MAX_STEP = 2**63 - 1
MAX_METRIC_NAME = 256


class Goal(Enum):
    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"


class Use(Enum):
    """Which of the reports of a trial is its objective value."""

    LAST = "last"
    BEST = "best"
    MEAN_OF_LAST = "mean_of_last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The metric that is optimised. `window` counts the reports of MEAN_OF_LAST."""

    metric: str
    goal: Goal
    use: Use = Use.LAST
    window: int = 1

    def value_of(self, reports: Sequence[Measurement]) -> Measurement | None:
        """The report that counts, from all reports of this metric in order of arrival.

        NaN and infinities count only when nothing finite was reported: the last one then
        stands for the trial. MEAN_OF_LAST carries the step and time of its last report.
        """
        if not reports:
            return None
        finite = [report for report in reports if math.isfinite(report.value)]
        if not finite:
            return reports[-1]
        match self.use:
            case Use.LAST:
                return reports[-1] if math.isfinite(reports[-1].value) else finite[-1]
            case Use.BEST:
                return best(finite, self.goal)
            case Use.MEAN_OF_LAST:
                tail = finite[-self.window :]
                mean = math.fsum(report.value for report in tail) / len(tail)
                last = tail[-1]
                return Measurement(metric=last.metric, value=mean, step=last.step, time=last.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One number that a program reported. `time` is seconds since the epoch.

    `key` tells a repeated delivery from a new report that happens to be equal; what it is made
    of depends on the source. An empty key means that the source cannot repeat.
    """

    metric: str
    value: float
    step: int = 0
    time: float
    key: str = ""

    def __post_init__(self) -> None:
        if not self.metric or len(self.metric) > MAX_METRIC_NAME:
            message = f"a metric name has 1 to {MAX_METRIC_NAME} characters: {self.metric!r}"
            raise ValueError(message)
        if not 0 <= self.step <= MAX_STEP:
            raise ValueError(f"a step lies between 0 and 2^63-1, got {self.step!r}")


def better(one: float, other: float, goal: Goal) -> bool:
    """Whether `one` is strictly better than `other`; a number that is not finite never is."""
    if not math.isfinite(one):
        return False
    if not math.isfinite(other):
        return True
    return one > other if goal is Goal.MAXIMIZE else one < other


def best(reports: Iterable[Measurement], goal: Goal) -> Measurement | None:
    """The best report; the earliest of equals. None when none is finite."""
    champion: Measurement | None = None
    for report in reports:
        if math.isfinite(report.value) and (
            champion is None or better(report.value, champion.value, goal)
        ):
            champion = report
    return champion
