"""How often the best of a search is not the best, and how often that is so after `confirm`.

    even     20 configurations that were all tried, their true values evenly spaced. Wrong is
             whatever is not the best one.
    bowl     40 random configurations of a smooth function of three parameters. However close, one
             of them is best, and no number of runs tells such apart: wrong is what is worse than
             the best by more than 5 % of the way from the best to the middle. `confirm` says of
             the close ones that they are not decided; goals are for what it says is.

Of each kind the noise is such that the best observed trial is wrong in 40 % of studies. Runs under
shared seeds have noise of their own, which is the hardest case; with half of it shared, beside it.
The suggester of `confirm` is asked as the service asks it, one run at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.report import Row, at_least, at_most
from dowse.analysis.confirm import ConfirmReport, confirm_report
from dowse.domain.confirmation import Confirmation, Entrant, algorithm_of
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Integer
from dowse.domain.space import SearchSpace
from dowse.numerics.arrays import FloatArray
from dowse.optim.confirming import ConfirmSuggester
from dowse.optim.protocol import SuggestRequest

TOP, SEEDS = 5, 10
NAIVE = 0.4
STUDIES, FEW_STUDIES = 500, 50
SPACE = SearchSpace([Integer("configuration", 0, 99)])
"""A configuration is known by its number."""

Truth = Callable[[np.random.Generator], FloatArray]


def even(rng: np.random.Generator) -> FloatArray:
    return rng.permutation(20).astype(np.float64)


def bowl(rng: np.random.Generator) -> FloatArray:
    """True values of random configurations, smaller is better."""
    U = rng.random((40, 3))
    centre, width = rng.random(3), np.array([1.0, 0.6, 0.3])
    return np.asarray((((U - centre) * width) ** 2).sum(1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Kind:
    """`tolerance` is the share of the way from the best to the middle that makes no difference."""

    truth: Truth
    tolerance: float

    def wrong(self, true: FloatArray, chosen: int) -> bool:
        best = float(true.min())
        return float(true[chosen]) - best > self.tolerance * (float(np.median(true)) - best)


KINDS = {"even": Kind(even, 0.0), "bowl": Kind(bowl, 0.05)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """`curse` and `bias` are by how much the searched value, and the estimate, were too good, in
    standard deviations of the noise; `inside` says whether the interval held the truth.
    """

    naive: bool
    confirmed: bool
    decided: bool
    runs: int
    curse: float
    bias: float
    inside: bool


def measure_confirm(*, quick: bool) -> list[Row]:
    """The rows of `confirm --top 5 --seeds 10`."""
    count = FEW_STUDIES if quick else STUDIES
    rows: list[Row] = []
    for name, kind in KINDS.items():
        noise = noise_for(kind, count)
        for shared in (0.0, 0.5):
            found = [study(kind, noise, shared, seed) for seed in range(count)]
            rows += _rows(
                f"confirm, {name}, {shared:.0%} of the noise shared",
                found,
                strict=not kind.tolerance,
            )
    return rows


def _rows(name: str, found: list[Study], *, strict: bool) -> list[Row]:
    """With `strict`, what is not decided may not be wrong either."""
    wrong = _share(e.confirmed for e in found)
    decided = [each for each in found if each.decided]
    right = _share(not each.confirmed for each in decided)
    return [
        Row(name=f"{name}: best observed is wrong", value=_share(e.naive for e in found), unit=""),
        at_most(f"{name}: wrong", wrong, "", 0.05)
        if strict
        else Row(name=f"{name}: wrong", value=wrong, unit=""),
        at_most(f"{name}: wrong where decided", 1.0 - right, "", 0.05),
        Row(name=f"{name}: decided", value=len(decided) / len(found), unit=""),
        Row(name=f"{name}: runs", value=float(np.mean([e.runs for e in found])), unit=""),
        Row(name=f"{name}: winner's curse", value=_mean(e.curse for e in found), unit="noise sd"),
        at_most(f"{name}: bias left", abs(_mean(e.bias for e in found)), "noise sd", 0.1),
        at_least(f"{name}: interval holds the truth", _share(e.inside for e in found), "", 0.9),
    ]


def _share(facts: Iterator[bool]) -> float:
    return float(np.mean(list(facts)))


def _mean(values: Iterator[float]) -> float:
    return float(np.mean(list(values)))


def noise_for(kind: Kind, count: int) -> float:
    """The noise at which the best observed trial is wrong in 40 % of these studies."""
    low, high = 1e-4, 1e2
    while high / low > 1.01:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if _naive(kind, middle, count) < NAIVE else (low, middle)
    return math.sqrt(low * high)


def _naive(kind: Kind, noise: float, count: int) -> float:
    found = [searched(kind, noise, np.random.default_rng([seed, 7])) for seed in range(count)]
    return _share(kind.wrong(true, int(np.argmin(observed))) for true, observed in found)


def searched(kind: Kind, noise: float, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """The true values of the trials of a search, and what was observed of each."""
    true = kind.truth(rng)
    return true, true + noise * rng.standard_normal(len(true))


def study(kind: Kind, noise: float, shared: float, seed: int) -> Study:
    """A search whose trials were measured once each, and its five best run again."""
    rng = np.random.default_rng([seed, 7])
    true, observed = searched(kind, noise, rng)
    order = [int(i) for i in np.argsort(observed)[:TOP]]
    wanted = Confirmation(
        job="search",
        entrants=tuple(
            Entrant(trial=i + 1, parameters={"configuration": i}, value=float(observed[i]))
            for i in order
        ),
        seeds=SEEDS,
    )
    common = math.sqrt(shared) * noise * rng.standard_normal(wanted.most_seeds)
    own = math.sqrt(1.0 - shared) * noise * rng.standard_normal((len(true), wanted.most_seeds))
    values = true[:, None] + common + own
    report = run(wanted, values)
    assert report.best is not None
    assert report.estimate is not None
    chosen = report.best - 1
    first = report.entrants[0]
    return Study(
        naive=kind.wrong(true, order[0]),
        confirmed=kind.wrong(true, chosen),
        decided=report.decided,
        runs=report.runs,
        curse=float(true[order[0]] - observed[order[0]]) / noise,
        bias=(float(true[chosen]) - report.estimate) / noise,
        inside=bool((first.low or 0.0) <= true[chosen] <= (first.high or 0.0)),
    )


def run(wanted: Confirmation, values: FloatArray) -> ConfirmReport:
    """The race, one run at a time; values (n, S) of configurations under seeds."""
    suggester = ConfirmSuggester(**algorithm_of(wanted).options)
    observations: list[Observation] = []
    while True:
        history = History(observations=tuple(observations), index=len(observations))
        decision = suggester.suggest(
            SuggestRequest(space=SPACE, goal=Goal.MINIMIZE, history=history, seed=0, repeats=True)
        )
        for one in decision.suggestions:
            value = values[int(one.parameters["configuration"]), one.why["seed"] - 1]
            observations.append(
                Observation(
                    number=len(observations) + 1,
                    parameters=one.parameters,
                    ending=Ending.MEASURED,
                    value=float(value),
                )
            )
        if decision.exhausted:
            history = History(observations=tuple(observations), index=len(observations))
            return confirm_report(SPACE, wanted, history, Goal.MINIMIZE)
