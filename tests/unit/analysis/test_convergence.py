import math

import numpy as np
import pytest

from dowse import Double, Integer, Optimizer, SearchSpace
from dowse.analysis.convergence import Convergence, Verdict
from dowse.analysis.insights import Insights
from dowse.domain.history import History
from dowse.domain.metrics import Goal
from dowse.domain.space import Assignment
from dowse.errors import InvalidInput
from dowse.optim.awkward import ODD_RESULTS, forest_space, mixed_space, point_space, rare_space
from tests.unit.analysis.histories import history, told

PLANE = SearchSpace([Double("x", -5.0, 10.0), Double("y", 0.0, 15.0)])


def branin(x: float, y: float) -> float:
    a = y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6
    return a * a + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def searched(trials: int, goal: str = "minimize") -> Optimizer:
    sign = -1.0 if goal == "maximize" else 1.0
    optimizer = Optimizer(PLANE, goal=goal, seed=1)
    for _ in range(trials):
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, sign * branin(**suggestion.parameters))
    return optimizer


def judged(space: SearchSpace, known: History, tolerance: float | None = None) -> Convergence:
    return Insights(space=space, goal=Goal.MINIMIZE, history=known).convergence(tolerance)


@pytest.fixture(scope="module")
def optimizer() -> Optimizer:
    return searched(60)


def test_a_search_that_found_the_optimum_has_converged(optimizer: Optimizer) -> None:
    found = optimizer.convergence()
    best = optimizer.best()
    assert best is not None
    assert found.verdict is Verdict.CONVERGED
    assert found.verdict.is_final
    assert found.bound is not None
    assert found.tolerance is not None
    assert best.value - 0.397887 <= found.bound <= found.tolerance
    assert found.message == (
        "no configuration is expected to be better than the best known by more than "
        f"{found.bound:.4g} (tolerance {found.tolerance:.4g})"
    )


def test_a_finer_tolerance_says_go_on(optimizer: Optimizer) -> None:
    found = optimizer.convergence(1e-9)
    assert found.verdict is Verdict.IMPROVING
    assert found.message.endswith("(tolerance 1e-09)")


def test_maximising_is_the_same_search(optimizer: Optimizer) -> None:
    found, turned = optimizer.convergence(), searched(60, "maximize").convergence()
    assert turned.verdict is found.verdict
    assert turned.bound == pytest.approx(found.bound)


def test_random_points_leave_something_to_be_gained_and_the_forecast_says_so() -> None:
    known = told(PLANE, lambda p: branin(float(p["x"]), float(p["y"])), 25)
    found = judged(PLANE, known)
    best = min(o.value for o in known.observations if o.value is not None)
    assert found.verdict is Verdict.IMPROVING
    assert found.bound is not None
    assert found.bound >= best - 0.397887
    assert [each.trials for each in found.forecast] == [10, 25, 50]
    gains = [each.gain for each in found.forecast]
    assert gains == sorted(gains)
    assert 0.1 * (best - 0.4) < gains[1] < found.bound
    assert found.forecast[1].chance > 0.5


def test_after_convergence_the_forecast_promises_nothing(optimizer: Optimizer) -> None:
    found = optimizer.convergence()
    assert found.tolerance is not None
    assert all(each.chance < 0.05 for each in found.forecast)
    assert all(each.gain < found.tolerance for each in found.forecast)


def test_one_result_is_counted_in_the_singular() -> None:
    found = judged(PLANE, told(PLANE, lambda p: float(p["x"]), 1))
    assert found.message == "1 result is too few to say: at least 20 are needed"


def test_few_results_are_too_early_to_judge() -> None:
    found = judged(PLANE, told(PLANE, lambda p: float(p["x"]), 10))
    assert found.verdict is Verdict.TOO_EARLY
    assert found.message == "10 results are too few to say: at least 20 are needed"
    assert found.bound is not None
    assert not found.verdict.is_final


def test_no_results_have_no_bound() -> None:
    found = judged(PLANE, History())
    assert (found.verdict, found.bound, found.tolerance) == (Verdict.TOO_EARLY, None, None)
    assert found.forecast == ()


def test_a_finite_space_is_exhausted_with_its_last_configuration() -> None:
    space = SearchSpace([Integer("a", 1, 3), Integer("b", 1, 2)], ["a != 2"])
    results = [({"a": a, "b": b}, float(a + b)) for a in (1, 3) for b in (1, 2)]
    almost = judged(space, history(results[:3]))
    assert (almost.left, almost.verdict) == (1, Verdict.TOO_EARLY)
    # What was tried twice, and what lies outside the space, is no progress.
    more = judged(space, history([*results[:3], results[0], ({"a": 2, "b": 1}, 0.0)]))
    assert more.left == 1
    done = judged(space, history(results))
    assert (done.left, done.verdict) == (0, Verdict.EXHAUSTED)
    assert done.message == "every configuration of the space was tried, in 4 trials"


def test_a_finite_space_says_how_many_are_left() -> None:
    space = SearchSpace([Integer("a", 1, 40)])
    found = judged(space, told(space, lambda p: math.sin(float(p["a"])), 25), 1e-6)
    assert found.left is not None
    assert found.left > 0
    assert found.message.endswith(f"; {found.left} configurations are left")


@pytest.mark.parametrize("tolerance", [0.0, -1.0, math.nan, math.inf])
def test_a_tolerance_that_cannot_be_is_refused(tolerance: float) -> None:
    with pytest.raises(InvalidInput, match=r"^tolerance: must be a positive number, got"):
        judged(PLANE, History(), tolerance)


@pytest.mark.parametrize(
    "space",
    [mixed_space(), forest_space(), point_space(), rare_space()],
    ids=["mixed", "forest", "point", "rare"],
)
def test_odd_results_and_spaces_break_nothing(space: SearchSpace) -> None:
    odd = iter(list(ODD_RESULTS) * 5)
    found = judged(space, told(space, lambda _: next(odd), 45))
    assert found.message


def test_the_chance_of_a_forecast_comes_true_about_as_often_as_it_says() -> None:
    chances, came = [], []
    for seed in range(6):
        x, y = np.random.default_rng(seed).uniform((-4.0, 1.0), (9.0, 14.0))

        def bowl(p: Assignment, x: float = x, y: float = y) -> float:
            return float((float(p["x"]) - x) ** 2 + (float(p["y"]) - y) ** 2)

        # Three points leave much to gain, and thirty tell where the lowest one lies.
        known = told(PLANE, bowl, 3 + 27 * (seed % 2), seed)
        for tolerance in (0.01, 10.0):
            found = judged(PLANE, known, tolerance)
            chances.append(found.forecast[0].chance)
            came.append(min(o.value or 0.0 for o in known.observations) > tolerance)
    brier = np.mean((np.array(chances) - np.array(came, dtype=np.float64)) ** 2)
    assert 0 < sum(came) < len(came)
    assert brier < 0.2
    assert abs(np.mean(chances) - np.mean(came)) < 0.2
