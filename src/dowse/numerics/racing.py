"""Which of a few noisy candidates are out of the running, and what is known of the others.

    Y   (k, S) value of candidate i under seed j, smaller is better; infinite where it failed, NaN
        where it is not known

Seeds are shared, so that what a seed does to all candidates alike cancels in differences. After
each seed from the third on, a candidate is dropped when its paired differences to the leader say
so by Student's test on one side, at a level of LEVEL divided by the number of tests of that look.
The variance of the differences is drawn towards that of all pairs, as if known from four seeds more
(Smyth 2004), for three differences alone know too little of it. One that fails at least twice, and
more often than not, is dropped too.

A level for each look, and not for the whole race, drops the best one in a race of fifty or so, and
leaves its runs to those that are close, which is where most races are lost.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray

LEVEL = 0.03
LEAST = 3
"""Seeds before the first test."""
_BORROWED = 4.0
_DRAWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Race:
    """`alive` (k,) are in the running. `rounds` (k,) counts the seeds after which each of the
    others was dropped; 0 for the former.
    """

    alive: BoolArray
    rounds: IntArray


def race(Y: FloatArray) -> Race:
    """How the race stands: a function of the values alone, whatever the order they came in."""
    k, S = Y.shape
    alive, rounds = np.ones(k, dtype=np.bool_), np.zeros(k, dtype=np.intp)
    for j in range(S):
        if np.isnan(Y[alive, j]).any():
            break
        seen = Y[:, : j + 1]
        out = _failing(seen) & alive
        if j + 1 >= LEAST:
            out |= _beaten(seen, alive & ~out)
        if (alive & ~out).any():
            alive = alive & ~out
            rounds[out] = j + 1
    return Race(alive=alive, rounds=rounds)


def _failing(Y: FloatArray) -> BoolArray:
    failed, ended = np.isinf(Y).sum(1), np.isfinite(Y).sum(1)
    return np.asarray((failed >= 2) & (failed > ended))


def _beaten(Y: FloatArray, alive: BoolArray) -> BoolArray:
    """(k,) those that the leader has beaten."""
    out = np.zeros(len(Y), dtype=np.bool_)
    lead = leader(Y, alive)
    others = [int(i) for i in np.flatnonzero(alive) if i != lead]
    paired = [differences(Y, lead, i) for i in others]
    variance = pooled(paired)
    for i, d in zip(others, paired, strict=True):
        out[i] = len(d) >= LEAST and chance(d, variance) < LEVEL / len(others)
    return out


def leader(Y: FloatArray, alive: BoolArray) -> int:
    """The one of the lowest mean, the first of equals."""
    finite = np.isfinite(Y)
    counts = finite.sum(1)
    means = np.where(finite, Y, 0.0).sum(1) / np.maximum(counts, 1)
    return int(np.argmin(np.where(alive & (counts > 0), means, np.inf)))


def differences(Y: FloatArray, lead: int, other: int) -> FloatArray:
    """By how much the other is worse, under each seed for which both have a value."""
    both = np.isfinite(Y[other]) & np.isfinite(Y[lead])
    return np.asarray(Y[other][both] - Y[lead][both])


def pooled(paired: list[FloatArray]) -> float:
    """The variance of differences, over all pairs."""
    degrees = sum(max(len(d) - 1, 0) for d in paired)
    squares = sum(float(((d - d.mean()) ** 2).sum()) for d in paired if len(d))
    return squares / degrees if degrees else 0.0


def chance(d: FloatArray, variance: float) -> float:
    """The chance of differences as great as these if there were none: Student's, one-sided."""
    mean, deviation, degrees = _spread(d, variance)
    if deviation <= 0.0:
        return 1.0 if mean <= 0.0 else 0.0
    return float(stdtr(degrees, -mean / deviation))


def _spread(d: FloatArray, variance: float) -> tuple[float, float, float]:
    """The mean of differences, its standard deviation and degrees of freedom."""
    mean, degrees = float(d.mean()), len(d) - 1 + _BORROWED
    squares = float(((d - mean) ** 2).sum()) + _BORROWED * variance
    return mean, float(np.sqrt(squares / degrees / len(d))), degrees


def interval(values: FloatArray, share: float = 0.95) -> tuple[float, float] | None:
    """The ends of the interval for the mean of finite values (n,); None with fewer than two."""
    n = len(values)
    if n < 2:
        return None
    reach = float(stdtrit(n - 1, 0.5 + share / 2.0)) * float(values.std(ddof=1)) / float(np.sqrt(n))
    mean = float(values.mean())
    return mean - reach, mean + reach


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standings:
    """`best` (k,) is the chance that each is truly the best. `optimism` is by how much the leader's
    mean is lower than what it stands for, because it was chosen for being low: at most 0.
    """

    best: FloatArray
    optimism: float


def standings(Y: FloatArray, alive: BoolArray, rng: np.random.Generator) -> Standings:
    """What the values leave open, by draws from the belief about each mean (k, draws).

    Means are taken relative to the leader's, under the seeds that both have; half of the variance
    of a difference is ascribed to either side. Choosing among such draws, as the race chose among
    the values, shows how low a chosen mean is for being chosen (parametric bootstrap).
    """
    k, lead = len(Y), leader(Y, alive)
    paired = [differences(Y, lead, i) for i in range(k)]
    known = [i for i in range(k) if i != lead and len(paired[i])]
    variance = pooled([paired[i] for i in known])
    mean, drawn = np.full(k, np.inf), np.full((k, _DRAWS), np.inf)
    own = max(int(np.isfinite(Y[lead]).sum()), 1)
    for i in range(k):
        if i != lead and not len(paired[i]):
            continue
        d = paired[i]
        mean[i] = 0.0 if i == lead else d.mean()
        n = own if i == lead else len(d)
        squares = variance if i == lead else _spread(d, variance)[1] ** 2 * len(d)
        noise = rng.standard_t(n - 1 + _BORROWED, _DRAWS)
        drawn[i] = mean[i] + np.sqrt(max(squares, 0.0) / 2.0 / n) * noise
    chosen = np.argmin(drawn, axis=0)
    share = np.bincount(chosen, minlength=k) / _DRAWS
    optimism = float(np.mean(drawn[chosen, np.arange(_DRAWS)] - mean[chosen]))
    return Standings(best=share, optimism=min(optimism, 0.0))
