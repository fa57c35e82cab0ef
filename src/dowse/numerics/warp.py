"""Monotone transformations that make observed values look like draws of a Gaussian process.

    y   (n,) observed values, smaller is better, all finite
    z   (n,) standardised values that the model sees
    c   softness of the logarithm z = log(1 + (y - min) / (c (median - min))); infinite: linear

The choice of c by evidence is the largest single gain measured on skewed objectives: many losses
span orders of magnitude, and a stationary model of the raw values then cannot see the valley floor.
Source: Snelson et al., Warped Gaussian Processes (2003), whose Jacobian term makes the evidences of
different warps comparable.
"""

import math
from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import FloatArray

SOFTNESSES = (math.inf, 1.0, 0.1, 0.01)
# Values further above the median than this many times (median - min) are compressed first.
_TAIL = 20.0
_FAILURE_MARGIN = 0.5
_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Warped:
    """Warped values, and what undoes the warp."""

    z: FloatArray
    log_jacobian: float
    """sum_i log dz_i / dy_i, up to a constant shared by all softnesses of the same y."""
    softness: float
    minimum: float
    unit: float
    """c (median - min) of a logarithmic warp."""
    centre: float
    spread: float

    def undo(self, z: FloatArray) -> FloatArray:
        """Values whose warped form is z; beyond the observed minimum the logarithm is continued
        linearly.
        """
        warped = z * self.spread + self.centre
        if math.isinf(self.softness):
            return warped
        grown = np.expm1(np.clip(warped, 0.0, 700.0))
        return self.minimum + self.unit * np.where(warped < 0.0, warped, grown)


UNKNOWN = Warped(
    z=np.empty(0),
    log_jacobian=0.0,
    softness=math.inf,
    minimum=math.nan,
    unit=math.nan,
    centre=math.nan,
    spread=math.nan,
)
"""Of no values: nothing can be said in their unit."""


def complete(y: FloatArray) -> FloatArray:
    """Finite values for all trials: catastrophic tails compressed, failures (NaN, infinite) put
    above the worst.

    A failed trial stays in the model, or the model would propose the same failing region again.
    """
    finite = np.isfinite(y)
    if not finite.any():
        return np.zeros(len(y))
    known = y[finite]
    magnitude = float(np.abs(known).max())
    if magnitude > 1e100:
        known = known / magnitude
    known = _compressed(known)
    out = np.empty(len(y))
    out[finite] = known
    spread = float(np.ptp(known))
    out[~finite] = known.max() + _FAILURE_MARGIN * (spread if spread > 0 else 1.0)
    out[np.isneginf(y)] = known.min()
    return out


def _compressed(y: FloatArray) -> FloatArray:
    """The upper tail continued logarithmically, once it is out of all proportion."""
    median = float(np.median(y))
    limit = _TAIL * (median - float(y.min()))
    if limit <= 0.0:
        return y
    excess = np.maximum((y - median) / limit, 1.0)
    return np.where(excess > 1.0, median + limit * (1.0 + np.log(excess)), y)


def warp(y: FloatArray, softness: float) -> Warped:
    """The soft-log warp of finite y, standardised."""
    minimum = float(y.min())
    unit = softness * max(float(np.median(y)) - minimum, _TINY * max(1.0, abs(minimum)))
    if math.isinf(softness):
        raw, log_jacobian = y, 0.0
    else:
        raw = np.log1p((y - minimum) / unit)
        log_jacobian = -float(np.log(unit + (y - minimum)).sum())
    spread = float(raw.std())
    if not spread > 0.0:
        spread = 1.0
    centre = float(raw.mean())
    return Warped(
        z=(raw - centre) / spread,
        log_jacobian=log_jacobian - len(y) * math.log(spread),
        softness=softness,
        minimum=minimum,
        unit=unit,
        centre=centre,
        spread=spread,
    )
