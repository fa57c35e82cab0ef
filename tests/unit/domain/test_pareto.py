import itertools
import random
from operator import le

import pytest

from dowse.domain.metrics import Goal
from dowse.domain.pareto import Losses, dominates, hypervolume, layers, losses, nondominated


def drawn(count: int, m: int, *, seed: int = 0, levels: int = 7) -> list[Losses]:
    """Points on a coarse grid, so that ties and equal points are common."""
    chance = random.Random(seed)
    return [tuple(chance.randrange(levels) / levels for _ in range(m)) for _ in range(count)]


def test_one_point_dominates_another_when_nowhere_worse_and_somewhere_better() -> None:
    assert dominates((1.0, 2.0), (1.0, 3.0))
    assert not dominates((1.0, 2.0), (1.0, 2.0))
    assert not dominates((0.0, 3.0), (1.0, 2.0))


def test_a_goal_to_maximise_turns_the_sign() -> None:
    assert losses([0.9, 12.0], [Goal.MAXIMIZE, Goal.MINIMIZE]) == (-0.9, 12.0)


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_the_front_is_what_no_other_point_dominates(m: int) -> None:
    points = drawn(60, m, seed=m)
    expected = [
        i
        for i, point in enumerate(points)
        if not any(dominates(other, point) for other in points) and point not in points[:i]
    ]
    assert nondominated(points) == expected


def test_odd_numbers_are_never_on_the_front() -> None:
    odd = [(float("nan"), 0.0), (float("-inf"), 0.0), (1.0, 1.0), (float("inf"), -5.0)]
    assert nondominated(odd) == [2]
    assert nondominated([]) == []


def test_a_hypervolume_is_the_area_below_the_reference() -> None:
    assert hypervolume([(1.0, 2.0), (2.0, 1.0)], (3.0, 3.0)) == pytest.approx(3.0)
    assert hypervolume([(1.0, 3.0)], (3.0, 3.0)) == 0.0
    assert hypervolume([(2.0,), (1.5,)], (3.0,)) == pytest.approx(1.5)
    assert hypervolume([], (1.0, 1.0)) == 0.0


@pytest.mark.parametrize("m", [2, 3, 4])
def test_a_hypervolume_counts_every_cell_that_is_dominated(m: int) -> None:
    levels = 7
    points = drawn(12, m, seed=10 + m, levels=levels)
    cells = itertools.product([k / levels for k in range(levels)], repeat=m)
    covered = sum(any(all(map(le, point, cell)) for point in points) for cell in cells)
    assert hypervolume(points, (1.0,) * m) == pytest.approx(covered / levels**m)


@pytest.mark.parametrize("m", [1, 2, 3])
def test_the_layers_are_the_fronts_that_are_left_one_after_the_other(m: int) -> None:
    points = drawn(60, m, seed=m)
    expected = [0] * len(points)
    left = list(range(len(points)))
    for number in itertools.count():
        if not left:
            break
        front = {left[place] for place in nondominated([points[i] for i in left])}
        for i in front:
            expected[i] = number
        left = [i for i in left if i not in front]
    assert layers(points) == expected
