"""What a trial would end with, predicted from its curve so far and from all other curves.

    y   values with the sign that makes smaller better
    w   warped values asinh((y - best) / unit): linear near the best final value, logarithmic far
        above, where trainings that diverge lie; `best` itself is 0
    e   where a curve is heading by itself, see `numerics.extrapolation`

The final value is regressed on where the curve is heading and on how far that is from where it is.
The prior of this Bayesian linear regression is that a curve ends where it is heading, as uncertain
as there is way to go; it weighs as much as eight trials. So a forecast can be made of few curves,
and of many it is what the earlier trials of the job did from there. What is left over is judged by
Student's t with few degrees: curves that were flat for long do drop at times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, stdtr

from dowse.domain.expected import Expected
from dowse.domain.metrics import Goal
from dowse.numerics.arrays import FloatArray
from dowse.numerics.extrapolation import ends, latest
from dowse.stopping.others import Others
from dowse.stopping.protocol import Curve

_USED = 200
"""The latest completed trials that are regressed on: more would cost time and tell nothing new."""
_SPREAD = 1.5
"""Prior standard deviation of a final value at the first report, in warped units."""
_LEAST_SPREAD = 0.02
_FADE = 2.0
"""The power of what is left of the way by which it shrinks."""
_WEIGHT = 8.0
"""The prior counts as so many trials."""
_PRECISION = np.diag([1.0, 2.0, 2.0])
"""Of the prior of the coefficients, relative to the variance of what is left over."""
_DEGREES = 6.0
"""More would believe in Gaussian tails."""
_UNIT = 0.25
"""The quantile of what the trials have reached whose distance from the best is the unit."""
_FAR = 6.0
"""Warped values above this are all the same to the regression: hopeless. Without it, one training
that diverged to 1e18 would decide it.
"""
_CHANCE = (-2.5, 0.85, -0.75)
"""Logit of the chance by the logit of the probability under the prediction and the logarithm of the
rank. Fitted by logistic regression to recorded trainings (alone -2.4, 0.87, -0.74) and to curves
drawn from families (-1.9, 0.85, -0.67).
"""
_CHANCE_OF_RANK = (-5.0, -1.65, -0.6)
"""The same by the logarithms of the rank and of the report at which it was taken: the later, the
more a rank says. Fitted to one half of the recorded trainings (-4.9, -1.61, -0.55) and to the other
(-5.2, -1.77, -0.65).
"""
_HUGE = 1e100


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`mean` and `spread` are of the warped final value, of which `best` is 0; `rank` is the share
    of the trials that were better at the same report.
    """

    goal: Goal
    best: float
    unit: float
    mean: float
    spread: float
    degrees: float
    rank: float
    completed: int
    horizon: int

    @property
    def chance(self) -> float:
        """That the final value is better than the best."""
        return chance(self.mean, self.spread, self.degrees, self.rank)

    @property
    def expected(self) -> Expected:
        """The final value in the unit of the metric. Its deviation is half of what lies between one
        standard deviation below and one above.
        """
        low, middle, high = (
            self.best + _sign(self.goal) * self.unit * math.sinh(z)
            for z in (self.mean - self.spread, self.mean, self.mean + self.spread)
        )
        return Expected(value=middle, sd=abs(high - low) / 2.0)


def expected_end(curve: Curve, others: Sequence[Curve], goal: Goal) -> Expected | None:
    """What a trial would end with, as far as it can be predicted: one that reports no finite number
    any more has diverged, and the way that it was on before says nothing.
    """
    if not curve.values or not math.isfinite(curve.values[-1]):
        return None
    found = forecast(curve, others, goal)
    return None if found is None else found.expected


def chance(mean: float, spread: float, degrees: float, rank: float) -> float:
    """That a value with this distribution lies below 0, in the light of its trial's rank."""
    below = float(stdtr(degrees, -mean / spread))
    return float(expit(_CHANCE[0] + _CHANCE[1] * logit(below) + _CHANCE[2] * math.log(rank)))


def chance_of_rank(rank: float, k: int) -> float:
    """The same by the rank at report k, while nothing can be predicted."""
    start, by_rank, by_report = _CHANCE_OF_RANK
    return float(expit(start + by_rank * math.log(rank) + by_report * math.log(k)))


