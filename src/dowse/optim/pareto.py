"""Several objectives: what a configuration would add to the Pareto front.

The improvement is that of the hypervolume in the models' own units, in which every objective has
mean 0 and deviation 1 over the trials. `docs/engine.md` says what the alternatives are worth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dowse.domain.pareto import nondominated
from dowse.numerics.arrays import BoolArray, FloatArray
from dowse.numerics.gp import Posterior
from dowse.numerics.pareto import LogHypervolumeImprovement, boxes
from dowse.surrogate.fit import Surrogate

# How far beyond the worst point the reference lies, as a share of the extent.
_BEYOND = 0.1
# Values that differ by less are equal: rounding errors would keep points on the front for ever.
_DECIMALS = 4


def smoothed(surrogates: Sequence[Surrogate]) -> FloatArray:
    """(n, m) the models' values of all observations, without the noise where they know it."""
    columns = []
    for surrogate in surrogates:
        z = surrogate.model.warped.z.copy()
        z[surrogate.model.rows] = surrogate.model.posterior.fitted()
        columns.append(z)
    return np.column_stack(columns)


def front_rows(Y: FloatArray, able: BoolArray) -> list[int]:
    """Rows of Y (n, m) on the front of those that are able to be there (n,)."""
    rows = np.flatnonzero(able)
    points = np.round(Y[rows], _DECIMALS).tolist()
    return [int(rows[i]) for i in nondominated([tuple(point) for point in points])]


def improvement(
    posteriors: Sequence[Posterior], front: FloatArray, rng: np.random.Generator
) -> LogHypervolumeImprovement:
    """Over the front (p, m) and what is believed of pending configurations.

    The reference is drawn between the worst of the front and the worst of all, more often near the
    front: near it suggestions fill the front, far from it they look for its ends.
    """
    nadir = front.max(0)
    worst = np.maximum(nadir, [posterior.z.max() for posterior in posteriors])
    reference = nadir + rng.random() ** 2 * (worst - nadir)
    reference += _BEYOND * (reference - front.min(0))
    believed = np.column_stack([each.z[each.observed :] for each in posteriors])
    Y = np.asarray(np.round(np.vstack([front, believed]), _DECIMALS), dtype=np.float64)
    rows = nondominated([tuple(y) for y in Y.tolist()])
    return LogHypervolumeImprovement(tuple(posteriors), boxes(Y[rows], reference))
