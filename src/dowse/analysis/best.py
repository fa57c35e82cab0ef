"""Which trial is best (decision 19b)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dowse.domain.metrics import Goal
from dowse.domain.parameters import Value, is_number
from dowse.domain.space import SearchSpace
from dowse.domain.trial import Trial, TrialState

_RANKED = (TrialState.SUCCEEDED, TrialState.STOPPED)


def ranked(trials: Iterable[Trial], goal: Goal, space: SearchSpace) -> list[Trial]:
    """Trials with a finite objective, best first.

    Exact ties go to the simpler configuration: fewer active parameters, then smaller numbers in
    document order, then the earlier trial.
    """
    able = [
        trial
        for trial in trials
        if trial.state in _RANKED and trial.objective is not None and math.isfinite(trial.objective)
    ]
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    return sorted(
        able,
        key=lambda trial: (
            sign * float(trial.objective or 0.0),
            len(trial.parameters),
            _simplicity(trial.parameters.get(name) for name in space.names),
            trial.number,
        ),
    )


def best_trial(trials: Sequence[Trial], goal: Goal, space: SearchSpace) -> Trial | None:
    """The first of `ranked`, or None when no trial has a finite objective."""
    return next(iter(ranked(trials, goal, space)), None)


def _simplicity(values: Iterable[Value | None]) -> tuple[float, ...]:
    """Numbers compare by size; labels have no order and weigh nothing."""
    return tuple(float(value) if is_number(value) else 0.0 for value in values)  # type: ignore[arg-type]