def ranked(curve: Curve, others: Sequence[Curve], goal: Goal) -> tuple[float, int]:
    """The rank of a trial among those that have as many reports, as a share above 0 and up to 1,
    and how many these are; one that was stopped before counts as worse, and of equal ones half.
    """
    k, sign = len(curve), _sign(goal)
    known = Others.of(others, goal)
    own, theirs = sign * curve.values[-1], sign * known.at(k).values
    ahead = float((theirs < own).sum()) + 0.5 * float((theirs == own).sum())
    count = len(theirs) + known.ended_before(k) + 1
    return (ahead + 0.5) / count, count


def forecast(curve: Curve, others: Sequence[Curve], goal: Goal, least: int = 3) -> Forecast | None:
    """None while fewer than `least` trials have completed, or when the curve is as long as theirs:
    then there is nothing to predict. Trials that ended with no finite number teach nothing.
    """
    k, sign = len(curve), _sign(goal)
    if k == 0:
        return None
    everyone = Others.of(others, goal)
    known = everyone.whole(k)
    completed = len(known.lasts)
    if completed < least:
        return None
    horizon = int(np.partition(known.lengths, completed // 2)[completed // 2])
    if k >= horizon:
        return None
    best = float((sign * known.lasts).min())
    reached = sign * np.append(everyone.lasts(), curve.values[-1])
    unit = _unit(reached[np.isfinite(reached)], best)
    finals = warped(sign * known.lasts[-_USED:], best, unit)
    Y = sign * _filled(np.vstack([known.firsts(len(finals)), curve.values]))
    Y = warped(Y, best, unit)
    mean, spread = _regressed(_features(Y, horizon), finals, 1.0 - k / horizon)
    return Forecast(
        goal=goal,
        best=sign * best,
        unit=unit,
        mean=mean,
        spread=spread,
        degrees=min(_DEGREES, _WEIGHT + len(finals)),
        rank=ranked(curve, everyone, goal)[0],
        completed=completed,
        horizon=horizon,
    )


def warped(y: FloatArray, best: float, unit: float) -> FloatArray:
    """At most _FAR."""
    return np.minimum(np.arcsinh((np.clip(y, -_HUGE, _HUGE) - best) / unit), _FAR)


def _filled(Y: FloatArray) -> FloatArray:
    """What is no finite number becomes the finite value before it, or at the beginning after it."""
    known = np.isfinite(Y)
    if known.all():
        return Y
    places = np.arange(Y.shape[1])
    before = np.maximum.accumulate(np.where(known, places, -1), axis=1)
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0)
    filled = np.take_along_axis(Y, np.where(before < 0, first[:, None], before), axis=1)
    return np.asarray(np.nan_to_num(filled, posinf=_HUGE, neginf=_HUGE))


def _unit(reached: FloatArray, best: float) -> float:
    """What counts as a step among good trials: the way from the best to the best quarter."""
    worse = reached[reached >= best]
    return max(float(np.quantile(worse, _UNIT)) - best, 1e-9 * max(1.0, abs(best)))


def _features(Y: FloatArray, horizon: int) -> FloatArray:
    """(n, 3): one, where a curve is heading, and how far that is from where it is."""
    e = ends(Y, horizon)
    return np.column_stack([np.ones(len(e)), e, latest(Y) - e])


def _regressed(X: FloatArray, z: FloatArray, left: float) -> tuple[float, float]:
    """Mean and standard deviation of the final value of the last row of X, of which z knows none.

    `left` is the share of the way that is still to go. Source: Gelman et al., Bayesian Data
    Analysis (2013), section 14.2, with the conjugate prior.
    """
    known, asked = X[:-1], X[-1]
    residual = z - known[:, 1]
    A = known.T @ known + _PRECISION
    moved = known.T @ residual
    b = np.linalg.solve(A, moved)
    prior = (_SPREAD * left**_FADE + _LEAST_SPREAD) ** 2
    misfit = max(float(residual @ residual - moved @ b), 0.0)
    variance = (_WEIGHT * prior + misfit) / (_WEIGHT + len(z))
    reach = 1.0 + float(asked @ np.linalg.solve(A, asked))
    return float(asked[1] + asked @ b), math.sqrt(variance * reach)


def _sign(goal: Goal) -> float:
    return -1.0 if goal is Goal.MAXIMIZE else 1.0
