"""How far to believe what earlier studies predict, from how they rank the present results.

    M       (n, J) what J sources predict at the n observed points
    y       (n,) observed values, smaller is better
    trust   (J,) in (0, 1], what is thought of the sources beforehand

A source may live on another scale, under another warp, and in another range of values; what it has
to get right is the order. Its concordance is the share of pairs of observed points that it orders
as the results do. Pairs share their points, so that what counts as evidence is the number n of
results: the concordance of an order that has nothing to do with theirs has the mean 1/2 and the
variance (2 n + 5) / (18 n (n - 1)). Sources: Feurer et al., Scalable Meta-Learning for Bayesian
Optimization (2018), for ranking as the judge of a source; Kendall, A New Measure of Rank
Correlation (1938), for the variance.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from dowse.numerics.align import Misfit, align, moved
from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.trend import Basis, SourceMean, Stack, Trend

# Below this number of results an order says nothing.
ENOUGH = 2
# So many standard deviations below chance a source is surely no guide (one case in twenty).
_SURE = 1.645
_SHARE = 0.8
_WIDTH = 0.3
_LEAST_SPREAD = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """What may be believed: the means of J sources, and the trust put in each."""

    means: tuple[SourceMean, ...]
    trust: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Which sources are believed, and how much they come to count."""

    live: BoolArray
    """(J,) who does not surely order the results no better than chance."""
    concordance: FloatArray
    """(J,) NaN where there is nothing to order yet."""
    weights: FloatArray
    """(J,) deviations of the present model per deviation of the source."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hearing:
    """The believed sources: what they predict, and the unit (J',) of each."""

    sources: Sources
    live: BoolArray
    concordance: FloatArray
    shifts: FloatArray
    """(J, D) see `align`."""
    basis: Basis
    unit: FloatArray

    @property
    def means(self) -> tuple[SourceMean, ...]:
        """Those of the believed sources, moved to where they belong."""
        return tuple(
            moved(self.sources.means[j], self.shifts[j]) for j in np.flatnonzero(self.live)
        )

    @property
    def lengthscales(self) -> FloatArray:
        """(D,) the geometric mean of what sources that order the results better than chance found
        for each feature column; NaN where none of them knows it.
        """
        scales = np.array([source.scale for source in self.sources.means])[self.concordance > 0.5]
        known = np.isfinite(scales)
        total = np.log(np.where(known, scales, 1.0)).sum(0)
        count = known.sum(0)
        return np.where(count > 0, np.exp(total / np.maximum(count, 1)), np.nan)

    def aligned(
        self, F: FloatArray, z: FloatArray, Linv: FloatArray, numeric: BoolArray
    ) -> "Hearing":
        """The same, moved to where they explain z at F best; `numeric` (D,) says along what."""
        live = np.flatnonzero(self.live)
        shifts = self.shifts.copy()
        stack = Stack.of([self.sources.means[j] for j in live])
        misfit = Misfit(stack=stack, F=F, z=z, Linv=Linv, basis=self.basis)
        shifts[live] = align(misfit, start=shifts[live], numeric=numeric)
        there = replace(self, shifts=shifts)
        M, _ = stack.moved(shifts[live]).cross(F)
        return replace(there, basis=self.basis.of_predictions(M.T))

    def judged(self, trend: Trend | None) -> Judged:
        """What came of it in a fitted model."""
        weights = np.zeros(len(self.live))
        if trend is not None:
            weights[self.live] = trend.weights * self.unit
        return Judged(live=self.live, concordance=self.concordance, weights=weights)


def concordance(M: FloatArray, y: FloatArray) -> FloatArray:
    """(J,) smoothed share of the pairs that each source orders as the results do; 1/2 for none."""
    upper: tuple[IntArray, IntArray] = np.triu_indices(len(y), 1)
    order = np.sign(y[:, None] - y)[upper]
    told = order != 0.0
    agreed = np.array(
        [(np.sign(m[:, None] - m)[upper][told] == order[told]).sum() for m in M.T], dtype=np.float64
    )
    return np.asarray((agreed + 1.0) / (told.sum() + 2.0), dtype=np.float64)


def _deviation(n: int) -> float:
    """That of the concordance of two orders of n that have nothing to do with each other."""
    return math.sqrt((2 * n + 5) / (18 * n * (n - 1)))


def hear(sources: Sources, F: FloatArray, y: FloatArray, shifts: FloatArray) -> Hearing:
    """Drop who surely orders no better than chance; what weights to expect of the others."""
    M = Stack.of(sources.means).moved(shifts).cross(F)[0].T
    agreed = concordance(M, y)
    live = agreed > 0.5 - _SURE * _deviation(len(y))
    merit = (np.clip(2.0 * agreed - 1.0, 0.0, 1.0) * sources.trust)[live]
    # A weight is per unit of the source, whose predictions span little where all results are good.
    unit = np.maximum(M[:, live].std(0), _LEAST_SPREAD)
    share = _SHARE * merit / max(float(merit.sum()), 1e-9) * merit.max(initial=0.0)
    basis = Basis.of(M[:, live], share / unit, (unit / _WIDTH) ** 2)
    return Hearing(
        sources=sources, live=live, concordance=agreed, shifts=shifts, basis=basis, unit=unit
    )
