"""Boxes and the expected hypervolume improvement, against counting and against drawing."""

import numpy as np
import pytest

from dowse.numerics.arrays import FloatArray
from dowse.numerics.gp import Posterior, condition
from dowse.numerics.pareto import Boxes, LogHypervolumeImprovement, boxes


def front_of(count: int, m: int, *, decimals: int = 6) -> FloatArray:
    """Points on a sphere's octant; with few decimals, many of their coordinates are equal."""
    drawn = np.abs(np.random.default_rng(m).normal(size=(count, m)))
    rounded = np.round(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), decimals)
    better = (rounded[:, None] <= rounded[None]).all(2)
    np.fill_diagonal(better, False)
    return np.unique(rounded[~better.any(0)], axis=0)


def posteriors_of(m: int) -> tuple[Posterior, ...]:
    rng = np.random.default_rng(0)
    F = rng.random((12, 2))
    return tuple(
        condition(
            F,
            np.sin((3 + k) * F[:, 0] + k) + F[:, 1] ** (k + 1),
            np.log([0.4, 0.7 + 0.1 * k, 1.0, 1e-4]),
            np.arange(2),
        )
        for k in range(m)
    )


def improvement_of(m: int) -> LogHypervolumeImprovement:
    reference = np.full(m, 1.5)
    cells = boxes(front_of(9, m) - 0.5, reference)
    return LogHypervolumeImprovement(posteriors_of(m), cells)


@pytest.mark.parametrize("m", [2, 3, 4])
@pytest.mark.parametrize("decimals", [1, 6])
@pytest.mark.parametrize("count", [1, 5, 40])
def test_boxes_hold_each_point_that_is_not_dominated_exactly_once(
    m: int, decimals: int, count: int
) -> None:
    front = front_of(count, m, decimals=decimals)
    found = boxes(front, np.full(m, 1.2))
    at = np.random.default_rng(1).random((2_000, m)) * 1.4 - 0.2
    held = ((at[:, None] >= found.lower) & (at[:, None] < found.upper)).all(2).sum(1)
    dominated = np.any((front[None] <= at[:, None]).all(2), axis=1)
    inside = (at < 1.2).all(1)
    np.testing.assert_array_equal(held, inside & ~dominated)


def test_without_a_front_one_box_is_everything_below_the_reference() -> None:
    found = boxes(np.empty((0, 2)), np.array([1.0, 2.0]))
    np.testing.assert_array_equal(found.upper, [[1.0, 2.0]])
    assert np.isneginf(found.lower).all()


def test_a_point_beyond_the_reference_changes_nothing() -> None:
    inside, outside = np.array([[0.2, 0.4]]), np.array([[0.2, 0.4], [0.1, 3.0]])
    reference = np.ones(2)
    np.testing.assert_array_equal(boxes(inside, reference).upper, boxes(outside, reference).upper)


@pytest.mark.parametrize("m", [2, 3])
def test_the_expected_improvement_is_the_mean_of_drawn_improvements(m: int) -> None:
    known = improvement_of(m)
    unsure = tuple(
        condition(
            each.Z[:3] * each.scale, each.z[:3], each.theta - 1.5 * (each.theta > -1), np.arange(2)
        )
        for each in known.posteriors
    )
    improvement = LogHypervolumeImprovement(unsure, known.boxes)
    at = np.random.default_rng(2).random((4, 2))
    moments = [posterior.predict(at) for posterior in improvement.posteriors]
    noise = np.random.default_rng(3).normal(size=(50_000, m))
    for row, value in enumerate(improvement(at)):
        drawn = np.column_stack(
            [
                mean[row] + np.sqrt(variance[row]) * noise[:, k]
                for k, (mean, variance) in enumerate(moments)
            ]
        )
        gains = _gain(improvement.boxes, drawn)
        error = gains.std() / np.sqrt(len(gains))
        assert np.exp(value) == pytest.approx(gains.mean(), abs=4 * error)


def _gain(cells: Boxes, drawn: FloatArray) -> FloatArray:
    """Volume of the boxes that lies beyond each point (n, m)."""
    sides = cells.upper - np.maximum(cells.lower, drawn[:, None])
    return np.asarray(np.maximum(sides, 0.0).prod(2).sum(1), dtype=np.float64)


@pytest.mark.parametrize("m", [2, 3])
def test_gradients_agree_with_finite_differences(m: int) -> None:
    improvement = improvement_of(m)
    at = np.random.default_rng(4).random((6, 2))
    value, gradient = improvement.with_gradient(at)
    np.testing.assert_allclose(value, improvement(at))
    for j in range(2):
        away = np.zeros(2)
        away[j] = 1e-6
        slope = (improvement(at + away) - improvement(at - away)) / 2e-6
        np.testing.assert_allclose(gradient[:, j], slope, rtol=1e-3, atol=1e-4)


def test_a_hopeless_point_has_a_finite_value_and_a_slope() -> None:
    posteriors = posteriors_of(2)
    cells = boxes(np.array([[-300.0, -300.0]]), np.array([-200.0, -200.0]))
    improvement = LogHypervolumeImprovement(posteriors, cells)
    value, gradient = improvement.with_gradient(np.random.default_rng(5).random((5, 2)))
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()
    assert (np.abs(gradient) > 0).any()


def test_the_scale_is_the_shortest_of_the_models() -> None:
    improvement = improvement_of(2)
    np.testing.assert_allclose(improvement.scale, [0.4, 0.7])
