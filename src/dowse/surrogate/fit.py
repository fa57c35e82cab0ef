"""A model of a job's history: what suggesters, stopping rules and analysis share.

    X   (n, d) encoded configurations of the observations
    y   (n,) their values, negated where the goal is to maximise; NaN for a failure

What the next fit may start from travels as a note, a small JSON object; without one, or with one
that does not fit, everything is fitted afresh.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.source import Source
from dowse.numerics.arrays import FloatArray
from dowse.numerics.guard import ENOUGH
from dowse.numerics.model import Model, Settings, State, learn
from dowse.numerics.untried import untried
from dowse.numerics.warp import SOFTNESSES
from dowse.surrogate.encoding import Encoding
from dowse.surrogate.sources import Lesson, Standing, believable, lesson, standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What the model expects of a configuration, in the metric's own unit: the middle and the ends
    of the interval that holds 95 % of its belief.
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surrogate:
    """A fitted model together with what it was fitted to."""

    encoding: Encoding
    X: FloatArray
    y: FloatArray
    goal: Goal
    model: Model
    lessons: tuple[Lesson, ...] = ()

    @property
    def standings(self) -> tuple[Standing, ...]:
        """What each source counts, in their order."""
        return standings(self.lessons, self.model.judged)

    @property
    def note(self) -> dict[str, Any]:
        """What the next fit may start from."""
        return note_of(self.model.state)

    def predict(self, X: FloatArray) -> tuple[Prediction, ...]:
        """Predictions at points X (m, d)."""
        mean, variance = self.model.posterior.predict(self.encoding.coordinates.features(X))
        return self.said(mean, np.sqrt(variance))

    def said(self, mean: FloatArray, sd: FloatArray) -> tuple[Prediction, ...]:
        """What the model believes on its own scale, mean (m,) and sd (m,), as predictions."""
        reach = 1.959964 * sd
        ends = [self.model.warped.undo(z) for z in (mean, mean - reach, mean + reach)]
        if self.goal is Goal.MAXIMIZE:
            ends = [-ends[0], -ends[2], -ends[1]]
        return tuple(
            Prediction(mean=float(middle), low=float(low), high=float(high))
            for middle, low, high in zip(*ends, strict=True)
        )


def observed(
    encoding: Encoding, history: History, goal: Goal, metric: str | None = None
) -> tuple[FloatArray, FloatArray]:
    """X and y of the finished trials, in their order; of a further metric if it is named.

    A trial that was stopped counts with an end between the value that it had and the end that was
    predicted of it: never as worse than that value, nor as better than the best that was observed.
    """
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    X = encoding.observed(history.observations)
    if metric is None:
        y = sign * encoding.values(history.observations)
        return X, _ended(y, sign * encoding.expected(history.observations)[:, 0])
    y = np.array([told(one, metric) for one in history.observations], dtype=np.float64)
    return X, sign * y


def _ended(y: FloatArray, expected: FloatArray) -> FloatArray:
    """(n,) values y with those of stopped trials moved half of the way to what was expected (n,) of
    them, on the logarithmic scale of the distance from the best of y.

    Predictions are learned from trials that completed, which are the good ones; of those that were
    stopped they promise too much, as much as the value at the stop promises too little.
    """
    stopped = np.isfinite(y) & (expected < y)
    if not stopped.any():
        return y
    best = float(y[np.isfinite(y)].min())
    out = y.copy()
    had, foreseen = y[stopped] - best, np.maximum(expected[stopped] - best, 0.0)
    out[stopped] = best + np.sqrt(had) * np.sqrt(foreseen)
    return out


def told(observation: Observation, metric: str) -> float:
    """A metric of a trial; NaN where there is none."""
    measured = observation.ending is Ending.MEASURED
    return observation.metrics.get(metric, math.nan) if measured else math.nan


def fit_history(
    encoding: Encoding,
    history: History,
    goal: Goal,
    *,
    note: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    rng: np.random.Generator,
    sources: tuple[Source, ...] = (),
    metric: str | None = None,
) -> Surrogate:
    """The model of a history with at least one observation: of its value, or of a metric.

    Where earlier studies teach something, of any history: until there are enough results to judge
    them by, they are the model.
    """
    X, y = observed(encoding, history, goal, metric)
    settings = settings or Settings()
    lessons = tuple(lesson(encoding, source) for source in sources)
    known = believable(lessons)
    if known is not None and len(y) < ENOUGH:
        best = np.vstack([each.best for each in lessons])
        model = untried(encoding.coordinates, known, best, X, settings)
    else:
        state = state_from(note, encoding.coordinates.d + 2)
        coordinates = encoding.coordinates
        model = learn(
            coordinates,
            X,
            y,
            state=state,
            settings=settings,
            rng=rng,
            sources=known,
        )
    return Surrogate(encoding=encoding, X=X, y=y, goal=goal, model=model, lessons=lessons)


def note_of(state: State) -> dict[str, Any]:
    """The state as a JSON object."""
    note = {
        "softness": state.softness,
        "thetas": [None if t is None else [float(v) for v in t] for t in state.thetas],
        "fitted": state.fitted,
        "selected": state.selected,
    }
    return note if state.shifts is None else {**note, "shifts": state.shifts.tolist()}


def state_from(note: Mapping[str, Any] | None, size: int) -> State | None:
    """The state in a note for `size` hyper-parameters, None when there is none that fits."""
    try:
        if not note or len(note["thetas"]) != len(SOFTNESSES):
            return None
        thetas = tuple(
            None if theta is None else np.array(theta, dtype=np.float64) for theta in note["thetas"]
        )
        state = State(
            softness=int(note["softness"]),
            thetas=thetas,
            fitted=int(note["fitted"]),
            selected=int(note["selected"]),
            shifts=_shifts(note.get("shifts")),
        )
        chosen = thetas[state.softness]
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    if state.shifts is not None and not np.isfinite(state.shifts).all():
        return None
    fits = all(t is None or (t.shape == (size,) and np.isfinite(t).all()) for t in thetas)
    return state if fits and chosen is not None else None


def _shifts(stored: Any) -> FloatArray | None:
    return None if stored is None else np.array(stored, dtype=np.float64)
