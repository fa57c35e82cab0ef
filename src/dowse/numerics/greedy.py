"""Many points at once from one pool of candidates.

    V       (m, n) rows L^-1 k(x) of m candidates
    R       (m, j) covariances with the j points chosen so far, each divided by its own deviation
    var     (m,) posterior variance of the candidates given the observations and the chosen points

A point believed at its mean leaves every mean as it is and lowers the variances by a rank-one
term, so that each further choice costs one product instead of a search of its own. This is the
pivoted Cholesky factorisation of the candidates' posterior covariance, the pivots chosen by the
acquisition function.
"""

import numpy as np

from dowse.numerics.acquisition import Criterion
from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.gp import Posterior
from dowse.numerics.kernels import matern52, squared_distances


def choose(
    posterior: Posterior,
    F: FloatArray,
    criterion: Criterion,
    count: int,
    worth: FloatArray | float = 0.0,
) -> IntArray:
    """Rows of the pool F (m, D), at most `count` of them, in the order chosen; `worth` (m,) is what
    else speaks for each.
    """
    cross = posterior.cross(F)
    count = min(count, len(F))
    floor = 1e-10 * posterior.s2
    var = cross.variance.copy()
    R = np.empty((len(F), count))
    open_ = np.ones(len(F), dtype=np.bool_)
    chosen = np.empty(count, dtype=np.intp)
    for j in range(count):
        value = criterion(cross.mean, np.sqrt(np.maximum(var, floor)))[0] + worth
        pick = int(np.argmax(np.where(open_, value, -np.inf)))
        chosen[j] = pick
        open_[pick] = False
        k, _ = matern52(squared_distances(cross.Z, cross.Z[pick : pick + 1]))
        covariance = posterior.s2 * k[:, 0] - cross.V @ cross.V[pick]
        covariance -= R[:, :j] @ R[pick, :j]
        R[:, j] = covariance / np.sqrt(max(var[pick], floor) + posterior.noise)
        var -= R[:, j] ** 2
    return chosen
