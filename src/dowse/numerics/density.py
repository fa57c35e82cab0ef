"""How much denser the best values of one coordinate lie than all values that were tried.

    cell    (n,) index of the cell in which each trial lies
    top     (n,) which of the trials are among the best
    C       number of cells
    K       (C, C) row c spreads one trial in cell c over all cells
    p       (C,) probability of each cell

Source: Watanabe, Bansal and Hutter, PED-ANOVA (2023): the importance of a parameter for being among
the best is the Pearson divergence of the density of the best trials from that of all trials. The
bandwidth is Scott's (1992), and one trial that is spread over the whole range keeps every density
above zero.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray

# A grain narrower than this share of a cell would fall between the cells' middles.
_LEAST_BANDWIDTH = 0.5 / 1.64
_REST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Cells of an ordered coordinate by their middles (C,), or C labels without an order."""

    middles: FloatArray
    ordered: bool

    @property
    def edges(self) -> FloatArray:
        """(C + 1,) ends of the cells."""
        inner = 0.5 * (self.middles[1:] + self.middles[:-1])
        first = 2.0 * self.middles[0] - inner[0]
        last = 2.0 * self.middles[-1] - inner[-1]
        return np.concatenate([[first], inner, [last]])

    def spread(self, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
        """K, and the distribution of the one trial that lies anywhere, for trials counted by cell
        (C,).
        """
        C = len(self.middles)
        if not self.ordered:
            return np.eye(C), np.full(C, 1.0 / C)
        edges = self.edges
        width = edges[-1] - edges[0]
        anywhere = _bells(np.array([0.5 * (edges[0] + edges[-1])]), edges, width)[0]
        return _bells(self.middles, edges, self._bandwidth(counts)), anywhere

    def _bandwidth(self, counts: FloatArray) -> float:
        n = float(counts.sum())
        mean = float(counts @ self.middles) / n
        sd = math.sqrt(float(counts @ (self.middles - mean) ** 2) / max(1.0, n - 1.0))
        cumulated = np.cumsum(counts)
        low, high = np.searchsorted(cumulated, [0.25 * n, 0.75 * n])
        spread = min(sd, float(self.middles[high] - self.middles[low]) / 1.34)
        step = float(np.diff(self.middles).mean())
        return float(max(1.059 * spread * n**-0.2, _LEAST_BANDWIDTH * step))


def _bells(middles: FloatArray, edges: FloatArray, width: float) -> FloatArray:
    """(len(middles), C) normal distributions cut off at the outer edges, by cell."""
    F = ndtr((edges - middles[:, None]) / width)
    return np.asarray(np.diff(F, axis=1) / (F[:, -1:] - F[:, :1]), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Divergence:
    """`value` is the divergence, `chance` what a random choice of trials would give, `influence`
    (n,) what each trial contributes: the sum of its squares is the variance of the value.
    """

    value: float
    chance: float
    influence: FloatArray

    @property
    def excess(self) -> float:
        """What chance does not explain; hardly anything, in the order of the values, where it
        explains all.
        """
        return max(self.value - self.chance, _REST * max(self.value, 0.0))


def divergence(cells: Cells, cell: IntArray, top: BoolArray) -> Divergence:
    """The Pearson divergence of the best trials from all trials along one coordinate.

    D = sum_g p(g)^2 / q(g) - 1 with p that of the best and q that of all. A random choice of as
    many trials would give sum_g var p(g) / q(g): much for a label with many values, which would
    otherwise seem to matter.
    """
    C = len(cells.middles)
    every = np.bincount(cell, minlength=C).astype(np.float64)
    best = np.bincount(cell[top], minlength=C).astype(np.float64)
    n, m = float(every.sum()), float(best.sum())
    if not m or m == n:
        return Divergence(value=0.0, chance=0.0, influence=np.zeros(len(cell)))
    Kq, anywhere = cells.spread(every)
    Kp, _ = cells.spread(best)
    q = (every @ Kq + anywhere) / (n + 1.0)
    p = (best @ Kp + anywhere) / (m + 1.0)
    ratio = p / q
    scatter = every @ (Kp - every @ Kp / n) ** 2 / (n - 1.0)
    chance = float((scatter / q).sum()) * m / (m + 1.0) ** 2 * (1.0 - m / n)
    by_best = 2.0 * ((Kp - p) @ ratio) / (m + 1.0)
    by_every = -((Kq - q) @ ratio**2) / (n + 1.0)
    influence = np.where(top, by_best[cell], 0.0) + by_every[cell]
    return Divergence(value=float(p @ ratio) - 1.0, chance=chance, influence=influence)
