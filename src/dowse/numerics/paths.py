"""Whole functions drawn from a posterior, to be evaluated anywhere.

    Omega   (D, S m) frequencies, m for each of S functions
    phi     (k, S, m) cosines and sines of Z Omega
    w       (2, S, m) their weights in each function of the prior
    U       (n, S) what is added to each function so that it meets its own noisy observations

Every function has frequencies of its own, so that over their choice the covariance is the kernel's
exactly, however few they are; shared ones would leave the error of one choice in all functions.
Sources: Rahimi and Recht (2007) for the features; Wilson et al. (2020) for the update by the exact
kernel, which keeps the functions true near the observations. The Fourier transform of the
Matérn-5/2 kernel is a multivariate t with five degrees of freedom.
"""

import math
from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import FloatArray
from dowse.numerics.gp import Posterior
from dowse.numerics.kernels import matern52, squared_distances

_FREQUENCIES = 16
_DEGREES = 5.0
_ROWS = 1_024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paths:
    """S functions of features."""

    posterior: Posterior
    Omega: FloatArray
    w: FloatArray
    U: FloatArray

    def __call__(self, F: FloatArray) -> FloatArray:
        """(k, S) values at the features F (k, D)."""
        parts = [self._few(F[i : i + _ROWS]) for i in range(0, len(F), _ROWS)]
        return np.concatenate(parts) if parts else np.empty((0, self.w.shape[1]))

    def _few(self, F: FloatArray) -> FloatArray:
        Z = F / self.posterior.scale
        k, _ = matern52(squared_distances(Z, self.posterior.Z))
        prior = _prior(Z, self.Omega, self.w, self.posterior.s2)
        return _middle(self.posterior, F)[:, None] + prior + self.posterior.s2 * (k @ self.U)


def _middle(posterior: Posterior, F: FloatArray) -> FloatArray:
    """(k,) mean of the prior at the features F (k, D)."""
    known = np.full(len(F), posterior.c)
    return known if posterior.trend is None else known + posterior.trend.cross(F)[0]


def _prior(Z: FloatArray, Omega: FloatArray, w: FloatArray, s2: float) -> FloatArray:
    """(k, S) functions of the prior at the scaled features Z (k, D)."""
    angle = (Z @ Omega).reshape(len(Z), *w.shape[1:])
    waves = np.einsum("ksm,sm->ks", np.cos(angle), w[0])
    waves += np.einsum("ksm,sm->ks", np.sin(angle), w[1])
    waves *= math.sqrt(s2 / w.shape[2])
    return np.asarray(waves, dtype=np.float64)


def draw(posterior: Posterior, count: int, rng: np.random.Generator) -> Paths:
    """`count` functions of the posterior."""
    n, D = posterior.Z.shape
    Omega = rng.standard_normal((D, count * _FREQUENCIES))
    Omega *= np.sqrt(_DEGREES / rng.chisquare(_DEGREES, count * _FREQUENCIES))
    w = rng.standard_normal((2, count, _FREQUENCIES))
    noise = math.sqrt(posterior.noise) * rng.standard_normal((n, count))
    seen = _prior(posterior.Z, Omega, w, posterior.s2) + noise
    middle = _middle(posterior, posterior.Z * posterior.scale)
    residual = (posterior.z - middle)[:, None] - seen
    U = posterior.Linv.T @ (posterior.Linv @ residual)
    return Paths(posterior=posterior, Omega=Omega, w=w, U=U)
