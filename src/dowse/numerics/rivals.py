"""Labels that get a turn although the model does not ask for them.

    X   (n, d) configurations tried, in the order of trials, pending ones last
    z   (m,) what the model makes of the first m, those that have results; smaller is better

A stationary model that has refined its incumbent sees nothing to gain from a label of which it
knows two poor samples: the incumbent is several standard deviations better. Yet two samples say
little about the best of a label, with which other parameters may have to be set differently. So
every label of a parameter that matters gets turns of its own, few while the search makes progress
and half of all once it does not. A label keeps its turns until it makes no progress either; the
most promising one comes first.
"""

import math
from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray
from dowse.numerics.coordinates import Coordinates
from dowse.numerics.kernels import matern52
from dowse.numerics.progress import refined

# Results without progress after which one label counts as refined.
_PATIENCE_WITHIN = 6
_FIRST = 8
_EVERY = 6
_EVERY_IF_REFINED = 2
_SAMPLES = 2
# A parameter of more labels is left to the model: the turns would not suffice.
_MOST_LABELS = 12
# Labels whose values go together more than this are one and the same.
_ALIKE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """The part of a space in which one coordinate holds one label."""

    coordinate: int
    label: int

    def holds(self, coordinates: Coordinates, X: FloatArray) -> BoolArray:
        """(n,) which points lie inside."""
        column = self.coordinate
        inside: BoolArray = X[:, column] == self.label
        return inside & coordinates.active(X)[:, column]

    def imposed(self, coordinates: Coordinates, X: FloatArray) -> FloatArray:
        """The points with the label, without those where the coordinate is inactive."""
        moved = X.copy()
        moved[:, self.coordinate] = self.label
        return moved[self.holds(coordinates, moved)]


def has_turn(index: int, z: FloatArray) -> bool:
    """Whether the suggestion of this index is a rival's."""
    if len(z) < _FIRST:
        return False
    every = _EVERY_IF_REFINED if refined(z) else _EVERY
    return index % every == every - 1


def rival(
    coordinates: Coordinates, theta: FloatArray, X: FloatArray, z: FloatArray
) -> Rival | None:
    """Whose turn it is; None where no label but the incumbent's matters."""
    incumbent = X[int(np.argmin(z))]
    unlike = [
        j
        for j in coordinates.categorical
        if np.isfinite(incumbent[j])
        and coordinates.sizes[j] <= _MOST_LABELS
        and _alike(math.exp(theta[j])) <= _ALIKE
    ]
    found = [
        (_rank(X[:, j] == label, z), Rival(coordinate=int(j), label=label))
        for j in unlike
        for label in range(int(coordinates.sizes[j]))
        if label != incumbent[j]
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _rank(own: BoolArray, z: FloatArray) -> tuple[float, float, float]:
    """Hardly tried ones first, then the most promising, those that make no progress last."""
    tried = float(own.sum())
    values = z[own[: len(z)]]
    best = float(values.min(initial=np.inf))
    if tried < _SAMPLES:
        return 0.0, tried, best
    if refined(values, _PATIENCE_WITHIN):
        return 2.0, tried, best
    return 1.0, best, tried


def _alike(lengthscale: float) -> float:
    """The correlation of two configurations that differ in one label only."""
    k, _ = matern52(np.array([1.0 / lengthscale**2]))
    return float(k[0])
