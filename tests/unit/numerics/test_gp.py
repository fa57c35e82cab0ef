"""The posterior against scikit-learn's, its gradients against finite differences."""

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.gp import NOISE_FLOOR, Posterior, condition

GROUP: IntArray = np.array([0, 1, 2], dtype=np.intp)
THETA = np.log([0.3, 0.7, 2.0, 1.7, 1e-3])


def _data(n: int = 25) -> tuple[FloatArray, FloatArray]:
    F = np.random.default_rng(3).random((n, 3))
    return F, np.sin(6.0 * F[:, 0]) + F[:, 1] ** 2 - 0.3


def _posterior() -> Posterior:
    F, z = _data()
    return condition(F, z, THETA, GROUP)


def test_mean_and_variance_agree_with_scikit_learn() -> None:
    F, z = _data()
    ours = condition(F, z, THETA, GROUP)
    signal = ConstantKernel(1.7, "fixed") * Matern([0.3, 0.7, 2.0], "fixed", nu=2.5)
    theirs = GaussianProcessRegressor(
        signal, alpha=1e-3 + NOISE_FLOOR, optimizer=None, normalize_y=False
    )
    theirs.fit(F, z - ours.c)
    new = np.random.default_rng(4).random((40, 3))
    mean, sd = theirs.predict(new, return_std=True)
    our_mean, our_variance = ours.predict(new)
    np.testing.assert_allclose(our_mean, mean + ours.c, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(np.sqrt(our_variance), sd, rtol=1e-6, atol=1e-8)


def test_the_constant_mean_is_the_generalised_least_squares_estimate() -> None:
    F, z = _data()
    K = (ConstantKernel(1.7) * Matern([0.3, 0.7, 2.0], nu=2.5) + WhiteKernel(1e-3))(F)
    Kinv = np.linalg.inv(K)
    assert condition(F, z, THETA, GROUP).c == pytest.approx(
        Kinv.sum(0) @ z / (Kinv.sum() + 1.0), rel=1e-4
    )


def test_the_gradient_pulled_back_agrees_with_finite_differences() -> None:
    posterior = _posterior()
    at = np.random.default_rng(5).random((6, 3))

    def value(F: FloatArray) -> FloatArray:
        mean, variance = posterior.predict(F)
        return 2.0 * mean - 3.0 * np.sqrt(variance)

    gradient = posterior.pull_back(posterior.cross(at), np.full(6, 2.0), np.full(6, -3.0))
    step = 1e-6
    for j in range(3):
        away = np.zeros(3)
        away[j] = step
        numerical = (value(at + away) - value(at - away)) / (2.0 * step)
        np.testing.assert_allclose(gradient[:, j], numerical, rtol=1e-4, atol=1e-6)


def test_a_believed_point_leaves_the_mean_and_shrinks_the_variance() -> None:
    posterior = _posterior()
    pending = np.array([[0.5, 0.5, 0.5], [0.9, 0.1, 0.2]])
    new = np.vstack([pending, np.random.default_rng(6).random((30, 3))])
    mean, variance = posterior.predict(new)
    believing = posterior.believing(pending)
    believed_mean, believed_variance = believing.predict(new)
    np.testing.assert_allclose(believed_mean, mean, rtol=1e-9, atol=1e-9)
    assert (believed_variance <= variance + 1e-12).all()
    assert (believed_variance[:2] < 2e-3).all()
    assert len(believing.fitted()) == len(posterior.fitted()) == 25


def test_believing_equals_conditioning_on_the_mean() -> None:
    F, z = _data()
    posterior = condition(F, z, THETA, GROUP)
    pending = np.array([[0.5, 0.5, 0.5]])
    mean, _ = posterior.predict(pending)
    again = condition(np.vstack([F, pending]), np.append(z, mean), THETA, GROUP)
    new = np.random.default_rng(7).random((20, 3))
    np.testing.assert_allclose(
        posterior.believing(pending).predict(new)[1], again.predict(new)[1], rtol=1e-6, atol=1e-10
    )


def test_the_fitted_values_are_the_posterior_mean_at_the_observations() -> None:
    F, _ = _data()
    posterior = _posterior()
    np.testing.assert_allclose(posterior.fitted(), posterior.predict(F)[0], rtol=1e-8, atol=1e-9)


def test_contradictory_duplicates_are_averaged() -> None:
    F = np.array([[0.5, 0.5, 0.5]] * 2 + [[0.1, 0.9, 0.2]])
    posterior = condition(F, np.array([-1.0, 1.0, 0.3]), THETA, GROUP)
    mean, variance = posterior.predict(F[:1])
    assert mean[0] == pytest.approx(0.0, abs=0.05)
    assert np.isfinite(variance).all()
