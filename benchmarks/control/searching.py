"""A search over the configurations of a table with a budget of reports, one trial at a time."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.control.configurations import Chooser, Known
from benchmarks.control.curves import FloatArray
from dowse.domain.expected import Expected
from dowse.domain.metrics import Goal
from dowse.stopping.forecast import expected_end
from dowse.stopping.protocol import Curve, PausingRule, Standing, StoppingRule, counts_diverged

GOAL = Goal.MINIMIZE
FULL_TRAININGS = 20
"""The budget, in trials that run to their end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`row` is the configuration whose last observed value is the best, `trials` how many began."""

    row: int
    trials: int


@dataclass(slots=True, kw_only=True)
class Search:
    """`values` (configurations, reports) is the table. A rule of None lets every trial run."""

    values: FloatArray
    rule: StoppingRule | None
    chooser: Chooser
    _left: int = 0
    _rows: list[int] = field(default_factory=list)
    _curves: dict[int, Curve] = field(default_factory=dict)
    _expected: dict[int, Expected | None] = field(default_factory=dict)

    def run(self) -> Found:
        self._left = FULL_TRAININGS * self.values.shape[1]
        while self._left > 0 and (trial := self._promoted() or self._begun()) is not None:
            self._carry_on(trial)
        known = self._known()
        return Found(row=min(known, key=lambda row: known[row].value), trials=len(known))

    def _promoted(self) -> int | None:
        if not isinstance(self.rule, PausingRule) or not self.rule.resume:
            return None
        promotion = self.rule.promote(list(self._curves.values()), GOAL)
        return None if promotion is None else promotion.trial

    def _begun(self) -> int | None:
        row = self.chooser.choose(self._known())
        if row is None:
            return None
        self._rows.append(row)
        return len(self._rows)

    def _known(self) -> Mapping[int, Known]:
        """What the service tells a suggester of each row that was begun."""
        return {
            self._rows[trial - 1]: Known(value=one.values[-1], expected=self._expected.get(trial))
            for trial, one in self._curves.items()
        }

    def _carry_on(self, trial: int) -> None:
        """Until the trial ends, or is ended, or the budget is spent."""
        reports = self.values[self._rows[trial - 1]].tolist()
        curve = self._curves.get(trial, Curve(trial=trial, values=()))
        while self._left > 0 and len(curve) < len(reports):
            value = reports[len(curve)]
            self._left -= 1
            curve = Curve(trial=trial, values=(*curve.values, _counted(value)))
            self._curves[trial] = curve
            if (standing := self._judged(curve)) is not Standing.RUNNING:
                self._curves[trial] = replace(curve, standing=standing)
                return
        self._curves[trial] = replace(curve, standing=Standing.COMPLETED)

    def _judged(self, curve: Curve) -> Standing:
        if self.rule is None or not (counts_diverged(self.rule) or math.isfinite(curve.values[-1])):
            return Standing.RUNNING
        others = [one for number, one in self._curves.items() if number != curve.trial]
        verdict = self.rule.decide(curve, others, GOAL)
        if not verdict.stop:
            return Standing.RUNNING
        if verdict.pause:
            return Standing.PAUSED
        expected = verdict.expected or expected_end(curve, others, GOAL)
        self._expected[curve.trial] = expected
        return Standing.ENDED


def _counted(value: float) -> float:
    return value if math.isfinite(value) else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Scores of configurations: 0 for the best of a table, 1 for what random search finds."""

    finals: FloatArray
    typical: float

    def score(self, row: int) -> float:
        """From 0 to 2, by the final value of a configuration."""
        best = float(self.finals.min())
        missed = (float(self.finals[row]) - best) / (self.typical - best)
        return min(2.0, missed) if math.isfinite(missed) else 2.0


def scale_of(finals: FloatArray, seeds: int = 200) -> Scale:
    """Random search that lets every trial run to its end: the median over many seeds."""
    found = [
        finals[np.random.default_rng([1, seed]).permutation(len(finals))[:FULL_TRAININGS]].min()
        for seed in range(seeds)
    ]
    return Scale(finals=finals, typical=float(np.median(found)))
