"""The bandit policy of Azure Machine Learning: a trial is stopped when it falls too far behind.

At report k the best value so far is held against the best that any trial had reached by its own
k-th report, B. When maximising, a trial is stopped below `B / (1 + slack_factor)`, or below
`B - slack_amount`. Azure documents no more than that. Here minimising is the mirror image (with
every value's sign turned), and where B is negative, so that dividing would raise the bar above B,
the bar is `B (1 + slack_factor)`: slack always lowers it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from dowse.domain.metrics import Goal
from dowse.errors import Problem
from dowse.stopping.intervals import after, check_whole, is_due, refuse
from dowse.stopping.others import Others
from dowse.stopping.protocol import GO_ON, Curve, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class BanditRule:
    """Exactly one of `slack_factor` and `slack_amount` is given, as a number of 0 or more."""

    slack_factor: float | None = None
    slack_amount: float | None = None
    evaluation_interval: int = 1
    delay_evaluation: int = 0

    def __post_init__(self) -> None:
        check_whole(asdict(self), {"evaluation_interval": 0, "delay_evaluation": 0})
        given = {"slack_factor": self.slack_factor, "slack_amount": self.slack_amount}
        given = {name: value for name, value in given.items() if value is not None}
        refuse(
            Problem(
                path=f"early_stopping.{name}", message=f"must be 0 or a number above, got {value!r}"
            )
            for name, value in given.items()
            if not _is_slack(value)
        )
        if len(given) != 1:
            got = "both" if given else "neither"
            message = f"bandit takes exactly one of slack_factor and slack_amount, got {got}"
            refuse([Problem(path="early_stopping", message=message)])

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        k = len(curve)
        if not is_due(k, interval=self.evaluation_interval, delay=self.delay_evaluation):
            return GO_ON
        sign = 1.0 if goal is Goal.MAXIMIZE else -1.0
        own = sign * curve.best(k, goal)
        leader, leading = _leader(curve, Others.of(others, goal), goal)
        best = max(own, sign * leading)
        bar = self._bar(best)
        if not own < bar:
            return GO_ON
        side = "below" if goal is Goal.MAXIMIZE else "above"
        return Verdict(
            stop=True,
            reason=(
                f"{after(k)} its best value {sign * own:.6g} is {side} {sign * bar:.6g}: "
                f"{self._words()} from {sign * best:.6g}, which trial {leader} had by then"
            ),
            numbers={
                "report": k,
                "best": sign * own,
                "leader": leader,
                "leading": sign * best,
                "threshold": sign * bar,
            },
        )

    def _bar(self, best: float) -> float:
        """What a trial must reach, of values that are better when they are greater."""
        if self.slack_amount is not None:
            return best - self.slack_amount
        share = 1.0 + (self.slack_factor or 0.0)
        return best / share if best >= 0 else best * share

    def _words(self) -> str:
        if self.slack_amount is not None:
            return f"the slack of {self.slack_amount:g}"
        return f"the slack of {100 * (self.slack_factor or 0.0):g} %"


def _leader(curve: Curve, others: Others, goal: Goal) -> tuple[int, float]:
    """Whose best of as many reports is the best, and what it is; of equal ones the oldest trial's,
    and of no others the trial's own.
    """
    bests, trials, _ = others.best_at(len(curve))
    if not len(bests):
        return curve.trial, curve.best(len(curve), goal)
    best = bests.max() if goal is Goal.MAXIMIZE else bests.min()
    return int(trials[bests == best].min()), float(best)


def _is_slack(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= 0
