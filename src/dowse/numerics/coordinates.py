"""The space as the numerics see it: points in a box with grid, categorical and conditional
coordinates.

X   (n, d) points. A numeric coordinate lies in [0, 1] (history outside the box may lie beyond); a
    categorical one
    holds the index of its category. The value of an inactive coordinate means nothing, and
        NaN stands for a value that is not known.
F   (n, D) features, see `kernels`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.kernels import FIXED

# From this many levels on, a grid is fine enough for a gradient step followed by rounding to make
# progress.
RELAXED_LEVELS = 8
_STEPS = (-8, -3, -1, 1, 3, 8)
_ONE_HOT = math.sqrt(0.5)
_IMPUTED = 0.5
# Half the range apart, whatever the lengthscale: active and inactive are never taken for the same.
_ACTIVITY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """A coordinate is active only where its parent, an earlier coordinate, is active and holds an
    accepted value.
    """

    parent: int
    accepts: Callable[[FloatArray], BoolArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coordinate:
    """One dimension: categorical when `categories` > 0, else on the sorted `levels` or through
    `snap`, else continuous.
    """

    levels: FloatArray | None = None
    snap: Callable[[FloatArray], FloatArray] | None = None
    categories: int = 0
    condition: Condition | None = None

    @property
    def relaxed(self) -> bool:
        """Whether gradient steps treat the coordinate as continuous."""
        return not self.categories and (self.levels is None or len(self.levels) >= RELAXED_LEVELS)


def _columns(coordinates: tuple[Coordinate, ...]) -> tuple[IntArray, IntArray]:
    """`group` (D,), and the first column of each coordinate (d,)."""
    group: list[int] = []
    first: list[int] = []
    for j, coordinate in enumerate(coordinates):
        first.append(len(group))
        group += [j] * max(1, coordinate.categories)
    group += [FIXED for coordinate in coordinates if coordinate.condition]
    return np.array(group, dtype=np.intp), np.array(first, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """All dimensions of a space, in an order where parents precede their children."""

    each: tuple[Coordinate, ...]
    group: IntArray = field(init=False)
    first: IntArray = field(init=False)
    numeric: IntArray = field(init=False)
    categorical: IntArray = field(init=False)
    conditional: IntArray = field(init=False)
    sizes: IntArray = field(init=False)
    low: FloatArray = field(init=False)
    high: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        group, first = _columns(self.each)
        kinds = np.array([c.categories for c in self.each], dtype=np.intp)
        pads = np.array([_half_step(c) for c in self.each]).reshape(-1, 2)
        for name, value in (
            ("group", group),
            ("first", first),
            ("numeric", np.flatnonzero(kinds == 0)),
            ("categorical", np.flatnonzero(kinds)),
            ("conditional", np.flatnonzero([c.condition is not None for c in self.each])),
            ("sizes", kinds),
            ("low", pads[:, 0]),
            ("high", pads[:, 1]),
        ):
            object.__setattr__(self, name, value)

    @property
    def d(self) -> int:
        """Number of coordinates."""
        return len(self.each)

    @property
    def D(self) -> int:
        """Number of feature columns."""
        return len(self.group)

    @property
    def measured(self) -> BoolArray:
        """(D,) which feature columns are numeric coordinates."""
        return np.isin(np.arange(self.D), self.first[self.numeric])

    def active(self, X: FloatArray) -> BoolArray:
        """(n, d) which coordinates take part in each point."""
        active = np.ones(X.shape, dtype=np.bool_)
        for j in self.conditional:
            condition = self.each[j].condition
            assert condition is not None
            active[:, j] = active[:, condition.parent] & condition.accepts(X[:, condition.parent])
        return active

    def features(self, X: FloatArray) -> FloatArray:
        """(n, D) what the kernel compares; inactive numeric coordinates count as the middle of
        their range.
        """
        F = np.zeros((len(X), self.D))
        F[:, self.first[self.numeric]] = _known(X[:, self.numeric], _IMPUTED)
        for j in self.categorical:
            rows = np.flatnonzero(np.isfinite(X[:, j]))
            F[rows, self.first[j] + X[rows, j].astype(np.intp)] = _ONE_HOT
        if len(self.conditional):
            self._impute(F, self.active(X)[:, self.conditional])
        return F

    def _impute(self, F: FloatArray, active: BoolArray) -> None:
        for i, j in enumerate(self.conditional):
            width = max(1, self.each[j].categories)
            columns = slice(self.first[j], self.first[j] + width)
            F[~active[:, i], columns] = 0.0 if self.each[j].categories else _IMPUTED
        F[:, self.D - len(self.conditional) :] = _ACTIVITY * active

    def snapped(self, X: FloatArray) -> FloatArray:
        """The nearest points that the space contains."""
        out = X.copy()
        for j in self.numeric:
            coordinate = self.each[j]
            if coordinate.levels is not None:
                out[:, j] = coordinate.levels[nearest_level(coordinate.levels, X[:, j])]
            elif coordinate.snap is not None:
                out[:, j] = coordinate.snap(X[:, j])
        return out

    def from_unit(self, U: FloatArray) -> FloatArray:
        """Points of the space from points of the unit cube; each level and each category gets its
        share of [0, 1).
        """
        X = self.low + U * (self.high - self.low)
        X[:, self.categorical] = np.minimum(
            np.floor(U[:, self.categorical] * self.sizes[self.categorical]),
            self.sizes[self.categorical] - 1,
        )
        return self.snapped(X)

    def alternatives(self, x: FloatArray, j: int) -> FloatArray:
        """Other values that coordinate j might take from x_j: every one when there are few, steps
        of 1, 3 and 8 else.
        """
        coordinate = self.each[j]
        if coordinate.categories:
            values = np.arange(coordinate.categories, dtype=np.float64)
            return _without(values, int(x[j]))
        if coordinate.levels is None:
            return np.empty(0)
        here = int(nearest_level(coordinate.levels, x[j : j + 1])[0])
        count = len(coordinate.levels)
        if count <= RELAXED_LEVELS:
            return _without(coordinate.levels, here)
        steps = [here + step for step in _STEPS if 0 <= here + step < count]
        return np.asarray(coordinate.levels[steps], dtype=np.float64)


def _known(X: FloatArray, otherwise: float) -> FloatArray:
    return np.where(np.isnan(X), otherwise, X)


def _without(values: FloatArray, place: int) -> FloatArray:
    return np.concatenate([values[:place], values[place + 1 :]])


def _half_step(coordinate: Coordinate) -> tuple[float, float]:
    """Bounds within which a uniform draw, snapped, gives the end levels as much weight as their
    neighbours.
    """
    levels = coordinate.levels
    if coordinate.categories or levels is None:
        return 0.0, 1.0
    if len(levels) == 1:
        return float(levels[0]), float(levels[0])
    return float(levels[0] - 0.5 * (levels[1] - levels[0])), float(
        levels[-1] + 0.5 * (levels[-1] - levels[-2])
    )


def nearest_level(levels: FloatArray, u: FloatArray) -> IntArray:
    """Index of the level nearest to each u."""
    if len(levels) == 1:
        return np.zeros(len(u), dtype=np.intp)
    above = np.minimum(np.maximum(levels.searchsorted(u), 1), len(levels) - 1)
    return np.where(u - levels[above - 1] <= levels[above] - u, above - 1, above)
