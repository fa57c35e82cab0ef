"""What the model of a history says about points that were not tried, and why one is chosen.

By turns a confidence bound (twice) and the logarithm of the expected improvement (once), which
together are steadier than either; once there is no progress, in one of the three turns a second
opinion. Pending configurations count as observed at their predicted value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from dowse.domain.space import Assignment
from dowse.numerics import doubt, rivals
from dowse.numerics.acquisition import (
    Acquisition,
    ConfidenceBound,
    Criterion,
    LogExpectedImprovement,
    LogProbabilityBelow,
    Preference,
    Sum,
    Term,
)
from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.greedy import choose
from dowse.numerics.maximize import Objective
from dowse.numerics.model import Settings
from dowse.numerics.rivals import Rival, rival
from dowse.numerics.success import log_success
from dowse.optim.pareto import front_rows, improvement, smoothed
from dowse.optim.protocol import SuggestRequest
from dowse.surrogate.encoding import Encoding
from dowse.surrogate.fit import Prediction, Surrogate, fit_history
from dowse.surrogate.limits import LimitModel, fit_limit
from dowse.surrogate.sampling import generator

_EXPECTED_IMPROVEMENT_EVERY = 3
_BETA = 1.8
_BETA_IN_DOUBT = 2.0
_NEIGHBOURS = 3
# A prior weighs as much as this many results.
_PREFERENCE = 3.0
# Of several objectives the least values are the ends of the front, which stronger warps overrate.
_MILD = (0, 1)
_REFERENCE = 5
# From so many failures on it is worth asking where they lie; so many of them are looked at.
_TELLING = 3
_REMEMBERED = 200


class Belief:
    """The models of one request, given what is pending."""

    def __init__(
        self,
        request: SuggestRequest,
        surrogates: Sequence[Surrogate],
        limits: Sequence[LimitModel],
    ) -> None:
        self.surrogate = surrogates[0]
        self._request = request
        self._encoding = self.surrogate.encoding
        self._surrogates = tuple(surrogates)
        self._limits = tuple(limits)
        self._posteriors = [each.model.posterior for each in surrogates]
        self._allowing = [each.model.posterior for each in limits]
        self._pending = np.empty((0, self._encoding.coordinates.d))
        able = np.isfinite(np.array([each.y for each in surrogates])).all(0)
        self._able: BoolArray = np.logical_and.reduce([able, *(each.kept for each in limits)])

    @classmethod
    def of(
        cls,
        request: SuggestRequest,
        encoding: Encoding,
        settings: Settings,
        rng: np.random.Generator,
    ) -> Belief:
        """Fitted to the history of the request."""
        history, note = request.history, request.note or {}
        targets = [(request.goal, None), *((each.goal, each.metric) for each in request.further)]
        notes = [note, *_listed(note, "further", len(request.further))]
        if request.further:
            settings = replace(settings, warps=_MILD)
        # What earlier studies teach is a single objective.
        sources = () if request.further or request.limits else request.sources
        surrogates = [
            fit_history(
                encoding,
                history,
                goal,
                note=known,
                settings=settings,
                rng=rng,
                sources=sources,
                metric=metric,
            )
            for (goal, metric), known in zip(targets, notes, strict=True)
        ]
        notes = _listed(note, "limits", len(request.limits))
        limits = [
            fit_limit(encoding, history, limit, note=known, settings=settings, rng=rng)
            for limit, known in zip(request.limits, notes, strict=True)
        ]
        return cls(request, surrogates, limits)

    @property
    def note(self) -> Mapping[str, Any]:
        """What the next fit may start from."""
        note = dict(self.surrogate.note)
        if self._request.further:
            note["further"] = [each.note for each in self._surrogates[1:]]
        if self._limits:
            note["limits"] = [each.note for each in self._limits]
        return note

    @property
    def guided(self) -> bool:
        """Whether an earlier study is believed."""
        return self.surrogate.model.posterior.trend is not None

    @property
    def untried(self) -> bool:
        """Whether earlier studies are all there is to go by."""
        return self.guided and not self.surrogate.model.posterior.observed

    def believe(self, assignments: Sequence[Assignment]) -> None:
        """From now on these count as observed at their predicted value."""
        if assignments:
            X = self._encoding.encode(assignments)
            self._pending = np.vstack([self._pending, X])
            F = self._encoding.coordinates.features(X)
            self._posteriors = [each.believing(F) for each in self._posteriors]
            self._allowing = [each.believing(F) for each in self._allowing]

    def anchors(self, count: int, rng: np.random.Generator) -> FloatArray:
        """Points (a, d) of the history near which to look, best first."""
        surrogate = self.surrogate
        if len(self._surrogates) > 1 and self._able.any():
            rows = rng.permutation(front_rows(smoothed(self._surrogates), self._able))
        elif self._limits:
            # Where the models are sure, only what lies near a kept bound has a chance to keep it.
            breaches = np.sum([~each.kept for each in self._limits], axis=0)
            rows = np.lexsort((smoothed(self._surrogates)[:, 0], breaches))[:count]
        else:
            best = np.argsort(surrogate.model.posterior.fitted(), kind="stable")[:count]
            rows = surrogate.model.rows[best]
        return np.vstack([surrogate.X[rows], *(each.best for each in surrogate.lessons)])

    def rival(self, index: int) -> Rival | None:
        """The label that the suggestion of this index is confined to, if it is to one.

        With several objectives or limits there is no single incumbent to have rivals.
        """
        model = self.surrogate.model
        z = self._values
        if z is None or not rivals.has_turn(index, z):
            return None
        tried = np.vstack([self.surrogate.X, self._pending])
        return rival(self._encoding.coordinates, model.posterior.theta, tried, z)

    @cached_property
    def _values(self) -> FloatArray | None:
        """(n,) what the model makes of the results; None where no single one is to be improved."""
        model = self.surrogate.model
        if len(self._surrogates) > 1 or self._limits or not model.posterior.observed:
            return None
        z = model.warped.z.copy()
        z[model.rows] = model.posterior.fitted()
        return z

    def acquisition(self, index: int, rival: Rival | None = None) -> tuple[str, Objective]:
        """What the suggestion of this index maximises, and its name."""
        name, first = self._improvement(index, rival)
        further = [*self._allowances(), *self._success(), *self._preference()]
        terms = further if first is None else [first, *further]
        if first is not None and len(terms) == 1:
            return name, first
        scales = [each.scale for each in (*self._posteriors, *self._allowing)]
        if first is not None:
            scales.append(first.scale)
        return name, Sum(terms=tuple(terms), scale=np.min(scales, axis=0))

    def _improvement(self, index: int, rival: Rival | None) -> tuple[str, Objective | None]:
        """What a point may add to what is known; None while nothing keeps the limits.

        A rival need not improve on the incumbent at once.
        """
        if self._limits and not self._able.any():
            return "probability of keeping the limits", None
        if len(self._surrogates) > 1:
            Y = smoothed(self._surrogates)
            front = Y[front_rows(Y, self._able)] if self._able.any() else Y
            rng = generator(self._request.seed, _REFERENCE, index)
            name = "log expected hypervolume improvement"
            return name, improvement(self._posteriors, front, rng)
        posterior = self.surrogate.model.posterior
        if rival is None and self._doubted(index):
            return "second opinion", self._second_opinion()
        turn = rival is None and index % _EXPECTED_IMPROVEMENT_EVERY == 0
        if posterior.observed and (turn or self._limits):
            # The model may not be conditioned on any of those that keep the limits.
            known = (
                smoothed(self._surrogates)[self._able, 0] if self._limits else posterior.fitted()
            )
            criterion: Criterion = LogExpectedImprovement(float(known.min()))
            name = "log expected improvement"
        else:
            criterion, name = ConfidenceBound(_BETA), "confidence bound"
        return name, Acquisition(posterior=self._posteriors[0], criterion=criterion)

    def _doubted(self, index: int) -> bool:
        """Whether the suggestion of this index is for a second opinion.

        A model that is given only some of the results would take what it is not told, the poor
        ones, for what nobody has seen, and send every second opinion there.
        """
        z = self._values
        if z is None or len(self.surrogate.model.rows) < len(z):
            return False
        return doubt.has_turn(index, z)

    def _second_opinion(self) -> Objective:
        """The confidence bound of a model that was not fitted, given what is pending."""
        surrogate, coordinates = self.surrogate, self._encoding.coordinates
        posterior = doubt.unfitted(coordinates, surrogate.X, surrogate.y)
        posterior = posterior.believing(coordinates.features(self._pending))
        return Acquisition(posterior=posterior, criterion=ConfidenceBound(_BETA_IN_DOUBT))

    def _allowances(self) -> list[Term]:
        """How likely each limit is kept."""
        return [
            Acquisition(posterior=posterior, criterion=LogProbabilityBelow(each.bound))
            for each, posterior in zip(self._limits, self._allowing, strict=True)
        ]

    def _success(self) -> list[Term]:
        """How likely there will be a value at all, once enough trials gave none."""
        failed = np.isnan(np.array([each.y for each in self._surrogates])).any(0)
        if int(failed.sum()) < _TELLING:
            return []
        rows = np.union1d(self.surrogate.model.rows, np.flatnonzero(failed)[-_REMEMBERED:])
        F = self._encoding.coordinates.features(self.surrogate.X[rows])
        return [log_success(F, failed[rows], self.surrogate.model.posterior.scale)]

    def _preference(self) -> list[Term]:
        """The priors of the space, weighing less with every result."""
        bells = self._encoding.bells
        if bells is None:
            return []
        weight = _PREFERENCE / max(1, len(self._request.history.observations))
        return [Preference(bells=bells, weight=weight)]

    def choose(self, F: FloatArray, count: int) -> IntArray:
        """At most `count` rows of a pool F (m, D) to try at the same time, in the order chosen."""
        worth = np.sum([term(F) for term in self._success()], axis=0)
        return choose(self._posteriors[0], F, ConfidenceBound(_BETA), count, worth)

    def why(self, name: str, value: float | None, x: FloatArray) -> dict[str, Any]:
        """The account of a suggestion at the point x (d,): a JSON object."""
        (expected,) = self.surrogate.predict(x[None])
        account: dict[str, Any] = {
            "algorithm": "bayesian",
            "acquisition": name,
            "value": _finite(value),
            "predicted": _interval(expected),
            "neighbours": self._neighbours(x),
        }
        if self._request.further:
            account["further"] = {
                target.metric: _interval(*surrogate.predict(x[None]))
                for target, surrogate in zip(
                    self._request.further, self._surrogates[1:], strict=True
                )
            }
        if self._limits:
            F = self._encoding.coordinates.features(x[None])
            account["limits"] = {
                str(each.limit): round(each.probability(F), 4) for each in self._limits
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


def _listed(note: Mapping[str, Any], key: str, count: int) -> list[Mapping[str, Any] | None]:
    """The notes of several models, None for each that is not there."""
    known = note.get(key)
    return list(known) if isinstance(known, list) and len(known) == count else [None] * count


def _interval(expected: Prediction) -> dict[str, float | None]:
    return {
        "mean": _finite(expected.mean),
        "low": _finite(expected.low),
        "high": _finite(expected.high),
    }


def _finite(value: float | None) -> float | None:
    """JSON has no other numbers."""
    return value if value is not None and math.isfinite(value) else None
