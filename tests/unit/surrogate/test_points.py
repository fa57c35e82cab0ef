import numpy as np
import pytest

from dowse import Categorical, Double, Integer, SearchSpace
from dowse.optim.awkward import mixed_space, rare_space
from dowse.surrogate.encoding import encoding_for
from dowse.surrogate.points import filled, placed, spread
from dowse.surrogate.sampling import sampler_for


@pytest.mark.parametrize("space", [mixed_space(), rare_space()], ids=["mixed", "rare"])
def test_spread_points_are_feasible_and_as_many_as_were_asked_for(space: SearchSpace) -> None:
    encoding = encoding_for(space)
    X = spread(encoding, sampler_for(space), 200, np.random.default_rng(0))
    assert X.shape == (200, encoding.coordinates.d)
    assert all(space.problems(encoding.decode(x)) == () for x in X)


def test_a_contradiction_leaves_no_points() -> None:
    space = SearchSpace([Integer("a", 1, 3), Integer("b", 5, 9)], constraints=["a > b"])
    assert len(spread(encoding_for(space), sampler_for(space), 8, np.random.default_rng(0))) == 0


def test_what_is_not_known_of_a_point_is_drawn() -> None:
    space = SearchSpace([Double("x", 0.0, 1.0), Categorical("c", ["a", "b"])])
    X = placed(encoding_for(space), [{"x": 0.25}, {"c": "b"}], np.random.default_rng(0))
    assert X[0, 0] == 0.25
    assert X[1, 1] == 1.0
    assert np.isfinite(X).all()


def test_values_to_fill_in_are_taken_in_turn() -> None:
    X = np.array([[np.nan, 1.0], [2.0, np.nan], [np.nan, np.nan]])
    filling = np.array([[7.0, 7.0], [8.0, 8.0]])
    assert filled(X, filling).tolist() == [[7.0, 1.0], [2.0, 8.0], [7.0, 7.0]]
