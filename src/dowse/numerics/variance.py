"""Which inputs the variance of a function of independent inputs comes from.

    A, B    (N, d) two samples of the unit cube; A_j is A with column j taken from B
    f       (N, S) values of S functions
    first   (d, S) share of the variance explained by one input alone
    total   (d, S) share that goes when all other inputs are known: its own and its interactions

Sources: Sobol (1993); the estimators are Jansen's (1999), equations (b) and (f) of table 2 of
Saltelli et al. (2010).
"""

from collections.abc import Callable

import numpy as np

from dowse.numerics.arrays import FloatArray


def indices(
    function: Callable[[FloatArray], FloatArray], sample: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """First-order and total indices of functions of the unit cube, given 2 d columns of even
    points (N, 2 d). A function that does not vary has zeros.
    """
    d = sample.shape[1] // 2
    A, B = sample[:, :d], sample[:, d:]
    f_A, f_B = function(A), function(B)
    variance = np.concatenate([f_A, f_B]).var(0)
    safe = np.where(variance > 0.0, variance, 1.0)
    first, total = np.zeros((d, f_A.shape[1])), np.zeros((d, f_A.shape[1]))
    for j in range(d):
        A_j = A.copy()
        A_j[:, j] = B[:, j]
        f = function(A_j)
        first[j] = 1.0 - 0.5 * ((f_B - f) ** 2).mean(0) / safe
        total[j] = 0.5 * ((f_A - f) ** 2).mean(0) / safe
    varies = variance > 0.0
    return np.clip(first, 0.0, 1.0) * varies, np.clip(total, 0.0, None) * varies
