"""A second opinion on where to look next, from a model that was not fitted.

    z   (m,) what the model makes of the trials that have results, in their order; smaller is better

A fit is dominated by the results that refine the incumbent: lengthscales that explain them may grow
so long, and a warp so steep, that the model is sure of what it has never seen. So once a search
makes no progress, some suggestions come from a model that kept the middle of its prior and sees the
values as they are.
"""

import math

from dowse.numerics.arrays import FloatArray
from dowse.numerics.coordinates import Coordinates
from dowse.numerics.gp import Posterior, condition
from dowse.numerics.model import Settings, prior_for
from dowse.numerics.progress import refined
from dowse.numerics.warp import complete, warp

# Fewer results are better spent where the fit sends them.
_FIRST = 30
_EVERY, _TURN = 3, 1
# A long valley is followed in small steps: as long as there are any, the fit is believed.
_PROGRESS = 0.002
# With less noise the points around the incumbent would again count for more than all others.
_NOISE = 1e-2


def has_turn(index: int, z: FloatArray) -> bool:
    """Whether the suggestion of this index is for the second opinion."""
    return len(z) >= _FIRST and index % _EVERY == _TURN and refined(z, progress=_PROGRESS)


def unfitted(coordinates: Coordinates, X: FloatArray, y: FloatArray) -> Posterior:
    """The posterior at the middle of the prior, given the values y (n,) at X (n, d)."""
    z = warp(complete(y), math.inf).z
    theta = prior_for(coordinates.d, Settings(noise=_NOISE)).mean
    return condition(coordinates.features(X), z, theta, coordinates.group)
