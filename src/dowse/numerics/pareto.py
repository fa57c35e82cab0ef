"""The expected improvement of the hypervolume, for a few objectives with independent models.

    m           number of objectives, each minimised
    front       (p, m) points that do not dominate one another
    reference   (m,) worst values of interest
    boxes       disjoint boxes that fill what lies below the reference and is not dominated

A new point y gains the volume of every box that lies beyond it, and for independent objectives the
expectation of that is a product of one-dimensional expected improvements: with EI(b) = E[max(b -
f, 0)], the expected gain in the box [lower, upper] is prod_k (EI_k(upper_k) - EI_k(lower_k)). The
sum over the boxes is exact, and so is its gradient. Sources: Yang et al., Efficient computation of
expected hypervolume improvement using box decomposition algorithms (2019); for the boxes, Lacour,
Klamroth and Fonseca, A box decomposition algorithm to compute the hypervolume indicator (2017); for
the logarithm, Ament et al. (2023).
"""

from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.gp import Posterior
from dowse.numerics.stable import log_h

_LEAST_GAP = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boxes:
    """`lower` and `upper` (b, m) corners; a lower corner may be -inf."""

    lower: FloatArray
    upper: FloatArray


def boxes(front: FloatArray, reference: FloatArray) -> Boxes:
    """The part of the box below the reference that the front does not dominate, in disjoint boxes:
    p + 1 of them for two objectives, about 2 p for three.
    """
    inside = front[(front < reference).all(1)]
    bounds, _ = _upper_bounds(inside, reference)
    # What lies below one of the bounds is, seen from the other side, dominated by its negative.
    flipped = np.unique(-bounds, axis=0)
    _, found = _upper_bounds(flipped, np.full(len(reference), np.inf))
    lower, upper = -found.upper, -found.lower
    wide = (upper > lower).all(1)
    return Boxes(lower=lower[wide], upper=upper[wide])


def _upper_bounds(points: FloatArray, reference: FloatArray) -> tuple[FloatArray, Boxes]:
    """(u, m) corners of what the points do not dominate, and the dominated part in boxes.

    Each corner u has for each objective k a point that defines its component u_k (`defining`, (u,
    m, m)). A new point z below a corner replaces it by those of its projections on z that are not
    redundant (Klamroth, Lacour and Vanderpooten 2015, algorithm 5); the boxes are equation 2 of
    Lacour et al. (2017).
    """
    m = len(reference)
    diagonal = np.arange(m)
    corners = reference[None].copy()
    defining = np.full((1, m, m), -np.inf)
    defining[0, diagonal, diagonal] = reference
    for z in points[np.lexsort(points.T[::-1])]:
        below = (z < corners).all(1)
        old, theirs = corners[below], defining[below]
        others = theirs.copy()
        others[:, diagonal, diagonal] = -np.inf
        which, k = np.nonzero(z >= others.max(1))
        fresh, made = old[which], theirs[which]
        fresh[np.arange(len(k)), k] = z[k]
        made[np.arange(len(k)), k] = z
        corners = np.concatenate([corners[~below], fresh])
        defining = np.concatenate([defining[~below], made])
    lower, upper = corners.copy(), corners.copy()
    upper[:, 0] = reference[0]
    reached = np.maximum.accumulate(defining, axis=1)
    lower[:, 1:] = reached[:, diagonal[:-1], diagonal[1:]]
    wide = (upper > lower).all(1)
    return corners, Boxes(lower=lower[wide], upper=upper[wide])


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """The bounds of all boxes in one objective: `at` (t,) the different finite ones, ascending,
    `upper` (b,) and `lower` (b,) which of them; the last + 1 stands for -inf.
    """

    at: FloatArray
    upper: IntArray
    lower: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class LogHypervolumeImprovement:
    """The logarithm of the expected gain of hypervolume, as a function of features F (n, D).

    Source: Yang et al. (2019), equation 11, in logarithms.
    """

    posteriors: tuple[Posterior, ...]
    boxes: Boxes

    @property
    def scale(self) -> FloatArray:
        """(D,) the shortest lengthscale of each feature column."""
        scales = np.array([posterior.scale for posterior in self.posteriors])
        return np.asarray(scales.min(0), dtype=np.float64)

    def __call__(self, F: FloatArray) -> FloatArray:
        total = np.zeros((len(F), len(self.boxes.upper)))
        for k, posterior in enumerate(self.posteriors):
            mean, variance = posterior.predict(F)
            total += self._gain(k, mean, np.sqrt(variance))[0]
        return _log_sum(total)[0]

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values (n,) and gradients by F (n, D)."""
        total = np.zeros((len(F), len(self.boxes.upper)))
        parts = []
        for k, posterior in enumerate(self.posteriors):
            cross = posterior.cross(F)
            gain, by_mean, by_sd = self._gain(k, cross.mean, np.sqrt(cross.variance))
            total += gain
            parts.append((posterior, cross, by_mean, by_sd))
        value, weight = _log_sum(total)
        gradient = np.zeros_like(F)
        for posterior, cross, by_mean, by_sd in parts:
            gradient += posterior.pull_back(
                cross, (weight * by_mean).sum(1), (weight * by_sd).sum(1)
            )
        return value, gradient

    def _gain(
        self, k: int, mean: FloatArray, sd: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The log of EI(upper) - EI(lower) in objective k for each point and box (n, b), and its
        partial derivatives by mean and by sd.
        """
        edges = self._edges(k)
        z = (edges.at - mean[:, None]) / sd[:, None]
        log, slope = log_h(z)
        nothing = np.zeros((len(mean), 1))
        # The bound -inf: no improvement is left below it.
        z = np.hstack([z, nothing])
        log = np.hstack([log, nothing - np.inf])
        slope = np.hstack([slope, nothing])
        upper, lower = edges.upper, edges.lower
        gap = np.minimum(log[:, lower] - log[:, upper], -_LEAST_GAP)
        share = np.exp(gap)
        rest = -np.expm1(gap)
        up, down = slope[:, upper] / rest, slope[:, lower] * share / rest
        value = log[:, upper] + np.log(rest) + np.log(sd)[:, None]
        by_mean = (down - up) / sd[:, None]
        by_sd = (1.0 - z[:, upper] * up + z[:, lower] * down) / sd[:, None]
        return value, by_mean, by_sd

    def _edges(self, k: int) -> _Edges:
        lower, upper = self.boxes.lower[:, k], self.boxes.upper[:, k]
        at = np.unique(np.concatenate([upper, lower[np.isfinite(lower)]]))
        below = np.where(np.isfinite(lower), np.searchsorted(at, lower), len(at))
        return _Edges(at, np.searchsorted(at, upper), below)


def _log_sum(terms: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The log of sum_b exp(terms) (n,), and the share of each term (n, b)."""
    most = terms.max(1, keepdims=True)
    weight = np.exp(terms - most)
    total = weight.sum(1, keepdims=True)
    return (most + np.log(total))[:, 0], weight / total
