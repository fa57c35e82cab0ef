"""Hyper-parameters by maximum a posteriori, with an analytic gradient.

    theta   (d + 2,) logarithms of the d lengthscales, of the signal variance s2 and of the noise
            variance
    W       alpha alpha^T - K^-1, so that d log p(z) / d theta_j = tr(W dK / d theta_j) / 2

Priors are independent normals on theta, so that the mode does not depend on the parametrisation we
would choose otherwise. Source: Rasmussen and Williams (2006), equations 2.30 and 5.9; the
coefficients of the mean, see `trend`, are profiled out with their prior.
"""

import math
from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.bfgs import Options, minimise
from dowse.numerics.gp import NOISE_FLOOR
from dowse.numerics.kernels import (
    column_scales,
    lengthscale_gradient,
    matern52,
    squared_distances,
)
from dowse.numerics.linalg import cholesky, inverse_from_cholesky
from dowse.numerics.trend import Basis

_NOT_POSITIVE_DEFINITE = 1e10
_LENGTHSCALES = (0.02, 50.0)
_SIGNAL = (0.02, 100.0)
_NOISE = (1e-9, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prior:
    """Independent normals on theta, cut off at bounds beyond which the kernel degenerates."""

    mean: FloatArray
    sd: FloatArray

    @property
    def lower(self) -> FloatArray:
        return self._bound(0)

    @property
    def upper(self) -> FloatArray:
        return self._bound(1)

    def _bound(self, side: int) -> FloatArray:
        d = len(self.mean) - 2
        return np.log([_LENGTHSCALES[side]] * d + [_SIGNAL[side], _NOISE[side]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """The mode found, and the negative log posterior there, up to constants that do not depend on
    the data.
    """

    theta: FloatArray
    objective: float


def negative_log_posterior(
    theta: FloatArray,
    F: FloatArray,
    z: FloatArray,
    group: IntArray,
    prior: Prior,
    *,
    basis: Basis | None = None,
) -> tuple[float, FloatArray]:
    """- log p(z | theta) - log p(theta), constants left out, and its gradient (d + 2,).

    The coefficients of the mean are those that minimise it, so that their own change adds nothing
    to the gradient.
    """
    n, d = len(z), len(theta) - 2
    s2, noise = math.exp(theta[d]), math.exp(theta[d + 1])
    Z = F / column_scales(np.exp(theta[:d]), group)
    K, h = matern52(squared_distances(Z, Z))
    K *= s2
    h *= s2 * 5.0 / 3.0
    K.flat[:: n + 1] += noise + NOISE_FLOOR
    L = cholesky(K)
    if L is None:
        return _NOT_POSITIVE_DEFINITE, np.zeros(d + 2)
    Kinv = inverse_from_cholesky(L)
    basis = basis or Basis.constant(n)
    KB = Kinv @ basis.B
    b = basis.coefficients(basis.B.T @ KB, KB.T @ z)
    residual = z - basis.B @ b
    alpha = Kinv @ residual
    value = 0.5 * float(residual @ alpha) + basis.penalty(b) + float(np.log(np.diagonal(L)).sum())

    W = np.outer(alpha, alpha)
    W -= Kinv
    trace = float(np.trace(W))
    gradient = np.empty(d + 2)
    gradient[d] = -0.5 * (float(np.vdot(W, K)) - (noise + NOISE_FLOOR) * trace)
    gradient[d + 1] = -0.5 * noise * trace
    h *= W
    gradient[:d] = -lengthscale_gradient(h, Z, group, d)

    away = (theta - prior.mean) / prior.sd
    return value + 0.5 * float(away @ away), gradient + away / prior.sd


def fit(
    F: FloatArray,
    z: FloatArray,
    group: IntArray,
    prior: Prior,
    *,
    starts: list[FloatArray],
    options: Options,
    basis: Basis | None = None,
) -> Fit:
    """The best of the modes reached from the given starts."""

    def evaluate(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        pairs = [negative_log_posterior(row, F, z, group, prior, basis=basis) for row in x]
        return np.array([value for value, _ in pairs]), np.array([slope for _, slope in pairs])

    lower, upper = prior.lower, prior.upper
    theta, objective = minimise(
        evaluate, np.clip(np.array(starts), lower, upper), lower, upper, options
    )
    best = int(np.argmin(objective))
    return Fit(theta=theta[best], objective=float(objective[best]))
