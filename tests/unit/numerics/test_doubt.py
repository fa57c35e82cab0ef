import numpy as np
import pytest

from dowse.numerics.coordinates import Coordinate, Coordinates
from dowse.numerics.doubt import has_turn, unfitted

SPACE = Coordinates((Coordinate(), Coordinate()))


def test_a_search_that_makes_progress_needs_no_second_opinion() -> None:
    assert not any(has_turn(index, np.linspace(1.0, -1.0, 40)) for index in range(9))


def test_one_that_makes_none_asks_for_one_every_third_time() -> None:
    assert [index for index in range(9) if has_turn(index, np.zeros(40))] == [1, 4, 7]


def test_small_steps_are_progress_enough() -> None:
    valley = np.append(np.linspace(1.0, -1.0, 30), np.linspace(-1.0, -1.01, 10))
    assert not any(has_turn(index, valley) for index in range(9))


def test_the_first_results_are_for_the_fit() -> None:
    assert not any(has_turn(index, np.zeros(29)) for index in range(9))


def test_it_does_not_know_what_lies_far_from_results_that_a_fit_would_be_sure_of() -> None:
    # Thirty results in one corner, all but equal: a fit takes the rest for flat.
    rng = np.random.default_rng(0)
    X = 0.2 * rng.random((30, 2))
    y = 1.0 + 1e-6 * X.sum(1)
    model = unfitted(SPACE, X, y)
    _, variance = model.predict(np.array([[0.1, 0.1], [0.9, 0.9]]))
    assert variance[0] < 0.1
    assert variance[1] == pytest.approx(1.0, abs=0.1)


def test_failures_count_as_worse_than_the_worst() -> None:
    X = np.random.default_rng(0).random((6, 2))
    y = np.array([1.0, np.nan, 3.0, np.inf, 2.0, 0.5])
    model = unfitted(SPACE, X, y)
    mean, _ = model.predict(X)
    assert model.observed == 6
    assert min(mean[1], mean[3]) > mean[2] > mean[0] > mean[5]
