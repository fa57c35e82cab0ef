"""The Gaussian process conditioned on observations.

    F       (n, D) features of the observed points, and Z = F / ell their scaled form
    z       (n,) warped, standardised observations; smaller is better
    theta   (d + 2,) logarithms of the d lengthscales, of the signal variance s2 and of the noise
            variance
    K       s2 k(Z, Z) + noise I, and L its Cholesky factor
    B, b    basis of the mean and its coefficients by generalised least squares, see `trend`; the
            first coefficient is the constant c
    alpha   K^-1 (z - B b)

Source: Rasmussen and Williams (2006), algorithm 2.1 and section 2.7.
"""

from dataclasses import dataclass, replace

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.kernels import column_scales, matern52, squared_distances
from dowse.numerics.linalg import (
    cholesky_with_jitter,
    extend_inverse_factor,
    triangular_inverse,
)
from dowse.numerics.trend import Basis, Slope, SourceMean, Trend

# Deterministic objectives are common: a larger floor costs orders of magnitude of regret on them.
NOISE_FLOOR = 1e-8
_LEAST_VARIANCE = 1e-10
# Points predicted together: what is computed on the way then stays in the cache.
_BLOCK = 128


@dataclass(frozen=True, slots=True, eq=False)
class Cross:
    """What m new points have to do with the n observed ones; kept so that a gradient costs little
    more.
    """

    Z: FloatArray
    """(m, D) scaled features of the new points."""
    h: FloatArray
    """(m, n) s2 h, the gradient factor of the covariance."""
    V: FloatArray
    """(m, n) rows L^-1 k(x)."""
    mean: FloatArray
    variance: FloatArray
    slope: Slope | None = None
    """What the gradient of the trend needs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posterior:
    """A Gaussian process after n observations; immutable, closed under `believing`."""

    theta: FloatArray
    scale: FloatArray
    """(D,) lengthscale of each feature column."""
    s2: float
    noise: float
    Z: FloatArray
    z: FloatArray
    c: float
    alpha: FloatArray
    Linv: FloatArray
    observed: int
    """How many of the points were observed; the rest are fantasies."""
    trend: Trend | None = None
    """What earlier studies add to the constant mean."""

    def cross(self, F: FloatArray) -> Cross:
        """Mean, variance and intermediate values at the features F (m, D)."""
        Z = F / self.scale
        k, h = matern52(squared_distances(Z, self.Z))
        k *= self.s2
        h *= self.s2
        V = k @ self.Linv.T
        mean = self.c + k @ self.alpha
        variance = np.maximum(self.s2 - np.einsum("ij,ij->i", V, V), _LEAST_VARIANCE * self.s2)
        if self.trend is None:
            return Cross(Z, h, V, mean, variance)
        value, slope = self.trend.cross(F)
        return Cross(Z, h, V, mean + value, variance, slope)

    def predict(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean and variance (m,) of the noise-free function at the features F (m, D)."""
        if len(F) <= _BLOCK:
            cross = self.cross(F)
            return cross.mean, cross.variance
        blocks = [self.cross(F[i : i + _BLOCK]) for i in range(0, len(F), _BLOCK)]
        mean = np.concatenate([each.mean for each in blocks])
        return mean, np.concatenate([each.variance for each in blocks])

    def pull_back(self, cross: Cross, by_mean: FloatArray, by_sd: FloatArray) -> FloatArray:
        """(m, D) gradient by F of a function of mean and sd with the partial derivatives (m,)
        given.

        d mean / d k = alpha and d sd / d k = -K^-1 k / sd; then dk / dz = -5/3 h (z - z_i).
        """
        sd = np.sqrt(cross.variance)
        C = cross.V @ self.Linv
        C *= -(by_sd / sd)[:, None]
        C += by_mean[:, None] * self.alpha
        C *= cross.h
        C *= -5.0 / 3.0
        gradient: FloatArray = C.sum(1)[:, None] * cross.Z - C @ self.Z
        gradient /= self.scale
        if self.trend is not None and cross.slope is not None:
            gradient += self.trend.pull_back(cross.slope, by_mean)
        return gradient

    def fitted(self) -> FloatArray:
        """(observed,) posterior mean at the observed points: z - noise alpha."""
        return (self.z - self.noise * self.alpha)[: self.observed]

    def believing(self, F: FloatArray) -> "Posterior":
        """The posterior as if the points F (m, D) had been observed at their own mean (kriging
        believer).

        The mean stays what it is and the variance near F shrinks. Source: Ginsbourger et al.
        (2010).
        """
        if not len(F):
            return self
        cross = self.cross(F)
        k, _ = matern52(squared_distances(self.Z, cross.Z))
        corner, _ = matern52(squared_distances(cross.Z, cross.Z))
        corner *= self.s2
        corner.flat[:: len(F) + 1] += self.noise
        Linv = extend_inverse_factor(self.Linv, self.s2 * k, corner, self.s2)
        return replace(
            self,
            Z=np.vstack([self.Z, cross.Z]),
            z=np.concatenate([self.z, cross.mean]),
            # A fantasy at the mean leaves no residual, hence no weight of its own.
            alpha=np.concatenate([self.alpha, np.zeros(len(F))]),
            Linv=Linv,
        )

    def with_mean(self, basis: Basis, sources: tuple[SourceMean, ...]) -> "Posterior":
        """The same observations under another mean: of sources that predict `basis` at them."""
        LB, Lz = self.Linv @ basis.B, self.Linv @ self.z
        b = basis.coefficients(LB.T @ LB, LB.T @ Lz)
        return replace(
            self,
            c=float(b[0]),
            alpha=self.Linv.T @ (Lz - LB @ b),
            trend=Trend.of(sources, b[1:]),
        )

    def mean_alone(self, known: BoolArray) -> SourceMean:
        """The mean for the use of a later study, blind to the feature columns (D,) not known."""
        scale = np.where(known, self.scale, np.inf)
        Z = np.where(known, self.Z, 0.0)
        return SourceMean(scale=scale, Z=Z, alpha=self.s2 * self.alpha, c=self.c)


def condition(
    F: FloatArray,
    z: FloatArray,
    theta: FloatArray,
    group: IntArray,
) -> Posterior:
    """The posterior of a Gaussian process with hyper-parameters theta given z at F, with a constant
    mean.
    """
    d = len(theta) - 2
    scale = column_scales(np.exp(theta[:d]), group)
    s2 = float(np.exp(theta[d]))
    noise = float(np.exp(theta[d + 1])) + NOISE_FLOOR
    Z = F / scale
    K, _ = matern52(squared_distances(Z, Z))
    K *= s2
    K.flat[:: len(z) + 1] += noise
    Linv = triangular_inverse(cholesky_with_jitter(K, s2))
    return Posterior(
        theta=theta,
        scale=scale,
        s2=s2,
        noise=noise,
        Z=Z,
        z=z,
        c=0.0,
        alpha=np.zeros(len(z)),
        Linv=Linv,
        observed=len(z),
    ).with_mean(Basis.constant(len(z)), ())
