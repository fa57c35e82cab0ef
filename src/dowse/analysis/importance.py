"""Which parameters matter.

Two questions with two answers. PED-ANOVA: which parameters tell the best tenth of the trials from
all of them. Sobol: which parameters the metric varies with over the whole space, as the model has
learnt it; `first` alone, `total` together with others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from scipy.special import ndtri

from dowse.domain.history import History
from dowse.domain.metrics import Goal
from dowse.errors import InvalidInput, Problem, Refused
from dowse.numerics import density, paths, variance
from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.coordinates import Coordinate, nearest_level
from dowse.numerics.sobol import Sobol
from dowse.surrogate.encoding import Encoding
from dowse.surrogate.fit import Surrogate, fit_history, observed

LEAST_RESULTS = 4
"""Fewer finite results say nothing about parameters."""

_BEST_SHARE = 0.1
_LEAST_BEST = 5
_CELLS = 50
_PATHS = 32
_EVALUATIONS = 16_384
_LEAST_SAMPLE, _MOST_SAMPLE = 128, 1_024
_NORMAL_95 = 1.959964
_MOST_MODELLED = 40


class Method(Enum):
    """How importance is judged; `auto` chooses by the number of trials and the space."""

    AUTO = "auto"
    PED_ANOVA = "ped-anova"
    SOBOL = "sobol"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterImportance:
    """`share` of the whole, between 0 and 1, and the ends of the interval that holds 95 % of what
    is believed of it. `first` and `total` are Sobol indices; `trials` are those in which the
    parameter took part.
    """

    name: str
    share: float
    low: float
    high: float
    trials: int
    first: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """The parameters, the most important first; how and from what this was found."""

    method: Method
    reason: str
    trials: int
    failed: int
    parameters: tuple[ParameterImportance, ...]


def importance(
    encoding: Encoding,
    history: History,
    goal: Goal,
    *,
    method: Method | str = Method.AUTO,
    note: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Importance:
    """The importance of every parameter of the space; shares sum to 1, or are all 0 when no
    parameter stands out from chance.

    A failed trial counts as tried and not good. Raises Refused with fewer than four finite
    results, InvalidInput for an unknown method.
    """
    wanted = checked_method(method)
    X, y = observed(encoding, history, goal)
    finite = int(np.isfinite(y).sum())
    if finite < LEAST_RESULTS:
        raise Refused(f"importance needs at least {LEAST_RESULTS} finite results, got {finite}")
    chosen, reason = (wanted, "asked for") if wanted is not Method.AUTO else _chosen(encoding)
    if chosen is Method.PED_ANOVA or not encoding.coordinates.d:
        found = _by_density(encoding, X, y)
    else:
        rng = np.random.default_rng(abs(seed))
        found = _by_variance(fit_history(encoding, history, goal, note=note, rng=rng), rng, seed)
    fixed = [
        ParameterImportance(name=name, share=0.0, low=0.0, high=0.0, trials=len(y))
        for name in encoding.fixed
    ]
    order = {name: i for i, name in enumerate(encoding.space.names)}
    return Importance(
        method=chosen,
        reason=reason,
        trials=len(y),
        failed=len(y) - finite,
        parameters=tuple(sorted([*found, *fixed], key=lambda p: (-p.share, order[p.name]))),
    )


def checked_method(method: Method | str) -> Method:
    """Raises InvalidInput for an unknown name."""
    try:
        return Method(method)
    except ValueError:
        known = ", ".join(each.value for each in Method)
        message = f"must be one of {known}, got {method!r}"
        raise InvalidInput([Problem(path="method", message=message)]) from None


def _chosen(encoding: Encoding) -> tuple[Method, str]:
    if encoding.space.relations:
        return Method.PED_ANOVA, "constraints tie parameters together, which Sobol indices forbid"
    if encoding.coordinates.d > _MOST_MODELLED:
        return Method.PED_ANOVA, f"more than {_MOST_MODELLED} parameters"
    return Method.SOBOL, "a model makes the most of the trials there are"


def _by_density(encoding: Encoding, X: FloatArray, y: FloatArray) -> list[ParameterImportance]:
    """PED-ANOVA among all trials. A conditional parameter is judged among the trials in which it
    took part, and weighs as much as its share of the best ones.
    """
    top = _best(y)
    known = np.isfinite(X) & encoding.coordinates.active(X)
    values, influences = [], np.zeros((len(y), len(encoding.axes)))
    for j, axis in enumerate(encoding.axes):
        rows = np.flatnonzero(known[:, j])
        weight = top[rows].sum() / max(1, top.sum())
        if len(rows) < 2 or not weight:
            values.append(0.0)
            continue
        cells, cell = _cells(axis.coordinate, X[rows, j])
        found = density.divergence(cells, cell, top[rows])
        values.append(weight * found.excess)
        influences[rows, j] = weight * found.influence
    return _shares(encoding, np.array(values), influences, known.sum(0))


def _shares(
    encoding: Encoding, values: FloatArray, influences: FloatArray, trials: IntArray
) -> list[ParameterImportance]:
    """Shares of the sum, with intervals by the delta method."""
    whole = float(values.sum())
    share = values / whole if whole > 0.0 else np.zeros(len(values))
    moved = (influences - share * influences.sum(1, keepdims=True)) / (whole or 1.0)
    reach = _NORMAL_95 * np.sqrt((moved**2).sum(0))
    return [
        ParameterImportance(
            name=axis.parameter.name,
            share=float(share[j]),
            low=float(max(0.0, share[j] - reach[j])),
            high=float(min(1.0, share[j] + reach[j])),
            trials=int(trials[j]),
        )
        for j, axis in enumerate(encoding.axes)
    ]


def _best(y: FloatArray) -> BoolArray:
    """The best tenth of the trials, those equal to its last included; failures never."""
    loss = np.where(np.isfinite(y), y, np.inf)
    finite = int(np.isfinite(y).sum())
    count = min(max(math.ceil(_BEST_SHARE * len(y)), _LEAST_BEST), finite // 2)
    return np.asarray(loss <= np.partition(loss, count - 1)[count - 1])


def _cells(coordinate: Coordinate, u: FloatArray) -> tuple[density.Cells, IntArray]:
    """The cells of a coordinate and in which of them positions lie; those out of range in the
    last.
    """
    if coordinate.categories:
        middles = np.arange(coordinate.categories, dtype=np.float64)
        return density.Cells(middles=middles, ordered=False), u.astype(np.intp)
    levels = coordinate.levels
    distinct = None if levels is None else np.unique(levels)
    if distinct is None or len(distinct) > _CELLS:
        distinct = (np.arange(_CELLS) + 0.5) / _CELLS
    return density.Cells(middles=distinct, ordered=True), nearest_level(distinct, u)


def _by_variance(
    surrogate: Surrogate, rng: np.random.Generator, seed: int
) -> list[ParameterImportance]:
    """Sobol indices of functions drawn from the posterior (Le Gratiet et al. 2014): their median,
    and the interval they leave.
    """
    encoding = surrogate.encoding
    coordinates, d = encoding.coordinates, encoding.coordinates.d
    drawn = paths.draw(surrogate.model.posterior, _PATHS, rng)

    def function(U: FloatArray) -> FloatArray:
        return surrogate.model.warped.undo(drawn(coordinates.features(_described(encoding, U))))

    size = min(max(_EVALUATIONS // (d + 2), _LEAST_SAMPLE), _MOST_SAMPLE)
    sample = Sobol(2 * d, [abs(seed), d]).points(size)
    first, total = variance.indices(function, sample)
    whole = total.sum(0)
    share = total / np.where(whole > 0.0, whole, 1.0)
    low, high = np.quantile(share, [0.025, 0.975], axis=1)
    middle = np.median(share, axis=1)
    middle /= middle.sum() or 1.0
    trials = (np.isfinite(surrogate.X) & coordinates.active(surrogate.X)).sum(0)
    return [
        ParameterImportance(
            name=axis.parameter.name,
            share=float(middle[j]),
            low=float(min(low[j], middle[j])),
            high=float(max(high[j], middle[j])),
            trials=int(trials[j]),
            first=float(np.median(first[j])),
            total=float(np.median(total[j])),
        )
        for j, axis in enumerate(encoding.axes)
    ]


def _described(encoding: Encoding, U: FloatArray) -> FloatArray:
    """Points of the space distributed as it describes them, priors included."""
    X, bells = encoding.coordinates.from_unit(U), encoding.bells
    if bells is None:
        return X
    axes = encoding.coordinates.group[bells.columns]
    X[:, axes] = np.clip(bells.centre + bells.width * ndtri(U[:, axes]), 0.0, 1.0)
    return encoding.coordinates.snapped(X)
