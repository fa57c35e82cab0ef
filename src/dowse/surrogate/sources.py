"""Earlier studies in the coordinates of the present one.

    X   (m, d) configurations of a source, encoded in the present space; extrapolated where they lie
        outside its ranges, NaN for what the source does not know
    y   (m,) their values, negated where the source maximised

A source's model sees only the parameters that varied in it. What it does not know (a parameter that
was added since, one that had a single value) it has no opinion on: its prediction is the same for
all values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from dowse.domain.history import Ending, Observation
from dowse.domain.metrics import Goal
from dowse.domain.source import Source
from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.coordinates import Coordinates
from dowse.numerics.guard import Judged, Sources
from dowse.numerics.model import Settings, learn
from dowse.numerics.trend import SourceMean
from dowse.surrogate.encoding import Encoding

# A source is an approximate guide; more of its results would cost time at every suggestion.
MOST_RESULTS = 80
LEAST_RESULTS = 3
_BEST = 3
_OUTGROWN = "there are so many results that it has nothing to add"
# Sharper logarithms put most of the scale where the source is least to be trusted: its optimum.
_WARPS = (0, 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """What a source teaches about a space: its mean and its best points, or why there is nothing
    to learn.
    """

    source: Source
    mean: SourceMean | None = None
    best: FloatArray
    """(k, d) its best configurations, drawn into the present ranges; NaN for what is unknown."""
    useless: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a source counts at present.

    `weight` is by how many standard deviations of the results the prediction moves where the
    source's own moves by one of its own; `agreement` the share of pairs of results that it orders
    as they came out. A source without weight was dropped, and `dropped` says why.
    """

    name: str
    weight: float
    agreement: float | None = None
    dropped: str | None = None


@lru_cache(maxsize=64)
def lesson(encoding: Encoding, source: Source) -> Lesson:
    """The same for the same source; fitting takes some tens of milliseconds, so it is kept."""
    sign = -1.0 if source.goal is Goal.MAXIMIZE else 1.0
    X = encoding.encode([one.parameters for one in source.observations])
    y = np.array([_value(one, sign) for one in source.observations])
    known = varied(X)
    useless = _uselessness(y, known)
    if useless is not None:
        return Lesson(source=source, best=np.empty((0, X.shape[1])), useless=useless)
    rows = _spread_rows(y)
    X, y = X[rows], y[rows]
    settings = Settings()
    share = math.sqrt(known.sum() / len(known))
    model = learn(
        encoding.coordinates,
        X,
        y,
        state=None,
        settings=replace(settings, lengthscale=settings.lengthscale * share, warps=_WARPS),
        rng=np.random.default_rng(0),
    )
    columns = _columns(encoding.coordinates, known)
    return Lesson(
        source=source,
        mean=model.posterior.mean_alone(columns),
        best=_drawn_in(encoding.coordinates, X[np.argsort(y, kind="stable")[:_BEST]]),
    )


def believable(lessons: Sequence[Lesson]) -> Sources | None:
    """Those that teach something, in their order; None when there are none."""
    useful = [(one.mean, one.source.trust) for one in lessons if one.mean is not None]
    if not useful:
        return None
    means, trust = zip(*useful, strict=True)
    return Sources(means=means, trust=np.array(trust))


def standings(lessons: Sequence[Lesson], judged: Judged | None) -> tuple[Standing, ...]:
    """What each source counts, given the judgement of those that teach something."""
    if judged is None:
        return tuple(
            Standing(name=each.source.name, weight=0.0, dropped=each.useless or _OUTGROWN)
            for each in lessons
        )
    places = iter(range(len(judged.weights)))
    return tuple(
        Standing(name=each.source.name, weight=0.0, dropped=each.useless)
        if each.useless is not None
        else _standing(each.source.name, judged, next(places))
        for each in lessons
    )


def expected(encoding: Encoding, sources: Sequence[Source]) -> tuple[Standing, ...]:
    """What each source counts before there are results."""
    lessons = [lesson(encoding, source) for source in sources]
    total = sum(each.source.trust for each in lessons if each.useless is None)
    return tuple(
        Standing(name=each.source.name, weight=each.source.trust / total)
        if each.useless is None
        else Standing(name=each.source.name, weight=0.0, dropped=each.useless)
        for each in lessons
    )


def _standing(name: str, judged: Judged, place: int) -> Standing:
    weight, agreed = float(judged.weights[place]), float(judged.concordance[place])
    if weight > 0.0:
        known = None if math.isnan(agreed) else agreed
        return Standing(name=name, weight=weight, agreement=known)
    share = f"{100.0 * agreed:.0f} % of the pairs of results"
    why = (
        f"it orders {share} as they came out, surely no better than chance"
        if not judged.live[place]
        else f"it orders {share} as they came out, but what it predicts explains nothing more"
    )
    return Standing(name=name, weight=0.0, agreement=agreed, dropped=why)


def varied(X: FloatArray) -> BoolArray:
    """(d,) which coordinates took more than one value."""
    first = X[:1]
    same = (first == X) | (np.isnan(first) & np.isnan(X))
    return np.asarray(~same.all(0), dtype=np.bool_)


def _value(observation: Observation, sign: float) -> float:
    """Of a stopped trial, what it would have ended with."""
    expected, value = observation.expected, observation.value
    if observation.ending is not Ending.MEASURED or value is None:
        return math.nan
    return sign * (value if expected is None else expected.value)


def _uselessness(y: FloatArray, known: BoolArray) -> str | None:
    finite = y[np.isfinite(y)]
    if len(finite) < LEAST_RESULTS:
        return f"it has {len(finite)} results, at least {LEAST_RESULTS} are needed"
    if not np.ptp(finite) > 0.0:
        return "all its results are equal"
    if not known.any():
        return "no parameter of this space varied in it"
    return None


def _spread_rows(y: FloatArray) -> IntArray:
    """All rows, or the better half of as many as are used and the rest evenly by rank."""
    if len(y) <= MOST_RESULTS:
        return np.arange(len(y))
    order = np.argsort(y, kind="stable")
    head = MOST_RESULTS // 2
    rest = np.linspace(head, len(y) - 1, MOST_RESULTS - head).astype(np.intp)
    return np.asarray(np.sort(order[np.concatenate([np.arange(head), rest])]), dtype=np.intp)


def _columns(coordinates: Coordinates, known: BoolArray) -> BoolArray:
    """(D,) which feature columns belong to known coordinates."""
    plain = known[coordinates.group[: coordinates.D - len(coordinates.conditional)]]
    return np.concatenate([plain, known[coordinates.conditional]])


def _drawn_in(coordinates: Coordinates, X: FloatArray) -> FloatArray:
    """X with numeric coordinates within [0, 1] and on the grid."""
    numeric = coordinates.numeric
    X = X.copy()
    X[:, numeric] = np.clip(X[:, numeric], 0.0, 1.0)
    snapped = coordinates.snapped(np.nan_to_num(X, nan=0.5))
    return np.where(np.isnan(X), np.nan, snapped)
