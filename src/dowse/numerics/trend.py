"""The mean of a Gaussian process where earlier studies are known: a constant and what they predict.

    M   (n, J) what each of J sources predicts at the n observed points
    B   (n, 1 + J) basis: a column of ones, then M
    b   (1 + J,) coefficients: the constant c, then the weights of the sources, none below zero
    b0  their prior mean, and p their prior precision: c ~ N(0, 1), weights as the guard says

b minimises (z - B b)^T K^-1 (z - B b) + sum_j p_j (b_j - b0_j)^2 under the bounds. Sources:
Rasmussen and Williams (2006), section 2.7, for basis functions under a prior; Golovin et al.
(2017), section 3.3, for earlier studies as the mean of a later one.
"""

from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.kernels import matern52, squared_distances


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceMean:
    """The posterior mean of one source, in units of its own standard deviation.

    A feature column that the source knows nothing about has an infinite scale.
    """

    scale: FloatArray
    """(D,) lengthscale of each feature column."""
    Z: FloatArray
    """(m, D) scaled features of the source's points."""
    alpha: FloatArray
    """(m,) K^-1 (z - c), times s2."""
    c: float

    def __call__(self, F: FloatArray) -> FloatArray:
        """(n,) predictions at the features F (n, D)."""
        k, _ = matern52(squared_distances(F / self.scale, self.Z))
        return np.asarray(self.c + k @ self.alpha, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """What the gradient of one source's mean at n points needs."""

    Z: FloatArray
    """(n, D) scaled features of the points."""
    h: FloatArray
    """(n, m) the gradient factor of the kernel."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trend:
    """sum_j weight_j m_j(x); sources without weight are not asked."""

    sources: tuple[SourceMean, ...]
    weights: FloatArray

    @classmethod
    def of(cls, sources: tuple[SourceMean, ...], weights: FloatArray) -> "Trend | None":
        """None where no source counts."""
        return cls(sources=sources, weights=weights) if (weights > 0.0).any() else None

    @property
    def _heard(self) -> list[tuple[float, SourceMean]]:
        pairs = zip(self.weights.tolist(), self.sources, strict=True)
        return [(weight, source) for weight, source in pairs if weight > 0.0]

    def cross(self, F: FloatArray) -> tuple[FloatArray, tuple[Slope, ...]]:
        """Values (n,) at the features F (n, D), and what their gradient needs."""
        value, slopes = np.zeros(len(F)), []
        for weight, source in self._heard:
            Z = F / source.scale
            k, h = matern52(squared_distances(Z, source.Z))
            value += weight * (source.c + k @ source.alpha)
            slopes.append(Slope(Z, h))
        return value, tuple(slopes)

    def pull_back(self, slopes: tuple[Slope, ...], by_value: FloatArray) -> FloatArray:
        """(n, D) gradient by F of a function of the value with the derivatives (n,) given."""
        total: FloatArray = np.zeros_like(slopes[0].Z)
        for (weight, source), slope in zip(self._heard, slopes, strict=True):
            C = slope.h * source.alpha
            C *= (-5.0 / 3.0 * weight) * by_value[:, None]
            total += (C.sum(1)[:, None] * slope.Z - C @ source.Z) / source.scale
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """B at the observed points, and the prior of its coefficients."""

    B: FloatArray
    centre: FloatArray
    precision: FloatArray

    @classmethod
    def constant(cls, n: int) -> "Basis":
        """No source."""
        return cls(np.ones((n, 1)), np.zeros(1), np.ones(1))

    @classmethod
    def of(cls, M: FloatArray, centre: FloatArray, precision: FloatArray) -> "Basis":
        """The predictions M (n, J), and the prior of their weights (J,)."""
        n = len(M)
        return cls(
            np.column_stack([np.ones(n), M]),
            np.append(0.0, centre),
            np.append(1.0, precision),
        )

    def of_predictions(self, M: FloatArray) -> "Basis":
        """The same prior for other predictions (n, J)."""
        return Basis(np.column_stack([np.ones(len(M)), M]), self.centre, self.precision)

    def at(self, rows: IntArray) -> "Basis":
        """The same at some of the points."""
        return Basis(self.B[rows], self.centre, self.precision)

    def coefficients(self, gram: FloatArray, moment: FloatArray) -> FloatArray:
        """B (1 + J,), given B^T K^-1 B and B^T K^-1 z."""
        A = gram.copy()
        if len(A) == 1:
            return np.asarray(moment / (A[0] + self.precision), dtype=np.float64)
        A.flat[:: len(A) + 1] += self.precision
        bounded = np.ones(len(A), dtype=np.bool_)
        bounded[0] = False
        return _minimum(A, moment + self.precision * self.centre, bounded)

    def penalty(self, b: FloatArray) -> float:
        """- log p(b), up to a constant."""
        away = b - self.centre
        return 0.5 * float(self.precision @ (away * away))


def _minimum(A: FloatArray, r: FloatArray, bounded: BoolArray) -> FloatArray:
    """The minimum of b^T A b / 2 - r^T b with b >= 0 where bounded, A being positive definite.

    Lawson and Hanson (1974), chapter 23: the free set loses who turns negative and takes back who
    would rise; a handful of sources needs a handful of rounds.
    """
    free = np.ones(len(r), dtype=np.bool_)
    b = np.zeros(len(r))
    for _ in range(4 * len(r)):
        index = np.flatnonzero(free)
        b = np.zeros(len(r))
        b[index] = np.linalg.solve(A[np.ix_(index, index)], r[index])
        low = np.where(bounded, b, 0.0)
        if low.min() < 0.0:
            free[int(np.argmin(low))] = False
            continue
        rise = np.where(free, -np.inf, r - A @ b)
        if not rise.max() > 1e-9 * np.abs(r).max(initial=1.0):
            break
        free[int(np.argmax(rise))] = True
    return np.maximum(b, np.where(bounded, 0.0, b))
