"""Which trial is best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dowse.domain.metrics import Goal
from dowse.domain.parameters import Discrete, Integer
from dowse.domain.preferences import Preference, rank
from dowse.domain.reasons import Reason
from dowse.domain.space import Assignment, SearchSpace
from dowse.domain.trial import Trial, TrialState

_OUT_OF_TIME = (Reason.TIMEOUT, Reason.NO_PROGRESS)


def ranked(
    trials: Iterable[Trial],
    goal: Goal,
    space: SearchSpace,
    prefer: Sequence[Preference] = (),
) -> list[Trial]:
    """Trials with a finite objective, best first.

    Exact ties go to what the job prefers, then to the simpler configuration: fewer active
    parameters, then smaller sizes
    (Integer and Discrete parameters, in document order), then the earlier trial.
    """
    able = [trial for trial in trials if counts(trial)]
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    return sorted(
        able,
        key=lambda trial: (
            sign * float(trial.objective or 0.0),
            rank(trial, prefer),
            *simplicity(trial.parameters, space),
            trial.number,
        ),
    )


def best_trial(
    trials: Sequence[Trial],
    goal: Goal,
    space: SearchSpace,
    prefer: Sequence[Preference] = (),
) -> Trial | None:
    """The first of `ranked`, or None when no trial has a finite objective."""
    return next(iter(ranked(trials, goal, space, prefer)), None)


def counts(trial: Trial) -> bool:
    """A trial that was stopped, or ran out of its time, may be best; one that failed never is."""
    ended = trial.state in (TrialState.SUCCEEDED, TrialState.STOPPED)
    timed_out = trial.state is TrialState.CANCELLED and trial.reason in _OUT_OF_TIME
    measured = trial.objective is not None and math.isfinite(trial.objective)
    return measured and (ended or timed_out)


def simplicity(parameters: Assignment, space: SearchSpace) -> tuple[int, tuple[float, ...]]:
    """What decides between equal values, the smaller the better: active parameters, then sizes.

    Layers, units, batches are sizes: what costs more when it is more. A learning rate is none.
    """
    sizes = tuple(
        float(parameters.get(parameter.name, 0.0))
        for parameter in space.parameters
        if isinstance(parameter, Integer | Discrete)
    )
    return len(parameters), sizes
