import math

import numpy as np
import pytest

from dowse.numerics.arrays import FloatArray
from dowse.numerics.coordinates import Coordinate, Coordinates
from dowse.numerics.model import Model, Settings, State, _smallest, learn
from dowse.numerics.warp import SOFTNESSES


def _learn(X: FloatArray, y: FloatArray, state: State | None = None) -> Model:
    space = Coordinates(tuple(Coordinate() for _ in range(X.shape[1])))
    rng = np.random.default_rng(0)
    return learn(space, X, y, state=state, settings=Settings(), rng=rng)


def _points(n: int, d: int = 3) -> FloatArray:
    return np.random.default_rng(1).random((n, d))


def test_a_skewed_objective_is_given_a_logarithmic_warp_and_a_smooth_one_is_not() -> None:
    X = _points(40)
    steep = np.exp(12.0 * (X - 0.4) ** 2 @ np.array([1.0, 1.0, 0.2]))
    assert SOFTNESSES[_learn(X, steep).state.softness] < math.inf
    smooth = np.sin(3.0 * X[:, 0]) + X[:, 1]
    assert SOFTNESSES[_learn(X, smooth).state.softness] == math.inf


def test_the_model_predicts_what_it_has_not_seen() -> None:
    X = _points(60)
    model = _learn(X, np.sin(4.0 * X[:, 0]) + X[:, 1])
    new = np.random.default_rng(9).random((50, 3))
    mean, _ = model.posterior.predict(new)
    error = model.warped.undo(mean) - np.sin(4.0 * new[:, 0]) - new[:, 1]
    assert np.sqrt((error**2).mean()) < 0.05


def test_a_state_saves_the_fit_until_the_history_has_grown() -> None:
    X = _points(101)
    y = np.sin(4.0 * X[:, 0])
    first = _learn(X[:100], y[:100])
    second = _learn(X, y, first.state)
    assert second.state.fitted == 100
    assert (second.posterior.theta == first.posterior.theta).all()


def test_a_state_of_another_space_is_ignored() -> None:
    state = _learn(_points(10, 2), _points(10, 2)[:, 0]).state
    assert len(_learn(_points(10), _points(10)[:, 0], state).posterior.theta) == 5


def test_many_observations_are_thinned_to_those_that_matter() -> None:
    X = _points(900)
    y = ((X - 0.5) ** 2).sum(1)
    model = _learn(X, y)
    assert len(model.rows) == 400
    assert set(np.argsort(y)[:100]) <= set(model.rows.tolist())


@pytest.mark.parametrize(
    "y",
    [
        [np.nan] * 6,
        [1.0] * 6,
        [1e300, -1e300, 0.0, np.inf, -np.inf, np.nan],
        [1e-300, 2e-300, 0.0, 3e-300, 1e-310, 5e-320],
        [1e308, -1e308, 1e308, 1.0, 2.0, 3.0],
    ],
)
def test_no_values_break_the_model(y: list[float]) -> None:
    model = _learn(_points(6), np.array(y))
    mean, variance = model.posterior.predict(_points(10))
    assert np.isfinite(mean).all()
    assert (variance > 0).all()


def test_identical_points_with_contradictory_values_are_taken_for_noise() -> None:
    X = np.full((8, 3), 0.5)
    model = _learn(X, np.array([0.0, 1.0] * 4))
    mean, _ = model.posterior.predict(X[:1])
    assert mean[0] == pytest.approx(0.0, abs=0.3)


def test_the_smallest_values_come_in_order_and_the_earlier_of_equal_ones_first() -> None:
    values = np.array([3.0, 1.0, 2.0, 1.0, np.inf, 1.0, 0.5])
    assert _smallest(values, 4).tolist() == [6, 1, 3, 5]
    assert _smallest(values, 3).tolist() == [6, 1, 3]
    assert _smallest(values, 7).tolist() == [6, 1, 3, 5, 2, 0, 4]
