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
from dowse.numerics.pareto import Boxes, LogHypervolumeImprovement, boxes
from dowse.surrogate.fit import Surrogate

# How far beyond the worst of the front the reference lies, as a share of the front's extent.
_BEYOND = 0.1
_FILLING_EVERY = 2
# Values that differ by less are equal: rounding errors would keep points on the front for ever.
_DECIMALS = 4
_STEP = 0.1


def smoothed(surrogates: Sequence[Surrogate]) -> FloatArray:
    """(n, m) the models' values of all observations, without the noise where they know it."""
    columns = []
    for surrogate in surrogates:
        z = surrogate.model.warped.z.copy()
        z[surrogate.model.rows] = surrogate.model.posterior.fitted()
        columns.append(z)
    return np.asarray(np.round(np.column_stack(columns), _DECIMALS), dtype=np.float64)


def front_rows(Y: FloatArray, able: BoolArray) -> list[int]:
    """Rows of Y (n, m) on the front of those that are able to be there (n,)."""
    rows = np.flatnonzero(able)
    return [int(rows[i]) for i in nondominated([tuple(y) for y in Y[rows].tolist()])]


def improvement(
    surrogates: Sequence[Surrogate],
    posteriors: Sequence[Posterior],
    front: FloatArray,
    index: int,
) -> LogHypervolumeImprovement:
    """Over the front (p, m) and what is believed of pending configurations."""
    believed = np.column_stack([p.z[p.observed :] for p in posteriors])
    Y = np.vstack([front, believed])
    worst = np.array([p.z.max() for p in posteriors])
    if index % _FILLING_EVERY == 0 and len(front) > len(surrogates):
        worst = front.max(0)
    reference = worst + _BEYOND * (worst - front.min(0))
    rows = nondominated([tuple(y) for y in np.round(Y, _DECIMALS).tolist()])
    cells = boxes(Y[rows], reference)
    return LogHypervolumeImprovement(tuple(posteriors), cells, _worth(surrogates, cells))


def _worth(surrogates: Sequence[Surrogate], cells: Boxes) -> FloatArray:
    """(b,) logarithm of how much larger a box is in the metrics' own units than in the models'."""
    worth = np.zeros(len(cells.upper))
    for k, surrogate in enumerate(surrogates):
        upper = cells.upper[:, k]
        lower = np.where(np.isfinite(cells.lower[:, k]), cells.lower[:, k], upper - _STEP)
        undo = surrogate.model.warped.undo
        worth += np.log((undo(upper) - undo(lower)) / (upper - lower) + 1e-300)
    return np.asarray(worth - worth.max(initial=-np.inf), dtype=np.float64)
