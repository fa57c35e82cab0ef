"""The trials of a confirming job as one table: which configuration ran under which seed.

Such a job makes its trials seed by seed, and of each configuration one for each seed in turn; so
the n-th trial of a configuration, by number, is the one under its n-th seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dowse.domain.confirmation import Confirmation
from dowse.domain.history import Ending, History
from dowse.domain.metrics import Goal
from dowse.domain.space import Assignment, Key, SearchSpace
from dowse.numerics.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replicates:
    """`Y` (k, S) values, smaller is better, infinite for a failure and NaN where there is none yet;
    `issued` (k, S) says which have a trial.
    """

    Y: FloatArray
    issued: BoolArray


def replicates(
    space: SearchSpace, wanted: Confirmation, goal: Goal, history: History
) -> Replicates:
    """The table of a history; trials of other configurations are left out."""
    shape = (len(wanted.entrants), wanted.most_seeds)
    Y, issued = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
    row = {space.key(one.parameters): i for i, one in enumerate(wanted.entrants)}
    counts = [0] * len(wanted.entrants)
    for key, value in _by_number(space, goal, history):
        i = row.get(key)
        if i is None or counts[i] >= wanted.most_seeds:
            continue
        issued[i, counts[i]] = True
        Y[i, counts[i]] = value
        counts[i] += 1
    return Replicates(Y=Y, issued=issued)


def _by_number(space: SearchSpace, goal: Goal, history: History) -> list[tuple[Key, float]]:
    """Every trial by number, pending ones as NaN: those are the numbers without an observation."""
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    found: dict[int, tuple[Assignment, float]] = {}
    for one in history.observations:
        measured = one.ending is Ending.MEASURED and one.value is not None
        value = sign * float(one.value or 0.0) if measured else math.inf
        found[one.number] = (one.parameters, value if math.isfinite(value) else math.inf)
    last = max([*found, history.index], default=0)
    open_numbers = (number for number in range(1, last + 1) if number not in found)
    for number, parameters in zip(open_numbers, history.pending, strict=False):
        found[number] = (parameters, math.nan)
    return [(space.key(p), value) for _, (p, value) in sorted(found.items())]
