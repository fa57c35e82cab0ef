"""How the metric depends on one parameter or two, the others averaged out.

For each value, the model's belief about the mean over configurations that hold this value and are
otherwise spread over the space; the interval says how sure it is of that mean, and neither the
scatter of the other parameters nor noise is in it. The mean is taken on the scale on which the
model works, where a few catastrophic configurations do not drown the rest. Source: Friedman (2001);
intervals of a Gaussian process, Moosbauer et al. (2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from dowse.domain.parameters import Value
from dowse.errors import InvalidInput, Problem
from dowse.numerics.arrays import FloatArray
from dowse.numerics.kernels import matern52, squared_distances
from dowse.surrogate.encoding import Axis, Encoding
from dowse.surrogate.fit import Surrogate
from dowse.surrogate.points import spread
from dowse.surrogate.sampling import Sampler

_POINTS = {1: 25, 2: 12}
"""Values of a continuum by the number of parameters."""
_MOST_LISTED = 60
_BACKGROUND = 200
_LEAST_BACKGROUND = 40
_EVALUATIONS = 40_000
_DRAWN = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencePoint:
    """What the model expects where the parameters have these values, in the metric's unit: the
    middle and the ends of the interval that holds 95 % of its belief. None where no such
    configuration exists.
    """

    values: tuple[Value, ...]
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """`axes` are the values of each parameter on its own scale; `points` run over all their
    combinations, the last parameter changing fastest.
    """

    parameters: tuple[str, ...]
    axes: tuple[tuple[Value, ...], ...]
    points: tuple[DependencePoint, ...]
    trials: int


def partial_dependence(
    surrogate: Surrogate, sampler: Sampler, names: Sequence[str], rng: np.random.Generator
) -> Dependence:
    """The dependence on one parameter or two. A conditional parameter is looked at among the
    configurations in which it takes part. Raises InvalidInput for names that cannot be.
    """
    encoding = surrogate.encoding
    columns = [_column(encoding, name) for name in checked_names(encoding, names)]
    grids = [_grid(encoding.axes[j], len(columns)) for j in columns]
    cells = list(product(*(grid.tolist() for grid in grids)))
    each = max(_LEAST_BACKGROUND, min(_BACKGROUND, _EVALUATIONS // max(1, len(cells))))
    drawn = spread(encoding, sampler, _DRAWN, rng)
    means, sds = np.full(len(cells), np.nan), np.zeros(len(cells))
    for i, cell in enumerate(cells):
        X = _holding(encoding, drawn, columns, cell)[:each]
        if len(X):
            means[i], sds[i] = _average(surrogate, X)
    said = surrogate.said(means, sds)
    decoded = [[encoding.axes[j].decode(u) for u in g] for j, g in zip(columns, grids, strict=True)]
    values = product(*decoded)
    return Dependence(
        parameters=tuple(names),
        axes=tuple(tuple(axis) for axis in decoded),
        points=tuple(
            DependencePoint(values=value, mean=one.mean, low=one.low, high=one.high)
            if known
            else DependencePoint(values=value, mean=None, low=None, high=None)
            for value, one, known in zip(values, said, np.isfinite(means), strict=True)
        ),
        trials=len(surrogate.X),
    )


def checked_names(encoding: Encoding, names: Sequence[str]) -> Sequence[str]:
    """Raises InvalidInput unless these are one or two different parameters that vary."""
    known = [axis.parameter.name for axis in encoding.axes]
    if not 1 <= len(names) <= 2 or len(set(names)) < len(names):
        message = f"must be one parameter or two different ones, got {', '.join(names) or 'none'}"
        raise InvalidInput([Problem(path="parameters", message=message)])
    for name in names:
        if name in encoding.fixed:
            message = f"has a single value, {encoding.fixed[name]!r}: nothing depends on it"
            raise InvalidInput([Problem(path=name, message=message)])
        if name not in known:
            message = f"is not a parameter that varies; there are {', '.join(known)}"
            raise InvalidInput([Problem(path=name, message=message)])
    return names


def _column(encoding: Encoding, name: str) -> int:
    return next(j for j, axis in enumerate(encoding.axes) if axis.parameter.name == name)


def _grid(axis: Axis, dimensions: int) -> FloatArray:
    """Positions at which to look: every label, every level of a few, else evenly spaced ones."""
    coordinate, count = axis.coordinate, _POINTS[dimensions]
    if coordinate.categories:
        return np.arange(coordinate.categories, dtype=np.float64)
    levels = coordinate.levels
    if levels is None:
        even = np.linspace(0.0, 1.0, count)
        return even if coordinate.snap is None else np.unique(coordinate.snap(even))
    levels = np.unique(levels)
    if len(levels) <= (_MOST_LISTED if dimensions == 1 else count):
        return levels
    return levels[np.unique(np.linspace(0, len(levels) - 1, count).round().astype(np.intp))]


def _holding(
    encoding: Encoding, drawn: FloatArray, columns: Sequence[int], cell: Sequence[float]
) -> FloatArray:
    """Those of the drawn points that, given these values, are feasible and have them active."""
    X = drawn.copy()
    X[:, list(columns)] = cell
    X = X[encoding.coordinates.active(X)[:, list(columns)].all(1)]
    return X[encoding.feasible(X)] if encoding.space.relations else X


def _average(surrogate: Surrogate, X: FloatArray) -> tuple[float, float]:
    """Mean and standard deviation of the belief about the average over points X (m, d)."""
    posterior = surrogate.model.posterior
    cross = posterior.cross(surrogate.encoding.coordinates.features(X))
    prior, _ = matern52(squared_distances(cross.Z, cross.Z))
    known = cross.V.mean(0)
    variance = posterior.s2 * float(prior.mean()) - float(known @ known)
    return float(cross.mean.mean()), float(np.sqrt(max(variance, 0.0)))
