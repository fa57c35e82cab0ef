"""Constraints kept: many suggestions of every algorithm, each checked against its space."""

from collections.abc import Iterator

import numpy as np

from benchmarks.engine.options import Options
from benchmarks.report import Row, at_most
from dowse import Categorical, Discrete, Double, Integer, Optimizer, SearchSpace
from dowse.optim.awkward import mixed_space, rare_space

_SHARES = {"random": 34_000, "sobol": 34_000, "grid": 24_000, "bayesian": 4_000, "auto": 4_000}
_STUDY = {"random": 2_000, "sobol": 2_000, "grid": 2_000, "bayesian": 60, "auto": 60}
"""Suggestions in one study; then another seed begins."""
_BATCH = 5


def rows(options: Options) -> list[Row]:
    found = []
    every = 0
    wrong = 0
    for algorithm, share in _SHARES.items():
        count, bad = violations(algorithm, share)
        every, wrong = every + count, wrong + bad
        found.append(at_most(f"violations in {count:,} suggestions, {algorithm}", bad, "", 0))
    return [*found, at_most(f"violations in {every:,} suggestions, all", wrong, "", 0)]


def spaces() -> list[SearchSpace]:
    """Divisibility, order, a sum, products that are rarely right, conditions."""
    return [
        SearchSpace(
            [
                Double("lr", 1e-5, 1.0, scale="log"),
                Integer("heads", 1, 8),
                Integer("hidden", 16, 512),
                Discrete("batch", [16, 32, 64]),
                Categorical("optimizer", ["sgd", "adam"]),
            ],
            constraints=["hidden % heads == 0", "batch * hidden <= 16384"],
        ),
        SearchSpace(
            [Double("low", 0.0, 1.0), Double("high", 0.0, 1.0), Double("rest", 0.0, 1.0)],
            constraints=["low < high", "low + high + rest <= 1"],
        ),
        mixed_space(),
        rare_space(),
    ]


def violations(algorithm: str, share: int) -> tuple[int, int]:
    """How many suggestions were made, and how many of them lie outside their space."""
    made = wrong = 0
    studies = _studies(algorithm)
    while made < share:
        space, seed = next(studies)
        optimizer = Optimizer(space, algorithm=algorithm, seed=seed)
        rng = np.random.default_rng(seed)
        for _ in range(_STUDY[algorithm] // _BATCH):
            batch = optimizer.ask(_BATCH)
            for each in batch:
                wrong += bool(space.problems(each.parameters))
                optimizer.tell(each, float(rng.standard_normal()))
            made += len(batch)
            if len(batch) < _BATCH or made >= share:
                break
    return made, wrong


def _studies(algorithm: str) -> Iterator[tuple[SearchSpace, int]]:
    seed = 0
    while True:
        for space in spaces():
            yield space, seed
        seed += 1
