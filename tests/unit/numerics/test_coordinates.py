import numpy as np
import pytest

from dowse.numerics.coordinates import Condition, Coordinate, Coordinates, nearest_level
from dowse.numerics.kernels import FIXED


def _mixed() -> Coordinates:
    return Coordinates(
        (
            Coordinate(),
            Coordinate(levels=np.array([0.0, 0.3, 1.0])),
            Coordinate(categories=3),
            Coordinate(condition=Condition(parent=2, accepts=lambda v: v == 1.0)),
        )
    )


def test_each_category_owns_a_column_and_each_condition_a_fixed_one() -> None:
    space = _mixed()
    assert space.group.tolist() == [0, 1, 2, 2, 2, 3, FIXED]
    F = space.features(np.array([[0.2, 0.3, 1.0, 0.9], [0.2, 0.3, 2.0, 0.9]]))
    assert F[0].tolist() == pytest.approx([0.2, 0.3, 0.0, 0.5**0.5, 0.0, 0.9, 0.5])
    assert F[1].tolist() == pytest.approx([0.2, 0.3, 0.0, 0.0, 0.5**0.5, 0.5, 0.0])


def test_two_categories_are_at_distance_one_whatever_their_order() -> None:
    space = Coordinates((Coordinate(categories=5),))
    F = space.features(np.array([[0.0], [4.0], [2.0]]))
    assert ((F[0] - F[1]) ** 2).sum() == pytest.approx(1.0)
    assert ((F[0] - F[2]) ** 2).sum() == pytest.approx(1.0)


def test_the_value_of_an_inactive_coordinate_means_nothing() -> None:
    space = _mixed()
    one = space.features(np.array([[0.2, 0.3, 0.0, 0.1]]))
    other = space.features(np.array([[0.2, 0.3, 0.0, 0.8]]))
    assert (one == other).all()


def test_a_grandchild_is_inactive_with_its_parent() -> None:
    space = Coordinates(
        (
            Coordinate(categories=2),
            Coordinate(categories=2, condition=Condition(parent=0, accepts=lambda v: v == 1.0)),
            Coordinate(condition=Condition(parent=1, accepts=lambda v: v == 1.0)),
        )
    )
    active = space.active(np.array([[1.0, 1.0, 0.5], [0.0, 1.0, 0.5]]))
    assert active.tolist() == [[True, True, True], [True, False, False]]


def test_uniform_draws_give_end_levels_their_full_share() -> None:
    space = Coordinates((Coordinate(levels=np.array([0.0, 0.5, 1.0])),))
    X = space.from_unit(np.linspace(0.0, 1.0, 3001)[:-1, None])
    _, counts = np.unique(X, return_counts=True)
    np.testing.assert_allclose(counts, 1000, atol=2)


def test_snapping_goes_to_the_nearest_level_also_beyond_the_ends() -> None:
    levels = np.array([0.0, 0.3, 1.0])
    assert nearest_level(levels, np.array([-1.0, 0.14, 0.16, 0.7, 9.0])).tolist() == [0, 0, 1, 2, 2]
    assert nearest_level(np.array([0.5]), np.array([-3.0, 3.0])).tolist() == [0, 0]


def test_alternatives_are_all_other_values_of_a_short_list_and_steps_of_a_long_one() -> None:
    space = Coordinates(
        (Coordinate(categories=3), Coordinate(levels=np.linspace(0, 1, 101)), Coordinate())
    )
    x = np.array([1.0, 0.02, 0.5])
    assert space.alternatives(x, 0).tolist() == [0.0, 2.0]
    assert space.alternatives(x, 1).tolist() == pytest.approx([0.01, 0.03, 0.05, 0.10])
    assert space.alternatives(x, 2).size == 0


def test_an_unknown_value_is_as_far_from_every_category_and_in_the_middle_of_a_range() -> None:
    F = _mixed().features(np.array([[np.nan, 0.3, np.nan, 0.2]]))
    assert F[0].tolist() == pytest.approx([0.5, 0.3, 0.0, 0.0, 0.0, 0.5, 0.0])
