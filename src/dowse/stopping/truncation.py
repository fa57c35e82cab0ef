"""The truncation policy of Azure Machine Learning: the worst share of the trials is stopped.

At report k every trial that has reported k times is ranked by the best of its first k values, an
older trial by what it had then. The worst `floor(n * truncation_percentage / 100)` of these n
trials are stopped, as far as they still run; of equal values the older trial stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from dowse.domain.metrics import Goal
from dowse.errors import Problem
from dowse.stopping.intervals import after, check_whole, is_due, refuse
from dowse.stopping.others import Column, Others
from dowse.stopping.protocol import GO_ON, Curve, Standing, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncationRule:
    """With `exclude_finished_jobs` only trials that still run are ranked."""

    truncation_percentage: int
    evaluation_interval: int = 1
    delay_evaluation: int = 0
    exclude_finished_jobs: bool = False

    def __post_init__(self) -> None:
        check_whole(asdict(self), {"evaluation_interval": 0, "delay_evaluation": 0})
        share, exclude = self.truncation_percentage, self.exclude_finished_jobs
        if type(share) is not int or not 1 <= share <= 99:
            message = f"must be a whole number from 1 to 99, got {share!r}"
            refuse([Problem(path="early_stopping.truncation_percentage", message=message)])
        if not isinstance(exclude, bool):
            message = f"must be true or false, got {exclude!r}"
            refuse([Problem(path="early_stopping.exclude_finished_jobs", message=message)])

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        k = len(curve)
        if not is_due(k, interval=self.evaluation_interval, delay=self.delay_evaluation):
            return GO_ON
        own = curve.best(k, goal)
        bests, trials, _ = self._ranked(Others.of(others, goal).best_at(k))
        better = bests > own if goal is Goal.MAXIMIZE else bests < own
        ahead = int(np.count_nonzero(better | ((bests == own) & (trials < curve.trial))))
        count = len(bests) + 1
        stopped = count * self.truncation_percentage // 100
        if ahead < count - stopped:
            return GO_ON
        return Verdict(
            stop=True,
            reason=(
                f"{after(k)} its best value {own:.6g} ranks {ahead + 1} of {count} trials: it is "
                f"among the worst {self.truncation_percentage} %"
            ),
            numbers={
                "report": k,
                "best": own,
                "rank": ahead + 1,
                "ranked": count,
                "last_to_stay": count - stopped,
            },
        )

    def _ranked(self, bests: Column) -> Column:
        return bests.where(bests.are(Standing.RUNNING)) if self.exclude_finished_jobs else bests
