"""A model of a metric that has a limit: how far beyond its bound a configuration lies.

    v   (n,) log(1 + |e| / c) with the sign of e, for the excess e over the bound and c the median
        of |e| on that side of the bound where it is smaller

The logarithm on both sides keeps the sign, which decides, and calms the values far from the bound,
which do not. Source: Eriksson and Poloczek, Scalable Constrained Bayesian Optimization (2021).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dowse.domain.history import History
from dowse.domain.metric_limits import MetricLimit
from dowse.numerics.arrays import BoolArray, FloatArray
from dowse.numerics.model import Model, Settings, learn
from dowse.surrogate.encoding import Encoding
from dowse.surrogate.fit import note_of, state_from, told

# What lies farther from the bound is as good as there: about twenty times the usual distance.
_FARTHEST = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LimitModel:
    """`kept` (n,) says which of the observations kept the limit."""

    limit: MetricLimit
    model: Model
    kept: BoolArray

    @property
    def bound(self) -> float:
        """The bound as the posterior sees it."""
        return -self.model.warped.centre / self.model.warped.spread

    def probability(self, F: FloatArray) -> float:
        """That the limit is kept at the features F (1, D)."""
        mean, variance = self.model.posterior.predict(F)
        return 0.5 * math.erfc(float(mean[0] - self.bound) / math.sqrt(2.0 * float(variance[0])))

    @property
    def note(self) -> dict[str, Any]:
        """What the next fit may start from."""
        return note_of(self.model.state)


def fit_limit(
    encoding: Encoding,
    history: History,
    limit: MetricLimit,
    *,
    note: Mapping[str, Any] | None,
    settings: Settings,
    rng: np.random.Generator,
) -> LimitModel:
    """The model of a limit after at least one observation."""
    X = encoding.observed(history.observations)
    values = [told(one, limit.metric) for one in history.observations]
    excess = np.array([limit.excess(value) for value in values], dtype=np.float64)
    model = learn(
        encoding.coordinates,
        X,
        _squashed(excess),
        state=state_from(note, encoding.coordinates.d + 2),
        settings=replace(settings, warps=(0,), compressed=False),
        rng=rng,
    )
    return LimitModel(limit=limit, model=model, kept=excess <= 0.0)


def _squashed(excess: FloatArray) -> FloatArray:
    """v, finite for all trials: one that failed, or whose metric is NaN, counts as far beyond."""
    v = np.where(np.isneginf(excess), -_FARTHEST, _FARTHEST)
    finite = np.isfinite(excess)
    size = np.abs(excess[finite])
    sides = [size[side] for side in (excess[finite] > 0.0, excess[finite] < 0.0) if side.any()]
    unit = min((float(np.quantile(side, 0.5)) for side in sides), default=1.0)
    v[finite] = np.sign(excess[finite]) * np.minimum(np.log1p(size / unit), _FARTHEST)
    return v
