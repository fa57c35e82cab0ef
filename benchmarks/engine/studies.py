"""Whole studies, and the score of the open task set.

Score of a run after n evaluations, between 0 and 2: the true value of the configuration with the
best observed value, above the best known, as a share of the same for random search (median of its
seeds). 0 is the best known value, 1 is random search.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.engine.problems import Problem
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.numerics.arrays import FloatArray
from dowse.optim.protocol import Suggester, SuggestRequest

RANDOM_SEEDS = 50
WORST = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`regret` (n,) is the true regret of the configuration that looks best, after each trial."""

    regret: FloatArray
    history: History


def study(suggester: Suggester, problem: Problem, trials: int, *, seed: int, batch: int = 1) -> Run:
    """A study with `batch` trials at a time, which all end before the next are chosen."""
    rng = np.random.default_rng([seed, zlib.crc32(problem.name.encode())])
    observations: list[Observation] = []
    note: Mapping[str, Any] | None = None
    least, true, regret = np.inf, np.inf, []
    while len(observations) < trials:
        decision = suggester.suggest(
            SuggestRequest(
                space=problem.space,
                goal=Goal.MINIMIZE,
                history=History(observations=tuple(observations), index=len(observations)),
                count=min(batch, trials - len(observations)),
                seed=seed,
                note=note,
            )
        )
        note = decision.note
        for suggestion in decision.suggestions:
            value = problem.observe(suggestion.parameters, rng)
            if value < least:
                least, true = value, problem.true(suggestion.parameters)
            regret.append(true - problem.best)
            observations.append(
                Observation(
                    number=len(observations) + 1,
                    parameters=suggestion.parameters,
                    ending=Ending.MEASURED,
                    value=value,
                )
            )
        if decision.exhausted:
            regret += [regret[-1]] * (trials - len(regret))
            break
    return Run(regret=np.array(regret), history=History(observations=tuple(observations)))


def random_regret(problem: Problem, trials: int, seeds: int = RANDOM_SEEDS) -> FloatArray:
    """(trials,) median regret of random search."""
    runs = np.empty((seeds, trials))
    for seed in range(seeds):
        rng = np.random.default_rng([seed, 99])
        least, true = np.inf, np.inf
        for n in range(trials):
            assignment = problem.sample(rng)
            value = problem.observe(assignment, rng)
            if value < least:
                least, true = value, problem.true(assignment)
            runs[seed, n] = true - problem.best
    return np.asarray(np.median(runs, axis=0), dtype=np.float64)


def scores(regrets: Sequence[FloatArray], random: FloatArray) -> FloatArray:
    """(runs, n) scores of runs."""
    return np.clip(np.array(regrets) / np.maximum(random, 1e-12), 0.0, WORST)
