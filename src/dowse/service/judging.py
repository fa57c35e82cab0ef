"""Putting the reports of running trials before the early-stopping rule of their job."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dowse.domain.events import StopDecided
from dowse.domain.metrics import Goal, Measurement
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.stopping.protocol import Curve, Standing, StoppingRule

Reports = Callable[[Trial], Sequence[Measurement]]


class Judge:
    """The rule of one job and what it has seen.

    Reports come in batches; each one is judged as if it had come alone, since rules count reports.
    """

    def __init__(self, rule: StoppingRule, *, name: str, goal: Goal) -> None:
        self._rule = rule
        self._name = name
        self._goal = goal
        self._curves: dict[tuple[AttemptRef, Standing], Curve] = {}
        self._judged: dict[AttemptRef, int] = {}

    def verdict(
        self, trial: Trial, trials: Iterable[Trial], reports: Reports, *, new: int
    ) -> StopDecided | None:
        """The decision to stop a running trial, `new` reports of which have just arrived."""
        curve = self._read(trial, reports)
        started = (o for o in trials if o.state is not TrialState.QUEUED)
        found = [self._curve(o, reports) for o in started if o.number != trial.number]
        others = [other for other in found if other.values]
        count = len(curve)
        first = max(self._judged.get(trial.ref, 0), count - new) + 1
        self._judged[trial.ref] = count
        for k in range(first, count + 1):
            upto = curve if k == count else replace(curve, values=curve.values[:k])
            verdict = self._rule.decide(upto, others, self._goal)
            if verdict.stop:
                return StopDecided(
                    trial=trial.number,
                    attempt=trial.attempt,
                    rule=self._name,
                    message=verdict.reason,
                    numbers=verdict.numbers,
                    report=k,
                    seen={
                        other.trial: len(other)
                        for other in others
                        if other.standing is Standing.RUNNING
                    },
                )
        return None

    def _curve(self, trial: Trial, reports: Reports) -> Curve:
        """A curve as it was when its trial last had a new report, or when it ended."""
        known = self._curves.get((trial.ref, _standing(trial)))
        return known if known is not None else self._read(trial, reports)

    def _read(self, trial: Trial, reports: Reports) -> Curve:
        curve = self._curves[trial.ref, _standing(trial)] = curve_of(trial, reports(trial))
        if curve.standing is not Standing.RUNNING:
            self._curves.pop((trial.ref, Standing.RUNNING), None)
        return curve


def curve_of(trial: Trial, reports: Sequence[Measurement]) -> Curve:
    """The finite values in order of arrival."""
    values = tuple(report.value for report in reports if math.isfinite(report.value))
    return Curve(trial=trial.number, values=values, standing=_standing(trial))


def _standing(trial: Trial) -> Standing:
    if trial.state is TrialState.SUCCEEDED:
        return Standing.COMPLETED
    return Standing.RUNNING if trial.state.is_live else Standing.ENDED
