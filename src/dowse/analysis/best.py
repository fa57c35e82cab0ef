"""Which trial is best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from dowse.domain.metrics import better
from dowse.domain.parameters import Discrete, Integer
from dowse.domain.pareto import Losses, layers, losses, nondominated
from dowse.domain.preferences import Preference, rank
from dowse.domain.progress import Improvement
from dowse.domain.reasons import Reason
from dowse.domain.space import Assignment, SearchSpace
from dowse.domain.targets import Targets
from dowse.domain.trial import Trial, TrialState

_OUT_OF_TIME = (Reason.TIMEOUT, Reason.NO_PROGRESS)


def ranked(
    trials: Iterable[Trial],
    targets: Targets,
    space: SearchSpace,
    prefer: Sequence[Preference] = (),
) -> list[Trial]:
    """Trials with a finite value of everything that is asked for that keep every limit, best first.

    Exact ties go to what the job prefers, then to the simpler configuration: fewer active
    parameters, then smaller sizes
    (Integer and Discrete parameters, in document order), then the earlier trial.
    Of several objectives those of the front come first, then the front that is left without them,
    and so on; within each the best in the first objective.
    """
    able = [trial for trial in trials if qualifies(trial, targets)]
    able.sort(key=lambda trial: _among_equals(trial, space, prefer))
    points = [losses_of(trial, targets) for trial in able]
    fronts = layers(points) if targets.is_several else [0] * len(points)
    order = sorted(range(len(able)), key=lambda i: (fronts[i], points[i]))
    return [able[i] for i in order]


def leading(
    trials: Iterable[Trial],
    targets: Targets,
    space: SearchSpace,
    prefer: Sequence[Preference] = (),
) -> list[Trial]:
    """The best trial alone; of several objectives the Pareto front: all that no other one beats,
    the best in the first objective first. Of trials with equal values only the first of them.
    """
    if not targets.is_several:
        return ranked(trials, targets, space, prefer)[:1]
    able = [trial for trial in trials if qualifies(trial, targets)]
    able.sort(key=lambda trial: _among_equals(trial, space, prefer))
    points = [losses_of(trial, targets) for trial in able]
    return [able[i] for i in sorted(nondominated(points), key=lambda i: points[i])]


def best_trial(
    trials: Iterable[Trial],
    targets: Targets,
    space: SearchSpace,
    prefer: Sequence[Preference] = (),
) -> Trial | None:
    """The best trial, or None when there is none, as of several objectives there never is."""
    return None if targets.is_several else next(iter(leading(trials, targets, space, prefer)), None)


def qualifies(trial: Trial, targets: Targets) -> bool:
    """Whether a trial may be best: it counts, has every value that is asked for, and keeps every
    limit.
    """
    if not counts(trial):
        return False
    measured = all(math.isfinite(trial.further.get(name, math.nan)) for name in targets.named)
    return measured and not targets.broken(trial.further)


def _among_equals(
    trial: Trial, space: SearchSpace, prefer: Sequence[Preference]
) -> tuple[Any, ...]:
    return (rank(trial, prefer), *simplicity(trial.parameters, space), trial.number)


def losses_of(trial: Trial, targets: Targets) -> Losses:
    """What is minimised, of a trial that qualifies."""
    first, *others = (each.metric for each in targets.objectives)
    values = {first: trial.objective or 0.0} | {name: trial.further[name] for name in others}
    return losses(values.values(), (each.goal for each in targets.objectives))


def improvements(
    trials: Iterable[Trial], targets: Targets, *, most: int
) -> tuple[Improvement, ...]:
    """Each trial that was the best when its number came, at most so many, the last among them.

    Of several objectives there is no best, and none of these.
    """
    if targets.is_several:
        return ()
    goal = targets.objectives[0].goal
    found: list[Improvement] = []
    able = (trial for trial in trials if qualifies(trial, targets))
    for trial in sorted(able, key=lambda trial: trial.number):
        value = float(trial.objective or 0.0)
        if not found or better(value, found[-1].value, goal):
            found.append(Improvement(trial=trial.number, value=value))
    if len(found) <= most:
        return tuple(found)
    return tuple(found[round(k * (len(found) - 1) / (most - 1))] for k in range(most))


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
