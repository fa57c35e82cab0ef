"""What the runs of a confirming job say: which configuration is best, how sure that is, and what to
expect of it.

The value that made a trial the best of a search is too good: it was chosen for being so (the
winner's curse). These runs are new ones, so that what they say of a configuration is free of that;
what little choosing among them adds is taken off again, see `numerics.racing.standings`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dowse.domain.confirmation import Confirmation
from dowse.domain.history import History
from dowse.domain.metrics import Goal
from dowse.domain.space import Assignment, SearchSpace
from dowse.numerics.arrays import FloatArray
from dowse.numerics.racing import chance, differences, interval, leader, pooled, race, standings
from dowse.surrogate.replicates import replicates

SURE = 0.95
"""The chance of being best from which on a configuration counts as confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A configuration and its runs. `searched` is the value that the search had of it; `mean` and
    the interval that holds its true mean in 95 of 100 cases are of the new runs, None with too few.
    `chance` is that of being truly the best of those that took part; `dropped` counts the seeds
    after which it was out of the running. `behind` is by how much it is worse than the leader under
    the same seeds, and `p` the chance of that if it were as good, for all comparisons together
    (Holm).
    """

    trial: int
    parameters: Assignment
    searched: float
    runs: int
    failed: int
    mean: float | None
    low: float | None
    high: float | None
    sd: float | None
    chance: float
    dropped: int | None
    behind: float | None
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReport:
    """`entrants` stand in the order of their chances, the best first. `best` is the trial of the
    searched job that came out best, None before any run ended; `estimate` is what to expect of it.
    `curse` is by how much its searched value was better than that. `decided` says whether it is
    best with a chance of 95 % or more.
    """

    job: str
    seeds: int
    runs: int
    budget: int
    over: bool
    decided: bool
    best: int | None
    estimate: float | None
    curse: float | None
    message: str
    entrants: tuple[Confirmed, ...]


def confirm_report(
    space: SearchSpace,
    wanted: Confirmation,
    history: History,
    goal: Goal,
    *,
    over: bool = True,
) -> ConfirmReport:
    """The report on the runs so far; `over` says whether there will be more."""
    Y = replicates(space, wanted, goal, history).Y
    ended = ~np.isnan(Y)
    if not np.isfinite(Y).any():
        return _nothing(wanted, int(ended.sum()), over)
    stand = race(Y)
    found = standings(Y, stand.alive, np.random.default_rng(len(history.observations)))
    lead = leader(Y, stand.alive)
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    tested = _tests(Y, lead)
    entrants = [
        Confirmed(
            trial=one.trial,
            parameters=one.parameters,
            searched=one.value,
            runs=int(ended[i].sum()),
            failed=int(np.isinf(Y[i]).sum()),
            chance=float(found.best[i]),
            dropped=int(stand.rounds[i]) or None,
            behind=_mean(differences(Y, lead, i)) if i != lead else None,
            p=tested.get(i),
            **_spread(Y[i], sign),
        )
        for i, one in enumerate(wanted.entrants)
    ]
    own = Y[lead][np.isfinite(Y[lead])]
    estimate = sign * (float(own.mean()) - found.optimism)
    curse = sign * (estimate - wanted.entrants[lead].value)
    order = sorted(range(len(entrants)), key=lambda i: (i != lead, -entrants[i].chance))
    decided = entrants[lead].chance >= SURE
    return ConfirmReport(
        job=wanted.job,
        seeds=wanted.seeds,
        runs=int(ended.sum()),
        budget=wanted.budget,
        over=over,
        decided=decided,
        best=wanted.entrants[lead].trial,
        estimate=estimate,
        curse=curse,
        message=_sentence([entrants[i] for i in order], estimate, curse, decided=decided),
        entrants=tuple(entrants[i] for i in order),
    )


def _nothing(wanted: Confirmation, runs: int, over: bool) -> ConfirmReport:
    message = "no run gave a result" if over else "no run has given a result yet"
    return ConfirmReport(
        job=wanted.job,
        seeds=wanted.seeds,
        runs=runs,
        budget=wanted.budget,
        over=over,
        decided=False,
        best=None,
        estimate=None,
        curse=None,
        message=message,
        entrants=(),
    )


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) else None


def _spread(values: FloatArray, sign: float) -> dict[str, float | None]:
    """Mean, interval and standard deviation of the runs that ended well, in the metric's unit."""
    known = sign * values[np.isfinite(values)]
    ends = interval(known)
    low, high = ends or (None, None)
    sd = float(known.std(ddof=1)) if len(known) > 1 else None
    return {"mean": _mean(known), "low": low, "high": high, "sd": sd}


def _tests(Y: FloatArray, lead: int) -> dict[int, float]:
    """For each that ran beside the leader, the chance of its distance, corrected after Holm."""
    paired = {i: differences(Y, lead, i) for i in range(len(Y)) if i != lead}
    paired = {i: d for i, d in paired.items() if len(d) > 1}
    variance = pooled(list(paired.values()))
    alone = sorted((chance(d, variance), i) for i, d in paired.items())
    corrected: dict[int, float] = {}
    highest = 0.0
    for place, (p, i) in enumerate(alone):
        highest = max(highest, min(1.0, p * (len(alone) - place)))
        corrected[i] = highest
    return corrected


def _sentence(ranked: list[Confirmed], estimate: float, curse: float, *, decided: bool) -> str:
    first = ranked[0]
    chance = _percent(first.chance)
    expect = f"expect {estimate:.4g} of it"
    if abs(curse) >= 5e-5 * max(abs(estimate), math.ulp(1.0)):
        better = "worse" if curse > 0 else "better"
        expect += f", {abs(curse):.2g} {better} than the {first.searched:.4g} that the search saw"
    if decided:
        return f"trial {first.trial} is the best of {len(ranked)} ({chance}); {expect}"
    rivals = [str(one.trial) for one in ranked[1:] if one.chance >= (1.0 - SURE) / 2.0]
    others = f"; trial {' or '.join(rivals)} may be as good" if rivals else ""
    return f"trial {first.trial} is probably the best of {len(ranked)} ({chance}){others}; {expect}"


def _percent(chance: float) -> str:
    return "99 % or more" if chance > 0.99 else f"{100 * chance:.0f} %"
