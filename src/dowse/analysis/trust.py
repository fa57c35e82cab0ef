"""Which of the tried configurations to trust, where results are noisy.

The best observed result may be a lucky one. The model looks at its neighbours too: beside the trial
that was observed to be best stands the one of the best posterior mean at the configurations tried,
and how sure that is. Trials that are as good as that one within one standard deviation of the
difference are close: among them the simplest may be the one to have. All this is advice: ranks go
by what was observed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dowse.analysis.best import simplicity
from dowse.domain.history import History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.space import Assignment, SearchSpace
from dowse.errors import Refused
from dowse.numerics import paths
from dowse.numerics.arrays import FloatArray
from dowse.surrogate.encoding import encoding_for
from dowse.surrogate.fit import Surrogate, fit_history

LEAST_RESULTS = 4
"""Fewer finite results say nothing about noise."""
_CANDIDATES = 100
_PATHS = 256
_MOST_CLOSE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A trial that may be the best. `value` was observed; `mean`, `low` and `high` are the model's
    belief about what stands behind it; `chance` is that of being the best of those tried.
    """

    trial: int
    parameters: Assignment
    value: float
    mean: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """`observed` has the best observed value, `model` the best mean; `close` are trials as good as
    that within the uncertainty, the simplest first. `noise` is the standard deviation of one result
    near the best, in the metric's unit, as the model sees it.
    """

    observed: Candidate
    model: Candidate
    close: tuple[Candidate, ...]
    noise: float
    message: str


def trust(
    space: SearchSpace,
    history: History,
    goal: Goal,
    *,
    best: int | None = None,
    note: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Trust:
    """What the model thinks of the best trials; `best` is the one that ranks first, the first of
    the best value unless given. Raises Refused with too few results.
    """
    encoding = encoding_for(space)
    finite = np.isfinite(encoding.values(history.observations))
    if int(finite.sum()) < LEAST_RESULTS:
        message = f"which result to trust needs at least {LEAST_RESULTS} finite results"
        raise Refused(f"{message}, got {int(finite.sum())}")
    rng = np.random.default_rng(abs(seed))
    surrogate = fit_history(encoding, history, goal, note=note, rng=rng)
    rows = _rows(surrogate, history)
    if not len(rows):
        raise Refused("no trial of this job has a finite result yet")
    chances, close = _compared(surrogate, rows, rng)
    predicted = surrogate.predict(surrogate.X[rows])
    candidates = [
        _candidate(history.observations[row], one, float(chance))
        for row, one, chance in zip(rows, predicted, chances, strict=True)
    ]
    order = np.argsort(surrogate.y[rows], kind="stable")
    first = next((i for i in order if candidates[i].trial == best), order[0])
    means = _means(surrogate, rows)
    model = int(np.argmin(means))
    near = sorted(
        (candidates[i] for i in np.flatnonzero(close)),
        key=lambda each: (*simplicity(each.parameters, space), each.trial),
    )[:_MOST_CLOSE]
    noise = _noise(surrogate)
    found = (candidates[int(first)], candidates[model], tuple(near))
    message = _sentence(found[0], found[1], near)
    return Trust(observed=found[0], model=found[1], close=found[2], noise=noise, message=message)


def promising(
    ranked: Sequence[int], surrogate: Surrogate, history: History, count: int
) -> list[int]:
    """Trials worth another look, of those that are ranked: those of the best values and of the
    best means, in turns.
    """
    allowed = set(ranked)
    rows = [i for i in _rows(surrogate, history) if history.observations[i].number in allowed]
    numbers = [history.observations[row].number for row in rows]
    by_mean = [numbers[i] for i in np.argsort(_means(surrogate, rows), kind="stable")]
    turns = (number for pair in zip(ranked, by_mean, strict=False) for number in pair)
    return list(dict.fromkeys([*turns, *ranked]))[:count]


def _rows(surrogate: Surrogate, history: History) -> list[int]:
    """The rows of this job's own finite results: the best by value and by mean."""
    own = [
        i
        for i, each in enumerate(history.observations)
        if each.number > 0 and np.isfinite(surrogate.y[i]) and np.isfinite(surrogate.X[i]).any()
    ]
    by_value = sorted(own, key=lambda i: float(surrogate.y[i]))[:_CANDIDATES]
    means = _means(surrogate, own)
    by_mean = [own[i] for i in np.argsort(means, kind="stable")[:_CANDIDATES]]
    return sorted({*by_value, *by_mean})


def _means(surrogate: Surrogate, rows: Sequence[int]) -> FloatArray:
    features = surrogate.encoding.coordinates.features(surrogate.X[list(rows)])
    return np.asarray(surrogate.model.posterior.predict(features)[0])


def _compared(
    surrogate: Surrogate, rows: Sequence[int], rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """(m,) the chance of each to be best, and whether it is as good as the best mean."""
    drawn = paths.draw(surrogate.model.posterior, _PATHS, rng)
    F = drawn(surrogate.encoding.coordinates.features(surrogate.X[list(rows)]))
    chances = np.bincount(F.argmin(0), minlength=len(rows)) / _PATHS
    means = _means(surrogate, rows)
    top = int(np.argmin(means))
    apart = (F - F[top]).std(1)
    close = (means - means[top] <= apart) & (apart > 0.0)
    close[top] = True
    return chances, close


def _candidate(observation: Observation, predicted: Any, chance: float) -> Candidate:
    return Candidate(
        trial=observation.number,
        parameters=observation.parameters,
        value=float(observation.value or 0.0),
        mean=predicted.mean,
        low=predicted.low,
        high=predicted.high,
        chance=chance,
    )


def _noise(surrogate: Surrogate) -> float:
    posterior, undo = surrogate.model.posterior, surrogate.model.warped.undo
    best = float(posterior.fitted().min())
    ends = undo(np.array([best, best + np.sqrt(posterior.noise)]))
    return float(ends[1] - ends[0])


def _sentence(observed: Candidate, model: Candidate, close: Sequence[Candidate]) -> str:
    others = [each for each in close if each.trial != model.trial]
    if observed.trial == model.trial:
        said = f"trial {observed.trial} is best, as observed and as the model sees it"
    else:
        said = (
            f"trial {observed.trial} was observed to be best ({observed.value:.4g}); the model "
            f"expects more of trial {model.trial} ({model.mean:.4g}, against {observed.mean:.4g})"
        )
    if not others:
        return said
    count = "1 other is" if len(others) == 1 else f"{len(others)} others are"
    simplest = close[0].trial
    which = "it is" if simplest == model.trial else f"trial {simplest} is"
    return f"{said}; {count} as good within the noise, of which {which} the simplest"
