import numpy as np
import pytest

from dowse.numerics.arrays import BoolArray, FloatArray
from dowse.numerics.coordinates import Coordinate, Coordinates
from dowse.numerics.maximize import Effort, local_candidates, maximise, neighbours


class Bowl:
    """-|F - centre|^2: the best point is known in closed form."""

    def __init__(self, centre: FloatArray) -> None:
        self.centre = centre
        self.scale = np.ones(len(centre))

    def __call__(self, F: FloatArray) -> FloatArray:
        return np.asarray(-((F - self.centre) ** 2).sum(1), dtype=np.float64)

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        return self(F), -2.0 * (F - self.centre)


def _mixed() -> Coordinates:
    return Coordinates(
        (
            Coordinate(),
            Coordinate(levels=np.array([0.0, 0.25, 1.0])),
            Coordinate(levels=np.linspace(0.0, 1.0, 21)),
            Coordinate(categories=4),
        )
    )


def _bowl() -> Bowl:
    centre = np.array([0.37, 0.3, 0.52, 0.0, 0.0, 0.7, 0.0])
    return Bowl(centre)


def test_the_best_point_of_a_mixed_space_is_found() -> None:
    space, rng = _mixed(), np.random.default_rng(0)
    X, A = maximise(_bowl(), space, space.from_unit(rng.random((40, 4))), rng, effort=Effort())
    assert X[0].tolist() == pytest.approx([0.37, 0.25, 0.5, 2.0], abs=1e-3)
    assert (np.diff(A) <= 0).all()


def test_every_point_returned_lies_on_its_grid() -> None:
    space, rng = _mixed(), np.random.default_rng(1)
    X, A = maximise(_bowl(), space, space.from_unit(rng.random((60, 4))), rng, effort=Effort())
    assert (space.snapped(X) == X).all()
    np.testing.assert_allclose(_bowl()(space.features(X)), A)


def test_no_point_returned_is_infeasible() -> None:
    space, rng = _mixed(), np.random.default_rng(2)

    def feasible(X: FloatArray) -> BoolArray:
        return np.asarray((X[:, 0] + X[:, 2] < 0.6) & (X[:, 3] != 2.0), dtype=np.bool_)

    candidates = space.from_unit(rng.random((200, 4)))
    candidates = candidates[feasible(candidates)]
    X, A = maximise(_bowl(), space, candidates, rng, effort=Effort(), feasible=feasible)
    assert feasible(X).all()
    assert A[0] > _bowl()(space.features(candidates)).max()


def test_neighbours_change_one_grid_or_categorical_coordinate() -> None:
    x = np.array([0.5, 0.25, 0.5, 1.0])
    changed = neighbours(_mixed(), x) != x
    assert (changed.sum(1) == 1).all()
    assert changed.sum(0).tolist() == [0, 2, 6, 3]


def test_local_candidates_are_near_their_anchor_and_in_the_space() -> None:
    space = _mixed()
    anchor = np.array([[0.5, 0.25, 0.5, 1.0]])
    X = local_candidates(space, anchor, 500, np.random.default_rng(3))
    assert (space.snapped(X) == X).all()
    assert np.median(np.abs(X[:, 0] - 0.5)) < 0.05
    assert 0.2 < (X[:, 3] != 1.0).mean() < 0.6


def test_climbing_over_a_rarely_feasible_grid_ends_on_a_feasible_neighbour() -> None:
    space = Coordinates((Coordinate(levels=np.linspace(0.0, 1.0, 101)), Coordinate()))
    bowl = Bowl(np.array([0.5, 0.5]))

    def feasible(X: FloatArray) -> BoolArray:
        return np.asarray(np.round(X[:, 0] * 100) % 7 == 0, dtype=np.bool_)

    candidates = np.array([[0.07, 0.1], [0.91, 0.9]])
    rng = np.random.default_rng(4)
    X, _ = maximise(bowl, space, candidates, rng, effort=Effort(), feasible=feasible)
    assert X[0].tolist() == pytest.approx([0.49, 0.5], abs=1e-3)
