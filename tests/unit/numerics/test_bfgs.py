import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.bfgs import Options, minimise

TIGHT = Options(iterations=200, tolerance=1e-12, first_step=0.1)


def _rosenbrock(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
    a, b = x[:, 0], x[:, 1]
    value = (1 - a) ** 2 + 10 * (b - a * a) ** 2
    gradient = np.stack([-2 * (1 - a) - 40 * a * (b - a * a), 20 * (b - a * a)], 1)
    return value, gradient


def test_every_start_reaches_the_minimum_of_a_curved_valley() -> None:
    starts = np.array([[-1.0, 1.5], [0.0, 0.0], [1.9, -1.0]])
    x, f = minimise(_rosenbrock, starts, np.full(2, -2.0), np.full(2, 2.0), TIGHT)
    np.testing.assert_allclose(x, 1.0, atol=1e-3)
    assert (f < 1e-6).all()


def test_a_minimum_outside_the_box_is_found_on_its_face() -> None:
    def sphere(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        return ((x - 3.0) ** 2).sum(1), 2.0 * (x - 3.0)

    x, _ = minimise(sphere, np.zeros((2, 3)), np.full(3, -1.0), np.array([1.0, 5.0, 2.0]), TIGHT)
    np.testing.assert_allclose(x, [[1.0, 3.0, 2.0]] * 2, atol=1e-6)


def test_rows_are_told_apart() -> None:
    centres = np.array([[0.2], [0.7]])

    def own(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        away = x - centres[rows]
        return (away**2).sum(1), 2.0 * away

    x, _ = minimise(own, np.full((2, 1), 0.5), np.zeros(1), np.ones(1), TIGHT)
    np.testing.assert_allclose(x, centres, atol=1e-6)


def test_no_row_ends_worse_than_it_began() -> None:
    rng = np.random.default_rng(0)

    def rough(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        return np.sin(40 * x).sum(1), rng.normal(size=x.shape)

    start = rng.random((20, 3))
    before, _ = rough(start, np.arange(20))
    _, after = minimise(rough, start, np.zeros(3), np.ones(3), TIGHT)
    assert (after <= before).all()
