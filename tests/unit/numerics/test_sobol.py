import numpy as np
import pytest
from scipy.stats import qmc

from dowse.numerics.sobol import BITS, Sobol, _direction_matrix


def test_the_direction_numbers_give_the_published_sequence() -> None:
    theirs = qmc.Sobol(40, scramble=False, bits=BITS).random(256)
    V = _direction_matrix(40)
    for k in range(256):
        gray = k ^ (k >> 1)
        ones = [i for i in range(BITS) if gray >> i & 1]
        ours = np.bitwise_xor.reduce(V[:, ones], axis=1, initial=0) / (1 << BITS)
        np.testing.assert_array_equal(ours, theirs[k])


@pytest.mark.parametrize("d", [1, 5, 40])
def test_every_dyadic_interval_of_each_axis_holds_one_point(d: int) -> None:
    sequence = Sobol(d, [7])
    points = np.array([sequence.point(k) for k in range(64)])
    for j in range(d):
        assert sorted(np.floor(points[:, j] * 64).astype(int)) == list(range(64))


def test_seeds_give_different_sequences_and_the_same_seed_the_same() -> None:
    one, same, other = Sobol(3, [1]), Sobol(3, [1]), Sobol(3, [2])
    assert (one.point(5) == same.point(5)).all()
    assert (one.point(5) != other.point(5)).any()


def test_dimensions_beyond_the_table_are_filled() -> None:
    point = Sobol(200, [3]).point(11)
    assert point.shape == (200,)
    assert ((point > 0) & (point < 1)).all()
    assert len(np.unique(point)) == 200


def test_the_points_fill_the_cube_more_evenly_than_random_ones() -> None:
    sequence = Sobol(4, [0])
    points = np.array([sequence.point(k) for k in range(128)])
    random = np.random.default_rng(0).random((128, 4))
    assert qmc.discrepancy(points) < 0.5 * qmc.discrepancy(random)


@pytest.mark.parametrize("count", [0, 1, 5, 64])
def test_many_points_at_once_are_the_single_points(count: int) -> None:
    sequence = Sobol(7, [4])
    single = np.array([sequence.point(k) for k in range(count)]).reshape(count, 7)
    np.testing.assert_array_equal(sequence.points(count), single)


def test_many_points_fill_dimensions_beyond_the_table() -> None:
    points = Sobol(60, [4]).points(16)
    assert points.shape == (16, 60)
    assert len(np.unique(points[:, 55])) == 16
