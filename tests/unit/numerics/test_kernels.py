import numpy as np
import pytest
from sklearn.gaussian_process.kernels import Matern

from dowse.numerics.kernels import FIXED, column_scales, matern52, squared_distances


def test_the_kernel_is_scikit_learns_matern_five_halves() -> None:
    X = np.random.default_rng(0).random((12, 3))
    scales = column_scales(np.array([0.2, 0.5, 3.0]), np.array([0, 1, 2]))
    k, _ = matern52(squared_distances(X / scales, X / scales))
    np.testing.assert_allclose(k, Matern([0.2, 0.5, 3.0], nu=2.5)(X), atol=1e-10)


def test_h_is_the_slope_of_the_kernel_in_the_squared_distance() -> None:
    r2 = np.array([0.01, 0.3, 2.0])
    _, h = matern52(r2)
    step = 1e-6
    slope = (matern52(r2 + step)[0] - matern52(r2 - step)[0]) / (2 * step)
    np.testing.assert_allclose(slope, -5.0 / 6.0 * h, rtol=1e-6)


def test_a_fixed_column_has_no_lengthscale() -> None:
    scales = column_scales(np.array([0.5]), np.array([0, FIXED]))
    assert scales.tolist() == pytest.approx([0.5, 1.0])
