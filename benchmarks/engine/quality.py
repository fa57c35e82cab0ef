"""How good the suggestions are: the open task set, and regret on classical functions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.engine.problems import CORE, SYNTHETIC, OpenSet, Problem, synthetic
from benchmarks.engine.recorded import BATCHES_OF_FOUR, SEQUENTIAL, best_of
from benchmarks.engine.studies import random_regret, scores, study
from benchmarks.report import Row, at_least, at_most
from dowse.numerics.arrays import FloatArray
from dowse.optim.bayes import BayesianSuggester

_SCORE_GOALS = {25: 0.32, 50: 0.20, 100: 0.12}
_BATCH_GOALS = {24: 0.45, 40: 0.28}
_REGRET_GOALS: Mapping[str, Mapping[int, float]] = {
    "branin": {25: 1e-3, 50: 3e-6, 100: 1e-7},
    "hartmann6": {25: 0.25, 50: 1e-4, 100: 1e-6},
    "ackley10": {25: 12.0, 50: 5.0, 100: 1.5},
    "levy4": {25: 0.15, 50: 1e-3, 100: 1e-5},
    "rosenbrock6": {25: 300.0, 50: 15.0, 100: 2.5},
}
_SOLVED = 1e-2


def open_set(tasks: OpenSet, seeds: Sequence[int], names: Sequence[str]) -> list[Row]:
    """Mean scores over tasks, one trial at a time and in batches of four."""
    sequential: dict[str, FloatArray] = {}
    batched: dict[str, FloatArray] = {}
    for name in names:
        problem = tasks.problem(name)
        random = random_regret(problem, 100)
        sequential[name] = scores(_regrets(problem, 100, seeds), random)
        if name in CORE:
            batched[name] = scores(_regrets(problem, 40, seeds, batch=4), random[:40])
        found = ", ".join(f"{sequential[name][:, n - 1].mean():.2f}" for n in _SCORE_GOALS)
        print(f"{name}: {found}", flush=True)
    return [*_score_rows(sequential, names), *_batch_rows(batched)]


def _score_rows(found: Mapping[str, FloatArray], names: Sequence[str]) -> list[Row]:
    core = [name for name in CORE if name in found]
    rows = [
        at_most(
            f"score on {len(core)} core tasks at {n}",
            _mean(found, core, n),
            "of random",
            goal,
            best_of(SEQUENTIAL, n),
        )
        for n, goal in _SCORE_GOALS.items()
    ]
    rows += [
        Row(
            name=f"score on {len(names)} tasks at {n}",
            value=_mean(found, names, n),
            unit="of random",
        )
        for n in _SCORE_GOALS
    ]
    rows += [
        Row(name=f"score on {name} at {n}", value=_mean(found, [name], n), unit="of random")
        for name in names
        for n in (25, 100)
    ]
    return rows


def _batch_rows(found: Mapping[str, FloatArray]) -> list[Row]:
    return [
        at_most(
            f"score in batches of 4 at {n}",
            _mean(found, list(found), n),
            "of random",
            goal,
            best_of(BATCHES_OF_FOUR, n),
        )
        for n, goal in _BATCH_GOALS.items()
        if found
    ]


def _mean(found: Mapping[str, FloatArray], names: Sequence[str], n: int) -> float:
    return float(np.mean([found[name][:, n - 1].mean() for name in names])) if names else math.nan


def _regrets(
    problem: Problem, trials: int, seeds: Sequence[int], batch: int = 1
) -> list[FloatArray]:
    suggester = BayesianSuggester()
    return [study(suggester, problem, trials, seed=s, batch=batch).regret for s in seeds]


def classical(seeds: Sequence[int]) -> list[Row]:
    """Median regret on the classical functions, in place and with the optimum shifted at random."""
    rows = []
    for name in SYNTHETIC:
        runs = np.array(_regrets(synthetic(name), 100, seeds))
        for n, goal in _REGRET_GOALS[name].items():
            value = float(np.median(runs[:, n - 1]))
            rows.append(at_most(f"regret on {name} at {n}", value, "", goal))
        if name == "hartmann6":
            share = float((runs[:, -1] < _SOLVED).mean())
            rows.append(at_least("hartmann6 solved at 100", share, "of seeds", 0.9))
        shifted = np.array([_shifted(name, seed) for seed in seeds])
        for n in _REGRET_GOALS[name]:
            value = float(np.median(shifted[:, n - 1]))
            rows.append(Row(name=f"regret on shifted {name} at {n}", value=value, unit=""))
        print(f"{name}: done", flush=True)
    rows.append(_batches_of_ten(seeds))
    return rows


def _shifted(name: str, seed: int) -> FloatArray:
    d = len(synthetic(name).space.parameters)
    shift = np.random.default_rng([seed, 7]).uniform(-0.35, 0.35, d)
    return study(BayesianSuggester(), synthetic(name, shift), 100, seed=seed).regret


def _batches_of_ten(seeds: Sequence[int]) -> Row:
    runs = np.array(_regrets(synthetic("hartmann6"), 100, seeds, batch=10))
    value = float(np.median(runs[:, -1]))
    return at_most("regret on hartmann6 in batches of 10 at 100", value, "", 1e-4)
