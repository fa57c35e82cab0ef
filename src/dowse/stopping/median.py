"""The median rule, in the forms of Google Vizier (Golovin et al. 2017, section 3.1.2) and Azure.

A trial is stopped at report k when its best value so far is strictly worse than the median, over
the trials that it is compared with, of their running averages up to report k. A trial with fewer
than k reports enters with the average of all it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from dowse.domain.metrics import Goal, better
from dowse.errors import Problem
from dowse.numerics.arrays import FloatArray
from dowse.stopping.intervals import after, check_whole, is_due, refuse
from dowse.stopping.others import Others
from dowse.stopping.protocol import GO_ON, Curve, Verdict

_COMPARED = ("completed", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianRule:
    """`delay_evaluation` reports are let pass first, then every `evaluation_interval`-th is judged.

    `compared_with` is `completed` for the trials that ran to their end, which is Google's form,
    or `all` for every trial that has reported, this one included, which is Azure's. With fewer
    than `min_trials` of them nothing is stopped: a median of two says little.
    """

    evaluation_interval: int = 1
    delay_evaluation: int = 0
    min_trials: int = 3
    compared_with: str = "completed"

    def __post_init__(self) -> None:
        check_whole(
            asdict(self), {"evaluation_interval": 0, "delay_evaluation": 0, "min_trials": 1}
        )
        if self.compared_with not in _COMPARED:
            message = f"must be one of {', '.join(_COMPARED)}, got {self.compared_with!r}"
            refuse([Problem(path="early_stopping.compared_with", message=message)])

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        k = len(curve)
        if not is_due(k, interval=self.evaluation_interval, delay=self.delay_evaluation):
            return GO_ON
        averages = self._averages(curve, Others.of(others, goal))
        if len(averages) < self.min_trials:
            return GO_ON
        threshold = _median(averages)
        best = curve.best(k, goal)
        if not better(threshold, best, goal):
            return GO_ON
        side = "below" if goal is Goal.MAXIMIZE else "above"
        whose = "completed trials" if self.compared_with == "completed" else "trials"
        return Verdict(
            stop=True,
            reason=(
                f"{after(k)} its best value {best:.6g} is {side} {threshold:.6g}, the median of "
                f"the running averages of {len(averages)} {whose} at that point"
            ),
            numbers={"report": k, "best": best, "median": threshold, "compared": len(averages)},
        )

    def _averages(self, curve: Curve, others: Others) -> FloatArray:
        k = len(curve)
        if self.compared_with == "completed":
            return others.averages(k, completed=True)
        return np.append(others.averages(k, completed=False), curve.average(k))


def _median(values: FloatArray) -> float:
    middle = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, middle)[middle])
    low, high = np.partition(values, (middle - 1, middle))[middle - 1 : middle + 1].tolist()
    return float((low + high) / 2)
