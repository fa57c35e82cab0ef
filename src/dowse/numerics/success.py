"""Where configurations fail: how likely one is to give a value at all.

    Z   (n, D) scaled features of the trials that are over
    s   (n,) 1 for those that gave a value, 0 for those that failed
    p   (a + sum_i k(x, x_i) s_i) / (a + b + sum_i k(x, x_i)), the kernel regression of s with a
        prior that weighs as much as a tenth of a trial, a : b being the share of successes

Near failures p falls like one over their number and never to nothing, and far from every trial it
is the share of successes, so that no region is given up for good.
"""

from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray
from dowse.numerics.kernels import matern52, squared_distances

# With a prior of a whole trial, failures were not avoided measurably.
_PRIOR = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class LogSuccess:
    """log p as a function of features; `scale` (D,) holds the lengthscale of each column."""

    scale: FloatArray
    Z: FloatArray
    s: FloatArray
    a: float

    def __call__(self, F: FloatArray) -> FloatArray:
        k, _ = matern52(squared_distances(F / self.scale, self.Z))
        odds = np.log(self.a + k @ self.s) - np.log(_PRIOR + k.sum(1))
        return np.asarray(odds, dtype=np.float64)

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values (m,) and gradients by F (m, D): dk / dz = -5/3 h (z - z_i)."""
        Z = F / self.scale
        k, h = matern52(squared_distances(Z, self.Z))
        good, every = self.a + k @ self.s, _PRIOR + k.sum(1)
        h *= -5.0 / 3.0 * (self.s / good[:, None] - 1.0 / every[:, None])
        gradient = (h.sum(1)[:, None] * Z - h @ self.Z) / self.scale
        return np.log(good) - np.log(every), gradient


def log_success(F: FloatArray, failed: BoolArray, scale: FloatArray) -> LogSuccess:
    """From the features F (n, D) of trials and which of them failed (n,).

    The prior is the share of successes with Jeffreys' half a success and half a failure added.
    """
    share = (0.5 + float((~failed).sum())) / (1.0 + len(failed))
    return LogSuccess(scale, F / scale, (~failed).astype(np.float64), _PRIOR * share)
