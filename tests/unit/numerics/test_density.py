import numpy as np
import pytest
from scipy.stats import norm

from dowse.numerics.arrays import FloatArray
from dowse.numerics.density import Cells, divergence

EVEN = Cells(middles=(np.arange(50) + 0.5) / 50, ordered=True)
LABELS = Cells(middles=np.arange(4.0), ordered=False)


def test_edges_lie_halfway_between_the_middles_and_as_far_outside() -> None:
    cells = Cells(middles=np.array([0.0, 1.0, 3.0]), ordered=True)
    assert cells.edges.tolist() == [-0.5, 0.5, 2.0, 4.0]


def test_a_spread_trial_is_a_normal_distribution_cut_off_at_the_ends() -> None:
    counts = np.bincount([3, 10, 10, 24, 30, 41], minlength=50).astype(float)
    K, anywhere = EVEN.spread(counts)
    np.testing.assert_allclose(K.sum(1), 1.0)
    assert anywhere.sum() == pytest.approx(1.0)
    width = EVEN._bandwidth(counts)
    F = norm.cdf(EVEN.edges, EVEN.middles[10], width)
    np.testing.assert_allclose(K[10], np.diff(F) / (F[-1] - F[0]))


def test_labels_are_not_spread_over_each_other() -> None:
    K, anywhere = LABELS.spread(np.array([3.0, 0.0, 2.0, 5.0]))
    assert (np.eye(4) == K).all()
    assert anywhere.tolist() == [0.25] * 4


def test_the_divergence_is_that_of_the_two_densities() -> None:
    cell = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    top = np.array([True, True, True, False, False, False, False, False])
    p = np.array([2.25, 1.25, 0.25, 0.25]) / 4
    q = np.full(4, 0.25)
    assert divergence(LABELS, cell, top).value == pytest.approx(float((q * (p / q - 1) ** 2).sum()))


def random_choice(cells: Cells, C: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    top = np.zeros(200, dtype=np.bool_)
    top[rng.choice(200, 20, replace=False)] = True
    found = divergence(cells, rng.integers(0, C, 200), top)
    return found.value - found.chance


@pytest.mark.parametrize(("cells", "C"), [(EVEN, 50), (LABELS, 4)], ids=["ordered", "labels"])
def test_chance_is_what_a_random_choice_gives_on_average(cells: Cells, C: int) -> None:
    left = [random_choice(cells, C, seed) for seed in range(200)]
    assert abs(np.mean(left)) < 3 * np.std(left) / np.sqrt(len(left)) + 0.01


def test_the_influences_are_the_derivatives_by_the_weight_of_each_trial() -> None:
    """A trial told once more moves the value by about its influence."""
    rng = np.random.default_rng(1)
    cell = rng.integers(0, 4, 400)
    top = (cell == 2) & (rng.random(400) < 0.5)
    base = divergence(LABELS, cell, top)
    for row in (int(np.argmax(top)), int(np.argmin(top))):
        again = np.append(np.arange(400), row)
        moved = divergence(LABELS, cell[again], top[again]).value - base.value
        assert moved == pytest.approx(base.influence[row], rel=0.05, abs=1e-4)


def test_all_or_none_among_the_best_diverge_from_nothing() -> None:
    cell: FloatArray = np.array([0, 1, 2])
    for top in (np.ones(3, dtype=np.bool_), np.zeros(3, dtype=np.bool_)):
        found = divergence(LABELS, cell.astype(np.intp), top)
        assert (found.value, found.excess) == (0.0, 0.0)
