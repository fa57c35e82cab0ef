"""The median rule of Google Vizier (Golovin et al. 2017, section 3.1.2).

A trial is stopped at report k when its best value so far is strictly worse than the median, over
all trials that ran to their end, of their running averages up to report k. A completed trial with
fewer than k reports enters with the average of all it has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dowse.domain.metrics import Goal, better
from dowse.errors import InvalidInput, Problem
from dowse.stopping.protocol import GO_ON, Curve, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianRule:
    """`delay_evaluation` reports are let pass first, then every `evaluation_interval`-th is judged.

    With fewer than `min_trials` completed trials nothing is stopped: a median of two says little.
    """

    evaluation_interval: int = 1
    delay_evaluation: int = 0
    min_trials: int = 3

    def __post_init__(self) -> None:
        least = {"evaluation_interval": 0, "delay_evaluation": 0, "min_trials": 1}
        problems = [
            Problem(
                path=f"early_stopping.{name}",
                message=f"must be a whole number of {low} or more, got {value!r}",
            )
            for name, low in least.items()
            if type(value := getattr(self, name)) is not int or value < low
        ]
        if problems:
            raise InvalidInput(problems)

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        k = len(curve.values)
        if k == 0 or k < self.delay_evaluation or k % max(self.evaluation_interval, 1) != 0:
            return GO_ON
        averages = sorted(
            _running_average(other, k) for other in others if other.finished and other.values
        )
        if len(averages) < self.min_trials:
            return GO_ON
        threshold = _median(averages)
        best = max(curve.values) if goal is Goal.MAXIMIZE else min(curve.values)
        if not better(threshold, best, goal):
            return GO_ON
        side = "below" if goal is Goal.MAXIMIZE else "above"
        return Verdict(
            stop=True,
            reason=(
                f"after {_counted(k, 'report')} its best value {best:.6g} is {side} "
                f"{threshold:.6g}, the median of the running averages of {len(averages)} "
                "completed trials at that point"
            ),
            numbers={"report": k, "best": best, "median": threshold, "averages": averages},
        )


def automatic(**options: int) -> MedianRule:
    """The rule for jobs that only ask for early stopping.

    It lets five reports pass first, as Azure's conservative setting does: the first reports of a
    training say more about its start than about its end.
    """
    return MedianRule(**{"delay_evaluation": 5, **options})


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _running_average(curve: Curve, k: int) -> float:
    head = curve.values[:k]
    return math.fsum(head) / len(head)


def _median(ordered: Sequence[float]) -> float:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
