"""Putting the reports of running trials before the early-stopping rule of their job."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from dowse.domain.events import StopDecided
from dowse.domain.metrics import Goal, Measurement
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.stopping.protocol import Curve, StoppingRule

Reports = Callable[[Trial], Sequence[Measurement]]


class Judge:
    """The rule of one job and what it has seen.

    Reports come in batches; each one is judged as if it had come alone, since rules count reports.
    """

    def __init__(self, rule: StoppingRule, *, name: str, goal: Goal) -> None:
        self._rule = rule
        self._name = name
        self._goal = goal
        self._finished: dict[int, Curve] = {}
        self._judged: dict[AttemptRef, int] = {}

    def verdict(
        self, trial: Trial, trials: Iterable[Trial], reports: Reports, *, new: int
    ) -> StopDecided | None:
        """The decision to stop a running trial, `new` reports of which have just arrived."""
        curve = curve_of(trial, reports(trial))
        others = [self._curve(other, reports) for other in trials if _is_complete(other)]
        count = len(curve.values)
        first = max(self._judged.get(trial.ref, 0), count - new) + 1
        self._judged[trial.ref] = count
        for k in range(first, count + 1):
            upto = Curve(trial=trial.number, values=curve.values[:k], finished=False)
            verdict = self._rule.decide(upto, others, self._goal)
            if verdict.stop:
                return StopDecided(
                    trial=trial.number,
                    attempt=trial.attempt,
                    rule=self._name,
                    message=verdict.reason,
                    numbers=verdict.numbers,
                )
        return None

    def _curve(self, trial: Trial, reports: Reports) -> Curve:
        """The curve of a completed trial, which no longer changes."""
        if trial.number not in self._finished:
            self._finished[trial.number] = curve_of(trial, reports(trial))
        return self._finished[trial.number]


def curve_of(trial: Trial, reports: Sequence[Measurement]) -> Curve:
    """The finite values in order of arrival."""
    values = tuple(report.value for report in reports if math.isfinite(report.value))
    return Curve(trial=trial.number, values=values, finished=_is_complete(trial))


def _is_complete(trial: Trial) -> bool:
    return trial.state is TrialState.SUCCEEDED
