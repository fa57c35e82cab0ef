"""Whether a search has found what there is to find, and what more trials would bring.

A finite space is exhausted exactly, when its last configuration has been tried. For the rest the
regret of stopping now is bounded (Makarova et al. 2022): the best configuration is at most

    r = min_i (mean(x_i) + b sd(x_i)) - min_x (mean(x) - b sd(x)),   b^2 = 2/5 log(d n^2 pi^2 / 6 D)

better than what is known, the first minimum over the n trials and the second over the whole space,
with D = 0.1. The search has converged when r has been below the tolerance at each of the last
three results.

A job's convergence stop asks `convergence` after each result and ends the job with the reason
`converged` (or `search_space_exhausted`) when the verdict `is_final`; `message` is its sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, assert_never

import numpy as np

from dowse.domain import feasibility
from dowse.domain.history import History
from dowse.domain.metrics import Goal
from dowse.domain.parameter_rules import is_finite
from dowse.errors import InvalidInput, Problem
from dowse.numerics import paths
from dowse.numerics.acquisition import Acquisition, ConfidenceBound
from dowse.numerics.arrays import FloatArray
from dowse.numerics.greedy import choose
from dowse.numerics.maximize import Effort, local_candidates, maximise
from dowse.numerics.model import Model, Settings, State, learn
from dowse.surrogate.encoding import Encoding
from dowse.surrogate.fit import observed, state_from
from dowse.surrogate.points import filled, spread
from dowse.surrogate.sampling import Sampler

_DELTA = 0.1
_SHRUNK = 5.0
LEAST_TRIALS = 20
"""With fewer finite results it is always too early to say."""
_LEAST_PER_PARAMETER = 4
_CONSECUTIVE = 3
_SHARE_OF_RANGE = 1e-3
_LEAST_TOLERANCE = 1e-12
_CANDIDATES = 2_048
_ANCHORS = 6
_FORECASTS = (10, 25, 50)
_PATHS = 128
_BETA = 1.8


class Verdict(Enum):
    """`too_early`: not enough results to say."""

    TOO_EARLY = "too_early"
    IMPROVING = "improving"
    CONVERGED = "converged"
    EXHAUSTED = "exhausted"

    @property
    def is_final(self) -> bool:
        """Whether a job that stops by itself would stop now."""
        return self in (Verdict.CONVERGED, Verdict.EXHAUSTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the model expects of `trials` more: the mean gain over the best configuration known of
    so many chosen at once, in the metric's unit, and the chance that there is more than the
    tolerance to be gained at all, which trials that learn from each other nearly always find.
    """

    trials: int
    gain: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """`bound` is how much better the best configuration may be than what is known, `tolerance`
    what counts as nothing, both in the metric's unit and None with too few results. `left` counts
    the configurations of a finite space that were not tried. `message` is a sentence with the
    numbers.
    """

    verdict: Verdict
    message: str
    trials: int
    bound: float | None
    tolerance: float | None
    left: int | None
    forecast: tuple[Forecast, ...]


