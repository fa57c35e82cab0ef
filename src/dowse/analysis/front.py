"""Which finished trials no other one beats in every objective."""

from __future__ import annotations

from collections.abc import Iterable

from dowse.analysis.best import simplicity
from dowse.domain.history import Observation
from dowse.domain.pareto import nondominated
from dowse.domain.space import SearchSpace
from dowse.domain.targets import Targets


def front(
    observations: Iterable[Observation], targets: Targets, space: SearchSpace
) -> list[Observation]:
    """The Pareto front of the trials that keep every limit, best in the first objective first.

    Of trials with equal objectives only the simplest is there.
    """
    able = [each for each in observations if may_count(each, targets, space)]
    able.sort(key=lambda each: (*simplicity(each.parameters, space), each.number))
    points = [targets.losses(each) or () for each in able]
    return sorted(
        (able[i] for i in nondominated(points)), key=lambda each: targets.losses(each) or ()
    )


def may_count(observation: Observation, targets: Targets, space: SearchSpace) -> bool:
    """Whether a trial may be best: it gave a value, keeps the limits, and lies in the space."""
    measured = observation.value is not None
    return measured and targets.kept(observation) and not space.problems(observation.parameters)
