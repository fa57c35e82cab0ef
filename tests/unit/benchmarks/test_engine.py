"""The engine's benchmark measures what it says."""

import math

import numpy as np
import pytest

from benchmarks.engine.problems import SYNTHETIC, Problem, synthetic
from benchmarks.engine.recorded import SEQUENTIAL, best_of
from benchmarks.engine.studies import random_regret, scores, study
from dowse.domain.parameters import Integer
from dowse.domain.space import SearchSpace
from dowse.optim.designs import GridSuggester, RandomSuggester

OPTIMA = {
    "branin": [math.pi, 2.275],
    "hartmann6": [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573],
    "ackley10": (32.768 * 0.3 * np.cos(np.arange(10) * 1.7 + 0.4)).tolist(),
    "levy4": [1.0] * 4,
    "rosenbrock6": [1.0] * 6,
}


@pytest.mark.parametrize("name", SYNTHETIC)
def test_the_best_known_value_is_that_at_the_published_optimum(name: str) -> None:
    problem = synthetic(name)
    at = {f"x{i}": value for i, value in enumerate(OPTIMA[name])}
    assert problem.true(at) == pytest.approx(problem.best, abs=1e-5)
    rng = np.random.default_rng(0)
    assert all(problem.true(problem.sample(rng)) > problem.best for _ in range(200))


def test_a_shift_moves_the_optimum_and_keeps_its_value() -> None:
    problem = synthetic("branin", np.array([0.2, -0.1]))
    moved = {"x0": math.pi - 0.2 * 15.0, "x1": 2.275 + 0.1 * 15.0}
    assert problem.true(moved) == pytest.approx(problem.best, abs=1e-4)


def _noisy() -> Problem:
    """Of 1 to 4 the observed values lie: 3 looks best and 2 is."""
    seen = {1: 5.0, 2: 3.0, 3: 1.0, 4: 4.0}
    real = {1: 5.0, 2: 1.0, 3: 2.0, 4: 4.0}
    space = SearchSpace([Integer("a", 1, 4)])
    return Problem(
        name="noisy",
        space=space,
        true=lambda p: real[int(p["a"])],
        observe=lambda p, rng: seen[int(p["a"])],
        best=1.0,
        sample=lambda rng: {"a": int(rng.integers(1, 5))},
    )


def test_regret_is_the_true_one_of_what_looks_best() -> None:
    run = study(GridSuggester(), _noisy(), 4, seed=0)
    assert run.regret.tolist() == [4.0, 0.0, 1.0, 1.0]


def test_a_study_that_exhausts_its_space_keeps_its_last_regret() -> None:
    run = study(GridSuggester(), _noisy(), 6, seed=0, batch=3)
    assert run.regret.tolist() == [4.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    assert len(run.history.observations) == 4


def test_random_search_scores_about_one_and_the_optimum_zero() -> None:
    problem = synthetic("branin")
    random = random_regret(problem, 30)
    runs = [study(RandomSuggester(), problem, 30, seed=s).regret for s in range(20)]
    found = scores(runs, random)
    assert np.median(found[:, -1]) == pytest.approx(1.0, abs=0.6)
    assert scores([np.zeros(30)], random).max() == 0.0
    assert scores([random * 9.0], random).min() == 2.0


def test_the_best_recorded_peer_is_named_with_its_figure() -> None:
    assert best_of(SEQUENTIAL, 25) == "Vizier 0.40 (recorded)"
    assert best_of(SEQUENTIAL, 99) is None