def convergence(
    encoding: Encoding,
    sampler: Sampler,
    history: History,
    goal: Goal,
    *,
    tolerance: float | None = None,
    note: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Convergence:
    """How far the search has come. `tolerance` is the gain, in the metric's unit, that is not
    worth a trial; unset, it is a thousandth of the way from the best to the middle of the space,
    as the model sees it, or what it takes for noise if that is more.

    Raises InvalidInput for a tolerance that is no positive number.
    """
    _check(tolerance)
    X, y = observed(encoding, history, goal)
    left = _left(encoding, history)
    finite, d = int(np.isfinite(y).sum()), encoding.coordinates.d
    needed = max(LEAST_TRIALS, _LEAST_PER_PARAMETER * d)
    looks: list[_Look] = []
    if finite >= 2 and d > 0 and left != 0:
        state = state_from(note, d + 2)
        for back in range(_CONSECUTIVE if finite >= needed else 1):
            seen = slice(0, len(y) - back)
            look = _Look.at(encoding, sampler, X[seen], y[seen], state=state, seed=seed)
            looks.append(look)
            tolerance = look.tolerance() if tolerance is None else tolerance
            if look.bound > tolerance:
                break
    verdict = _verdict(left, finite >= needed, [look.bound for look in looks], tolerance)
    found = Convergence(
        verdict=verdict,
        message="",
        trials=len(y),
        bound=looks[0].bound if looks else None,
        tolerance=tolerance if looks else None,
        left=left,
        forecast=looks[0].forecast(tolerance or 0.0) if looks else (),
    )
    return replace(found, message=_sentence(found, finite, needed))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Look:
    """The model of some results, points X (n, d), and what the rest of the space looks like."""

    encoding: Encoding
    model: Model
    X: FloatArray
    around: FloatArray
    rng: np.random.Generator
    bound: float

    @classmethod
    def at(
        cls,
        encoding: Encoding,
        sampler: Sampler,
        X: FloatArray,
        y: FloatArray,
        *,
        state: State | None,
        seed: int,
    ) -> _Look:
        rng = np.random.default_rng([abs(seed), len(y)])
        model = learn(encoding.coordinates, X, y, state=state, settings=Settings(), rng=rng)
        around = _around(encoding, sampler, model, X, rng)
        bound = _bound(encoding, model, X, around, rng)
        return cls(encoding=encoding, model=model, X=X, around=around, rng=rng, bound=bound)

    def tolerance(self) -> float:
        """What the best may be better by without being worth a trial."""
        posterior, undo = self.model.posterior, self.model.warped.undo
        best = float(posterior.fitted().min())
        ends = undo(np.array([best, best + math.sqrt(posterior.noise)]))
        noise = float(ends[1] - ends[0])
        if not len(self.around):
            return max(noise, _LEAST_TOLERANCE)
        mean, _ = posterior.predict(self.encoding.coordinates.features(self.around))
        ends = undo(np.array([best, max(best, float(np.median(mean)))]))
        return max(_SHARE_OF_RANGE * float(ends[1] - ends[0]), noise, _LEAST_TOLERANCE)

    def forecast(self, tolerance: float) -> tuple[Forecast, ...]:
        """The gains of functions drawn from the posterior at the points that would be tried, and
        all over the space.
        """
        if not len(self.around):
            return ()
        posterior, undo = self.model.posterior, self.model.warped.undo
        features = self.encoding.coordinates.features
        best = self.model.rows[int(np.argmin(posterior.fitted()))]
        F = features(self.around)
        tried = choose(posterior, F, ConfidenceBound(_BETA), max(_FORECASTS))
        drawn = paths.draw(posterior, _PATHS, self.rng)
        here = undo(drawn(features(self.X[[best]]))[0])
        values = undo(drawn(F))
        reached = np.minimum.accumulate(values[tried], axis=0)
        all_there_is = np.maximum(here - values.min(0), 0.0)
        chance = float((all_there_is > tolerance).mean())
        gains = [np.maximum(here - reached[min(n, len(tried)) - 1], 0.0) for n in _FORECASTS]
        return tuple(
            Forecast(trials=n, gain=float(gain.mean()), chance=chance)
            for n, gain in zip(_FORECASTS, gains, strict=True)
        )


def _check(tolerance: float | None) -> None:
    if tolerance is not None and not (is_finite(tolerance) and tolerance > 0):
        message = f"must be a positive number, got {tolerance!r}"
        raise InvalidInput([Problem(path="tolerance", message=message)])


def _left(encoding: Encoding, history: History) -> int | None:
    """How many feasible configurations were not tried; None where they cannot be counted."""
    space = encoding.space
    if not space.is_finite:
        return None
    count = feasibility.analyse(space).count
    if count is None:
        return None
    tried = {
        space.key(each.parameters)
        for each in history.observations
        if not space.problems(each.parameters)
    }
    return count - len(tried)


def _around(
    encoding: Encoding, sampler: Sampler, model: Model, X: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Feasible points all over the space, and near the best ones."""
    points = spread(encoding, sampler, _CANDIDATES, rng)
    if not len(points):
        return points
    best = model.rows[np.argsort(model.posterior.fitted(), kind="stable")[:_ANCHORS]]
    anchors = filled(X[best], points)
    near = local_candidates(encoding.coordinates, anchors, _CANDIDATES // 2, rng)
    if encoding.space.relations:
        near = near[encoding.feasible(near)]
    return np.vstack([points, near])


def _bound(
    encoding: Encoding,
    model: Model,
    X: FloatArray,
    around: FloatArray,
    rng: np.random.Generator,
) -> float:
    """r, with the warp undone."""
    n, d = len(X), encoding.coordinates.d
    b = math.sqrt(2.0 * math.log(d * n**2 * math.pi**2 / (6.0 * _DELTA)) / _SHRUNK)
    coordinates, posterior = encoding.coordinates, model.posterior
    mean, variance = posterior.predict(coordinates.features(X[model.rows]))
    upper = float((mean + b * np.sqrt(variance)).min())
    acquisition = Acquisition(posterior=posterior, criterion=ConfidenceBound(b))
    lower = -float((b * np.sqrt(variance) - mean).max())
    if len(around):
        feasible = encoding.feasible if encoding.space.relations else None
        _, A = maximise(acquisition, coordinates, around, rng, effort=Effort(), feasible=feasible)
        lower = min(lower, -float(A[0]))
    ends = model.warped.undo(np.array([upper, lower]))
    return float(ends[0] - ends[1])


def _verdict(
    left: int | None, enough: bool, bounds: list[float], tolerance: float | None
) -> Verdict:
    if left is not None and left <= 0:
        return Verdict.EXHAUSTED
    if not enough:
        return Verdict.TOO_EARLY
    assert tolerance is not None
    below = len(bounds) == _CONSECUTIVE and max(bounds) <= tolerance
    return Verdict.CONVERGED if below else Verdict.IMPROVING


def _sentence(found: Convergence, finite: int, needed: int) -> str:
    match found.verdict:
        case Verdict.EXHAUSTED:
            trials = "1 trial" if found.trials == 1 else f"{found.trials} trials"
            return f"every configuration of the space was tried, in {trials}"
        case Verdict.TOO_EARLY:
            results = "1 result is" if finite == 1 else f"{finite} results are"
            return f"{results} too few to say: at least {needed} are needed"
        case Verdict.CONVERGED:
            said = "no configuration is expected to be better than the best known by more than"
            return f"{said} {found.bound:.4g} (tolerance {found.tolerance:.4g})"
        case Verdict.IMPROVING:
            many = "" if found.left is None else f"; {found.left} configurations are left"
            return (
                f"a configuration may be better than the best known by up to {found.bound:.4g} "
                f"(tolerance {found.tolerance:.4g}){many}"
            )
        case _:
            assert_never(found.verdict)
