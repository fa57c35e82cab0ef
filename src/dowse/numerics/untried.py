"""The model while there are no results of one's own: what earlier studies expect.

M       (m, J) what J sources predict at m points that they know
s2      variance of what is left unexplained: half a unit, and what the sources disagree by
"""

import math

import numpy as np

from dowse.numerics.arrays import FloatArray
from dowse.numerics.coordinates import Coordinates
from dowse.numerics.gp import NOISE_FLOOR, Posterior
from dowse.numerics.guard import Judged, Sources
from dowse.numerics.kernels import column_scales
from dowse.numerics.model import Model, Settings, State, prior_for
from dowse.numerics.trend import Stack, Trend
from dowse.numerics.warp import SOFTNESSES, UNKNOWN

_UNEXPLAINED = 0.5


def untried(
    coordinates: Coordinates,
    sources: Sources,
    known: FloatArray,
    X: FloatArray,
    settings: Settings,
) -> Model:
    """The mean is that of the sources by their trust; `known` (m, d) are points on which they may
    disagree. What was tried already, X (n, d), is believed to be as they say: too few results
    have no scale yet.
    """
    theta = prior_for(coordinates.d, settings).mean
    weights = sources.trust / sources.trust.sum()
    F = coordinates.features(known)
    M, _ = Stack.of(sources.means).cross(F)
    s2 = _UNEXPLAINED + float(M.var(0).mean())
    theta[-2] = math.log(s2)
    posterior = Posterior(
        theta=theta,
        scale=column_scales(np.exp(theta[:-2]), coordinates.group),
        s2=s2,
        noise=float(np.exp(theta[-1])) + NOISE_FLOOR,
        Z=np.empty((0, coordinates.D)),
        z=np.empty(0),
        c=0.0,
        alpha=np.empty(0),
        Linv=np.empty((0, 0)),
        observed=0,
        trend=Trend.of(sources.means, weights),
    )
    unfitted = [None] * (len(SOFTNESSES) - 1)
    return Model(
        posterior=posterior.believing(coordinates.features(X)),
        warped=UNKNOWN,
        # Nothing was fitted: the first fit begins at the prior.
        state=State(softness=0, thetas=(theta, *unfitted), fitted=0, selected=0),
        rows=np.arange(len(X)),
        judged=Judged(
            live=np.ones(len(weights), dtype=np.bool_),
            concordance=np.full(len(weights), np.nan),
            weights=weights,
        ),
    )
