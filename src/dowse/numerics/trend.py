"""The mean of a Gaussian process where earlier studies are known: a constant and what they predict.

    M   (n, J) what each of J sources predicts at the n observed points
    B   (n, 1 + J) basis: a column of ones, then M
    b   (1 + J,) coefficients: the constant c, then the weights of the sources, none below zero
    b0  their prior mean, and p their prior precision: c ~ N(0, 1), weights as the guard says

b minimises (z - B b)^T K^-1 (z - B b) + sum_j p_j (b_j - b0_j)^2 under the bounds. Sources:
Rasmussen and Williams (2006), section 2.7, for basis functions under a prior; Golovin et al.
(2017), section 3.3, for earlier studies as the mean of a later one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    """What the gradients of J sources' means at n points need."""

    Z: FloatArray
    """(J, n, D) scaled features of the points."""
    h: FloatArray
    """(J, n, m) the gradient factor of the kernel."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stack:
    """J sources asked together, which costs little more than one; short ones are filled up with
    points of no weight.
    """

    scale: FloatArray
    """(J, D)"""
    Z: FloatArray
    """(J, m, D)"""
    alpha: FloatArray
    """(J, m)"""
    c: FloatArray
    """(J,)"""

    @classmethod
    def of(cls, sources: Sequence[SourceMean]) -> "Stack":
        """At least one source."""
        longest = max(len(source.alpha) for source in sources)
        Z = np.zeros((len(sources), longest, len(sources[0].scale)))
        alpha = np.zeros((len(sources), longest))
        for j, source in enumerate(sources):
            Z[j, : len(source.Z)] = source.Z
            alpha[j, : len(source.alpha)] = source.alpha
        return cls(
            scale=np.array([source.scale for source in sources]),
            Z=Z,
            alpha=alpha,
            c=np.array([source.c for source in sources]),
        )

    def moved(self, shifts: FloatArray) -> "Stack":
        """Each mean at x is now that at x + its shift, of the shifts (J, D)."""
        return replace(self, Z=self.Z - (shifts / self.scale)[:, None])

    def cross(self, F: FloatArray) -> tuple[FloatArray, Slope]:
        """Means (J, n) at the features F (n, D), and what their gradients need."""
        Z = F / self.scale[:, None]
        r2 = Z @ self.Z.transpose(0, 2, 1)
        r2 *= -2.0
        r2 += np.einsum("jnd,jnd->jn", Z, Z)[:, :, None]
        r2 += np.einsum("jmd,jmd->jm", self.Z, self.Z)[:, None]
        k, h = matern52(np.maximum(r2, 0.0, out=r2))
        return self.c[:, None] + (k @ self.alpha[:, :, None])[:, :, 0], Slope(Z, h)

    def pull_back(self, slope: Slope, by_mean: FloatArray) -> FloatArray:
        """(J, n, D) gradients by F of functions of the means with the derivatives (J, n) given."""
        C = slope.h * self.alpha[:, None]
        C *= (-5.0 / 3.0) * by_mean[:, :, None]
        total: FloatArray = C.sum(2)[:, :, None] * slope.Z - C @ self.Z
        total /= self.scale[:, None]
        return total


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trend:
    """sum_j weight_j m_j(x); sources without weight are not asked."""

    heard: Stack
    weights: FloatArray
    """(J,) of all sources, none below zero."""

    @classmethod
    def of(cls, sources: Sequence[SourceMean], weights: FloatArray) -> "Trend | None":
        """None where no source counts."""
        heard = [source for source, w in zip(sources, weights, strict=True) if w > 0.0]
        return cls(heard=Stack.of(heard), weights=weights) if heard else None

    @property
    def _positive(self) -> FloatArray:
        return self.weights[self.weights > 0.0]

    def cross(self, F: FloatArray) -> tuple[FloatArray, Slope]:
        """Values (n,) at the features F (n, D), and what their gradient needs."""
        means, slope = self.heard.cross(F)
        return self._positive @ means, slope

    def pull_back(self, slope: Slope, by_value: FloatArray) -> FloatArray:
        """(n, D) gradient by F of a function of the value with the derivatives (n,) given."""
        by_mean = self._positive[:, None] * by_value
        return np.asarray(self.heard.pull_back(slope, by_mean).sum(0), dtype=np.float64)


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
