"""The Pareto front of a job, and the volume that it dominates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dowse.analysis.best import leading, losses_of, ranked
from dowse.domain.pareto import hypervolume, losses
from dowse.domain.targets import Targets
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput, Problem
from dowse.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """`volume` is what the trials dominate up to the reference: the larger the better. Neither is
    there while no trial counts.
    """

    job: str
    targets: Targets
    trials: tuple[Trial, ...]
    reference: Mapping[str, float] | None
    volume: float | None


def front_of(store: Store, name: str, reference: Mapping[str, float] | None = None) -> Front:
    """The front of a job; of a single objective, its best trial.

    `reference` has the worst value of interest of each objective, by default the worst among the
    trials that count. Raises NotFound, and InvalidInput for a reference that cannot be.
    """
    job = store.job(name)
    spec = store.spec(job.id)
    targets, trials = spec.targets, store.trials(job.id)
    if reference is not None:
        _check(targets, reference)
    found = leading(trials, targets, spec.space, spec.prefer)
    worst = reference
    if worst is None and found:
        worst = _worst(ranked(trials, targets, spec.space), targets)
    volume = None
    if worst is not None:
        goals = [each.goal for each in targets.objectives]
        values = [worst[each.metric] for each in targets.objectives]
        points = [losses_of(each, targets) for each in found]
        volume = hypervolume(points, losses(values, goals))
    return Front(job=job.name, targets=targets, trials=tuple(found), reference=worst, volume=volume)


def _worst(trials: Sequence[Trial], targets: Targets) -> dict[str, float]:
    columns = zip(*(losses_of(each, targets) for each in trials), strict=True)
    goals = [each.goal for each in targets.objectives]
    # Turned twice, a loss is the value again.
    values = losses([max(column) for column in columns], goals)
    return {each.metric: value for each, value in zip(targets.objectives, values, strict=True)}


def _check(targets: Targets, reference: Mapping[str, float]) -> None:
    names = [each.metric for each in targets.objectives]
    asked = ", ".join(names)
    problems = [
        Problem(path=f"reference.{name}", message=f"is no objective of the job; there are {asked}")
        for name in reference
        if name not in names
    ]
    problems += [
        Problem(path=f"reference.{name}", message="is missing: every objective needs a value")
        for name in names
        if name not in reference
    ]
    problems += [
        Problem(path=f"reference.{name}", message=f"must be a finite number, got {value!r}")
        for name, value in reference.items()
        if not math.isfinite(value)
    ]
    if problems:
        raise InvalidInput(problems)
