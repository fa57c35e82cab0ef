"""Functions of the normal distribution that keep their accuracy far in the tails.

    phi, Phi    density and distribution function of the standard normal
    h(z)        phi(z) + z Phi(z); the expected improvement is sigma h((best - mu) / sigma)

Source: Ament et al., Unexpected Improvements to Expected Improvement for Bayesian Optimization
(2023), section 4.

SciPy is imported where it is called, as in `linalg`.
"""

import math

import numpy as np

from dowse.numerics.arrays import FloatArray

_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)
_SQRT_HALF_PI = math.sqrt(0.5 * math.pi)
_SQRT_2PI = math.sqrt(2.0 * math.pi)
_DIRECT_ABOVE = -1.0
# Below this z the bracket 1 + z sqrt(pi/2) erfcx(-z/sqrt 2) has lost every digit to cancellation.
_ASYMPTOTE_BELOW = -1e4


def log_h(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The logarithm of h(z), and its derivative Phi(z) / h(z); finite for every finite z."""
    from scipy.special import erfcx, ndtr

    value = np.empty_like(z)
    slope = np.empty_like(z)
    direct = z > _DIRECT_ABOVE

    near = z[direct]
    Phi = ndtr(near)
    h = np.exp(-0.5 * near * near) / _SQRT_2PI + near * Phi
    value[direct] = np.log(h)
    slope[direct] = Phi / h

    far = z[~direct]
    # mills = Phi(z) / phi(z), so that h = phi (1 + z mills).
    mills = _SQRT_HALF_PI * erfcx(-far / math.sqrt(2.0))
    squared = far * far
    bracket = np.where(far < _ASYMPTOTE_BELOW, 1.0 / squared, 1.0 + far * mills)
    value[~direct] = -0.5 * squared - _HALF_LOG_2PI + np.log(bracket)
    slope[~direct] = mills / bracket
    return value, slope


def log_ndtr(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The logarithm of Phi(z), and its derivative phi(z) / Phi(z); finite for every finite z."""
    from scipy import special

    value = special.log_ndtr(z)
    return value, np.exp(-0.5 * z * z - _HALF_LOG_2PI - value)
