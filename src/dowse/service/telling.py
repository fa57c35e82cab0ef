"""Which results of an earlier job are worth keeping for a later one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dowse.domain.history import Ending, Observation
from dowse.domain.metrics import Goal

LEAST_RESULTS = 5
MOST_RESULTS = 150


def enough_results(observations: Sequence[Observation]) -> bool:
    return len(_measured(observations)) >= LEAST_RESULTS


def telling(observations: Sequence[Observation], goal: Goal) -> tuple[Observation, ...]:
    """At most 150 results, in their order: the best half of them, the others evenly by rank."""
    found = _measured(observations)
    if len(found) <= MOST_RESULTS:
        return tuple(found)
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    ranked = sorted(found, key=lambda each: sign * (each.value or 0.0))
    head = MOST_RESULTS // 2
    last, steps = len(ranked) - 1, MOST_RESULTS - head - 1
    kept = [*range(head), *(head + (last - head) * k // steps for k in range(steps + 1))]
    chosen = {ranked[place].number for place in kept}
    return tuple(each for each in found if each.number in chosen)


def _measured(observations: Sequence[Observation]) -> list[Observation]:
    return [
        each
        for each in observations
        if each.ending is Ending.MEASURED and each.value is not None and math.isfinite(each.value)
    ]
