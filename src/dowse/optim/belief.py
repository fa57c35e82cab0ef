"""What the model of a history says about points that were not tried, and why one is chosen.

By turns a confidence bound (twice) and the logarithm of the expected improvement (once), which
together are steadier than either. Pending configurations count as observed at their predicted
value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dowse.domain.space import Assignment
from dowse.numerics.acquisition import (
    Acquisition,
    ConfidenceBound,
    Criterion,
    LogExpectedImprovement,
    Preferring,
)
from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.gp import Posterior
from dowse.numerics.greedy import choose
from dowse.numerics.maximize import Objective
from dowse.numerics.model import Settings
from dowse.optim.protocol import SuggestRequest
from dowse.surrogate.encoding import Encoding
from dowse.surrogate.fit import Surrogate, fit_history

_EXPECTED_IMPROVEMENT_EVERY = 3
_BETA = 1.8
_NEIGHBOURS = 3
# A prior weighs as much as this many results.
_PREFERENCE = 3.0


class Belief:
    """The model of one request, given what is pending."""

    def __init__(self, request: SuggestRequest, surrogate: Surrogate) -> None:
        self.surrogate = surrogate
        self._request = request
        self._encoding = surrogate.encoding
        self._posterior = surrogate.model.posterior

    @classmethod
    def of(
        cls,
        request: SuggestRequest,
        encoding: Encoding,
        settings: Settings,
        rng: np.random.Generator,
    ) -> Belief:
        """Fitted to the history of the request."""
        surrogate = fit_history(
            encoding,
            request.history,
            request.goal,
            note=request.note,
            settings=settings,
            rng=rng,
            sources=request.sources,
        )
        return cls(request, surrogate)

    @property
    def note(self) -> Mapping[str, Any]:
        """What the next fit may start from."""
        return self.surrogate.note

    @property
    def guided(self) -> bool:
        """Whether an earlier study is believed."""
        return self.surrogate.model.posterior.trend is not None

    def believe(self, assignments: Sequence[Assignment]) -> None:
        """From now on these count as observed at their predicted value."""
        if assignments:
            X = self._encoding.encode(assignments)
            self._posterior = self._posterior.believing(self._encoding.coordinates.features(X))

    def acquisition(self, index: int) -> tuple[str, Objective]:
        """What the suggestion of this index maximises, and its name."""
        name, criterion = _criterion(index, self.surrogate.model.posterior)
        return name, self._preferring(Acquisition(posterior=self._posterior, criterion=criterion))

    def choose(self, F: FloatArray, count: int) -> IntArray:
        """At most `count` rows of a pool F (m, D) to try at the same time, in the order chosen."""
        return choose(self._posterior, F, ConfidenceBound(_BETA), count)

    def _preferring(self, acquisition: Acquisition) -> Objective:
        """The acquisition drawn towards the priors of the space, less with every result."""
        bells = self._encoding.bells
        if bells is None:
            return acquisition
        weight = _PREFERENCE / max(1, len(self._request.history.observations))
        return Preferring(acquisition=acquisition, bells=bells, weight=weight)

    def why(self, name: str, value: float | None, x: FloatArray) -> dict[str, Any]:
        """The account of a suggestion at the point x (d,): a JSON object."""
        (expected,) = self.surrogate.predict(x[None])
        account: dict[str, Any] = {
            "algorithm": "bayesian",
            "acquisition": name,
            "value": _finite(value),
            "predicted": {
                "mean": _finite(expected.mean),
                "low": _finite(expected.low),
                "high": _finite(expected.high),
            },
            "neighbours": self._neighbours(x),
        }
        if self._request.sources:
            account["sources"] = [
                {"name": each.name, "weight": round(each.weight, 4), "dropped": each.dropped}
                for each in self.surrogate.standings
            ]
        return account

    def _neighbours(self, x: FloatArray) -> Sequence[Mapping[str, Any]]:
        """The finished trials nearest to a point, in units of the model's lengthscales."""
        features = self._encoding.coordinates.features
        posterior, rows = self.surrogate.model.posterior, self.surrogate.model.rows
        away = features(x[None]) / posterior.scale - posterior.Z
        distance = np.sqrt((away**2).sum(1))
        nearest = np.argsort(distance, kind="stable")[:_NEIGHBOURS]
        observations = self._request.history.observations
        return [
            {
                "trial": observations[rows[i]].number,
                "distance": round(float(distance[i]), 4),
                "value": _finite(observations[rows[i]].value),
            }
            for i in nearest
        ]


def _criterion(index: int, posterior: Posterior) -> tuple[str, Criterion]:
    """The acquisition whose turn it is."""
    if posterior.observed and index % _EXPECTED_IMPROVEMENT_EVERY == 0:
        return "log expected improvement", LogExpectedImprovement(float(posterior.fitted().min()))
    return "confidence bound", ConfidenceBound(_BETA)


def _finite(value: float | None) -> float | None:
    """JSON has no other numbers."""
    return value if value is not None and math.isfinite(value) else None
