"""The best points of an acquisition function over a mixed space.

    X   (m, d) points of `Coordinates`
    A   (m,) their acquisition values

Random and local candidates, gradient ascent of the best from several starts at once, rounding to
the grid, then sweeps over the values of grid and categorical coordinates. An acquisition value is
always that of a point which the space contains: Garrido-Merchán and Hernández-Lobato (2020) show
what goes wrong otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.bfgs import Options, minimise
from dowse.numerics.coordinates import Coordinates


class Objective(Protocol):
    """What is maximised, as a function of features."""

    @property
    def scale(self) -> FloatArray:
        """(D,) lengths over which the function changes."""
        ...

    def __call__(self, F: FloatArray) -> FloatArray: ...

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]: ...


Feasible = Callable[[FloatArray], BoolArray]
"""(m,) which of the points X (m, d) satisfy the constraints of the space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much work the search does; the defaults take a few milliseconds at 100 observations."""

    candidates: int = 384
    starts: int = 8
    iterations: int = 25
    swept: int = 3
    sweeps: int = 3


def local_candidates(
    coordinates: Coordinates, anchors: FloatArray, count: int, rng: np.random.Generator
) -> FloatArray:
    """Sparse perturbations, of sizes 0.003 to 0.3, of the anchors (good points, best first)."""
    d = coordinates.d
    which = (rng.random(count) ** 2 * len(anchors)).astype(np.intp)
    base = anchors[which]
    size = 10.0 ** rng.uniform(-2.5, -0.5, (count, 1))
    share = np.maximum(rng.random((count, 1)), min(1.0, 3.0 / d))
    chosen = rng.random((count, d)) < share
    moved = np.clip(base + rng.normal(size=(count, d)) * size * chosen, 0.0, 1.0)
    numeric = coordinates.numeric
    X = base.copy()
    X[:, numeric] = moved[:, numeric]
    X = coordinates.snapped(X)
    categorical = coordinates.categorical
    if len(categorical):
        drawn = np.floor(rng.random((count, len(categorical))) * coordinates.sizes[categorical])
        flips = rng.random((count, len(categorical))) < min(0.5, 1.5 / d + 0.1)
        X[:, categorical] = np.where(flips, drawn, base[:, categorical])
    return X


def maximise(
    objective: Objective,
    coordinates: Coordinates,
    candidates: FloatArray,
    rng: np.random.Generator,
    *,
    effort: Effort,
    feasible: Feasible | None = None,
) -> tuple[FloatArray, FloatArray]:
    """The best points found, best first, with their values; all of them feasible if the candidates
    are.
    """
    A = objective(coordinates.features(candidates))
    chosen = _starts(A, effort.starts, rng)
    X, A = candidates[chosen], A[chosen]
    relaxed = np.array([c.relaxed for c in coordinates.each], dtype=np.bool_)
    continuous = np.array(
        [c.relaxed and c.levels is None and c.snap is None for c in coordinates.each],
        dtype=np.bool_,
    )
    X, A = _ascend(objective, coordinates, X, A, free=relaxed, effort=effort, feasible=feasible)
    if not continuous.all():
        X, A = _sweep(objective, coordinates, X, A, effort=effort, feasible=feasible)
        # Rounding moved the optimum of the continuous coordinates; only the best can still win.
        best = np.argsort(-A, kind="stable")[: effort.swept]
        X[best], A[best] = _ascend(
            objective,
            coordinates,
            X[best],
            A[best],
            free=continuous,
            effort=effort,
            feasible=feasible,
        )
    order = np.argsort(-A, kind="stable")
    return X[order], A[order]


def _starts(A: FloatArray, count: int, rng: np.random.Generator) -> IntArray:
    """Half of the starts are the best candidates, the others are drawn with probability exp(A)."""
    order = np.argsort(-A, kind="stable")
    head, tail = order[: max(1, count // 2)], order[max(1, count // 2) :]
    drawn = min(count - len(head), len(tail))
    if drawn <= 0:
        return head
    weight = np.exp(np.clip(A[tail] - A[tail].max(), -50.0, 0.0)) + 1e-12
    return np.concatenate([head, rng.choice(tail, drawn, replace=False, p=weight / weight.sum())])


def _ascend(
    objective: Objective,
    coordinates: Coordinates,
    X: FloatArray,
    A: FloatArray,
    *,
    free: BoolArray,
    effort: Effort,
    feasible: Feasible | None,
) -> tuple[FloatArray, FloatArray]:
    """Gradient ascent in the free coordinates, in units of their lengthscales, kept where the
    rounded end is better.
    """
    if not free.any():
        return X, A
    columns = coordinates.first[free]
    unit = objective.scale[columns]

    features = coordinates.features(X)

    def negated(v: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        if len(coordinates.conditional):
            points = X[rows]
            points[:, free] = v * unit
            F = coordinates.features(points)
        else:
            F = features[rows]
            F[:, columns] = v * unit
        value, gradient = objective.with_gradient(F)
        return -value, -gradient[:, columns] * unit

    options = Options(iterations=effort.iterations)
    end, _ = minimise(negated, X[:, free] / unit, np.zeros(len(unit)), 1.0 / unit, options)
    moved = X.copy()
    moved[:, free] = np.clip(end * unit, 0.0, 1.0)
    moved = coordinates.snapped(moved)
    if feasible is not None:
        moved = _repaired(objective, coordinates, X, moved, feasible)
    reached = objective(coordinates.features(moved))
    better = reached > A
    return np.where(better[:, None], moved, X), np.where(better, reached, A)


def _repaired(
    objective: Objective,
    coordinates: Coordinates,
    start: FloatArray,
    end: FloatArray,
    feasible: Feasible,
) -> FloatArray:
    """The ends, each infeasible one replaced by its best feasible neighbour on the grid, or else by
    the last feasible point that halving finds on the way from its start.
    """
    out = end.copy()
    for row in np.flatnonzero(~feasible(end)):
        near = neighbours(coordinates, end[row])
        near = near[feasible(near)]
        if len(near):
            out[row] = near[int(np.argmax(objective(coordinates.features(near))))]
        else:
            out[row] = _pulled_back(coordinates, start[row], end[row], feasible)
    return out


def _pulled_back(
    coordinates: Coordinates, start: FloatArray, end: FloatArray, feasible: Feasible
) -> FloatArray:
    """The feasible point nearest to the end (d,) among halvings of the way from the start (d,)."""
    shares = 0.5 ** np.arange(1, 9)[:, None]
    way = coordinates.snapped(start + shares * (end - start))
    good = np.flatnonzero(feasible(way))
    return way[good[0]] if len(good) else start


def _sweep(
    objective: Objective,
    coordinates: Coordinates,
    X: FloatArray,
    A: FloatArray,
    *,
    effort: Effort,
    feasible: Feasible | None,
) -> tuple[FloatArray, FloatArray]:
    """Moves of the best points in one grid or categorical value, until none is better."""
    X, A = X.copy(), A.copy()
    live = list(np.argsort(-A, kind="stable")[: effort.swept])
    for _ in range(effort.sweeps):
        blocks = [neighbours(coordinates, X[row]) for row in live]
        stacked = np.vstack(blocks)
        if not len(stacked):
            break
        value = objective(coordinates.features(stacked))
        if feasible is not None:
            value[~feasible(stacked)] = -np.inf
        improved, begin = [], 0
        for row, block in zip(live, blocks, strict=True):
            values = value[begin : begin + len(block)]
            begin += len(block)
            if len(block) and values.max() > A[row] + 1e-9:
                best = int(np.argmax(values))
                X[row], A[row] = block[best], values[best]
                improved.append(row)
        live = improved
        if not live:
            break
    return X, A


def neighbours(coordinates: Coordinates, x: FloatArray) -> FloatArray:
    """(m, d) points that differ from x in one grid or categorical coordinate."""
    columns = [
        j for j, each in enumerate(coordinates.each) if each.categories or each.levels is not None
    ]
    changes = [coordinates.alternatives(x, j) for j in columns]
    out = np.tile(x, (sum(map(len, changes)), 1))
    begin = 0
    for j, values in zip(columns, changes, strict=True):
        out[begin : begin + len(values), j] = values
        begin += len(values)
    return out
