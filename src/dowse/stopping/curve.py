"""The curve rule: a trial is stopped when it has little chance to become the best.

Its final value is predicted from its curve so far and from the curves of all other trials, see
`forecast`. The chance is that this is better than the best final value of a completed trial.

Before trials have completed nobody knows how long one is, and there is no best final value to be
held against. Until then the chance follows from the rank alone, at the latest report that enough
trials have: where all run side by side, nothing would be stopped otherwise, and the first ones
would cost more than all others together.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile

from dowse.domain.metrics import Goal, better
from dowse.errors import Problem
from dowse.numerics.arrays import FloatArray
from dowse.stopping.forecast import chance_of_rank, forecast, ranked
from dowse.stopping.intervals import after, check_whole, is_due, refuse
from dowse.stopping.others import Others
from dowse.stopping.protocol import GO_ON, Curve, Verdict

_LOST = 3
"""Reports in a row that are no finite numbers and say that a training has diverged: one or two may
be an overflow that passes.
"""
_RANKED_FROM = 10
"""So many trials must have as many reports for a rank to say something..."""
_SETTLED = 3
"""... and so many reports: the first may come before a training has begun to learn."""
_MOST_BY_RANK = 0.25
"""The greatest chance that the rank alone may rule out, however great `min_chance` is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveRule:
    """`min_chance` is the chance of becoming the best below which a trial is stopped.

    Fewer than `min_trials` completed trials are too few to predict from.
    """

    min_chance: float = 0.015
    evaluation_interval: int = 1
    delay_evaluation: int = 0
    min_trials: int = 3

    def __post_init__(self) -> None:
        check_whole(
            {key: value for key, value in asdict(self).items() if key != "min_chance"},
            {"evaluation_interval": 0, "delay_evaluation": 0, "min_trials": 3},
        )
        least = self.min_chance
        number = isinstance(least, int | float) and not isinstance(least, bool)
        if not number or not 0.0 < least < 1.0:
            message = f"must be a number between 0 and 1, got {least!r}"
            refuse([Problem(path="early_stopping.min_chance", message=message)])

    @property
    def counts_diverged(self) -> bool:
        """A training that only reports NaN must not be the one that is never stopped."""
        return True

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        k = len(curve)
        if not is_due(k, interval=self.evaluation_interval, delay=self.delay_evaluation):
            return GO_ON
        if not math.isfinite(curve.values[-1]):
            return _diverged(curve)
        known = Others.of(others, goal)
        if known.completed() < self.min_trials:
            return self._opening(curve, known, goal)
        found = forecast(curve, known, goal, self.min_trials)
        if found is None or not found.chance < self.min_chance:
            return GO_ON
        if not better(found.best, curve.best(k, goal), goal):
            # It has been as good as the best already; where values are noisy it may be so again.
            return GO_ON
        expected = found.expected
        side = "above" if goal is Goal.MAXIMIZE else "below"
        return Verdict(
            stop=True,
            reason=(
                f"{after(k)} its final value is expected at {expected.value:.6g} ± "
                f"{expected.sd:.2g}; the chance that it ends {side} {found.best:.6g}, the best of "
                f"{found.completed} completed trials, is {_percent(found.chance)}, less than "
                f"{_percent(self.min_chance)}"
            ),
            numbers={
                "report": k,
                "horizon": found.horizon,
                "last": curve.values[-1],
                "expected": expected.value,
                "expected_sd": expected.sd,
                "leading": found.best,
                "completed": found.completed,
                "unit": found.unit,
                "mean": found.mean,
                "spread": found.spread,
                "degrees": found.degrees,
                "rank": found.rank,
                "chance": found.chance,
                "threshold": self.min_chance,
            },
            expected=expected,
        )

    def _opening(self, curve: Curve, others: Others, goal: Goal) -> Verdict:
        k, seen = len(curve), _shared(curve, others, goal)
        if seen is None or _leads(curve.values[seen - 1], others.at(seen).values, goal):
            return GO_ON
        rank, count = ranked(curve.upto(seen), others, goal)
        chance = chance_of_rank(rank, seen)
        threshold = min(self.min_chance, _MOST_BY_RANK)
        if not chance < threshold:
            return GO_ON
        where = "" if seen == k else f" at report {seen}"
        return Verdict(
            stop=True,
            reason=(
                f"{after(k)} {_percent(rank)} of {count} trials are ahead of it{where}; the chance "
                f"that it ends as the best is {_percent(chance)}, less than {_percent(threshold)}"
            ),
            numbers={
                "report": k,
                "last": curve.values[-1],
                "ranked_at": seen,
                "ranked_value": curve.values[seen - 1],
                "rank": rank,
                "compared": count,
                "chance": chance,
                "threshold": threshold,
            },
        )


def _shared(curve: Curve, others: Others, goal: Goal) -> int | None:
    """The latest report of the second half of a curve that enough trials have; None without one.

    Of trials that run side by side the one that is ahead has nobody to be compared with at its
    latest report. Who was stopped before counts at every later one, so the count only falls.
    """
    k = len(curve)
    reports = range(max(_SETTLED, (k + 1) // 2), k + 1)
    few = bisect_left(
        reports, True, key=lambda j: ranked(curve.upto(j), others, goal)[1] < _RANKED_FROM
    )
    if few == 0 or not math.isfinite(curve.values[reports[few - 1] - 1]):
        return None
    return reports[few - 1]


def _leads(value: float, rivals: FloatArray, goal: Goal) -> bool:
    """Whether nobody is ahead. Somebody must be left, also where all have the same value."""
    ahead = rivals > value if goal is Goal.MAXIMIZE else rivals < value
    return not ahead.any()


def _diverged(curve: Curve) -> Verdict:
    lost = sum(1 for _ in takewhile(lambda value: not math.isfinite(value), curve.values[::-1]))
    if lost < _LOST:
        return GO_ON
    return Verdict(
        stop=True,
        reason=f"{after(len(curve))} the last {lost} are no finite numbers",
        numbers={"report": len(curve), "lost": lost, "threshold": _LOST},
    )


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
