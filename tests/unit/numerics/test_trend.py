"""The mean of several sources: coefficients against SciPy's bounded least squares, the posterior
against scikit-learn's on the residuals, gradients against finite differences.
"""

import numpy as np
import pytest
from scipy.optimize import approx_fprime, lsq_linear
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.fit import negative_log_posterior
from dowse.numerics.gp import NOISE_FLOOR, Posterior, condition
from dowse.numerics.model import Settings, prior_for
from dowse.numerics.trend import Basis, SourceMean, Stack, Trend

GROUP: IntArray = np.array([0, 1, 2], dtype=np.intp)
THETA = np.log([0.3, 0.7, 2.0, 1.7, 1e-3])
KNOWN = np.array([True, True, False])


def _source(seed: int) -> SourceMean:
    F = np.random.default_rng(seed).random((15, 3))
    z = np.sin(5.0 * F[:, 0] + seed) + F[:, 1]
    return condition(F, z, THETA, GROUP).mean_alone(KNOWN)


SOURCES = (_source(0), _source(1), _source(2))


def _data(n: int = 20) -> tuple[FloatArray, FloatArray, Basis]:
    F = np.random.default_rng(3).random((n, 3))
    z = 0.8 * SOURCES[0](F) + 0.4 * SOURCES[1](F) + 0.3 * SOURCES[2](F) + 0.2 * F[:, 2]
    M = np.column_stack([source(F) for source in SOURCES])
    return F, z, Basis.of(M, np.array([0.4, 0.4, 0.2]), np.array([4.0, 9.0, 2.0]))


def _posterior() -> tuple[Posterior, FloatArray, FloatArray, Basis]:
    F, z, basis = _data()
    return condition(F, z, THETA, GROUP).with_mean(basis, SOURCES), F, z, basis


def _covariance(F: FloatArray) -> FloatArray:
    kernel = ConstantKernel(1.7) * Matern([0.3, 0.7, 2.0], nu=2.5)
    noise = (1e-3 + NOISE_FLOOR) * np.eye(len(F))
    return np.asarray(kernel(F) + noise, dtype=np.float64)


def test_a_source_is_blind_to_what_it_does_not_know() -> None:
    F = np.random.default_rng(4).random((5, 3))
    elsewhere = F.copy()
    elsewhere[:, 2] = 17.0
    np.testing.assert_array_equal(SOURCES[0](F), SOURCES[0](elsewhere))


def test_sources_of_different_lengths_are_asked_together() -> None:
    F = np.random.default_rng(4).random((7, 3))
    short = condition(F[:4], F[:4, 0], THETA, GROUP).mean_alone(KNOWN)
    each = (SOURCES[0], short)
    stack = Stack.of(each)
    np.testing.assert_allclose(stack.cross(F)[0], [source(F) for source in each], atol=1e-12)
    shifts = np.array([[0.05, -0.1, 0.0], [0.2, 0.0, 0.0]])
    expected = [source(F + by) for source, by in zip(each, shifts, strict=True)]
    np.testing.assert_allclose(stack.moved(shifts).cross(F)[0], expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_the_coefficients_are_the_bounded_least_squares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    B, z = rng.normal(size=(12, 5)), rng.normal(size=12)
    basis = Basis(B, rng.normal(size=5), rng.uniform(0.1, 2.0, 5))
    # The prior of the coefficients as five more rows of the least squares problem.
    root = np.sqrt(basis.precision)
    theirs = lsq_linear(
        np.vstack([B, np.diag(root)]),
        np.concatenate([z, root * basis.centre]),
        bounds=([-np.inf] + [0.0] * 4, np.inf),
        tol=1e-14,
    )
    ours = basis.coefficients(B.T @ B, B.T @ z)
    np.testing.assert_allclose(ours, theirs.x, atol=1e-6)
    assert (ours[1:] >= 0.0).all()


def test_the_posterior_is_that_of_the_residuals_plus_the_trend() -> None:
    ours, F, z, basis = _posterior()
    Kinv = np.linalg.inv(_covariance(F))
    A = basis.B.T @ Kinv @ basis.B + np.diag(basis.precision)
    b = np.linalg.solve(A, basis.B.T @ Kinv @ z + basis.precision * basis.centre)
    assert (b[1:] > 0.0).all()
    signal = ConstantKernel(1.7, "fixed") * Matern([0.3, 0.7, 2.0], "fixed", nu=2.5)
    theirs = GaussianProcessRegressor(signal, alpha=1e-3 + NOISE_FLOOR, optimizer=None)
    theirs.fit(F, z - basis.B @ b)
    new = np.random.default_rng(5).random((30, 3))
    mean, sd = theirs.predict(new, return_std=True)
    trend = b[0] + np.column_stack([source(new) for source in SOURCES]) @ b[1:]
    our_mean, our_variance = ours.predict(new)
    np.testing.assert_allclose(our_mean, mean + trend, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(np.sqrt(our_variance), sd, rtol=1e-6, atol=1e-8)


def test_the_gradient_of_the_posterior_agrees_with_finite_differences() -> None:
    posterior, *_ = _posterior()
    at = np.random.default_rng(6).random((6, 3))

    def value(F: FloatArray) -> FloatArray:
        mean, variance = posterior.predict(F)
        return 2.0 * mean - 3.0 * np.sqrt(variance)

    gradient = posterior.pull_back(posterior.cross(at), np.full(6, 2.0), np.full(6, -3.0))
    for j in range(3):
        away = np.zeros(3)
        away[j] = 1e-6
        numerical = (value(at + away) - value(at - away)) / 2e-6
        np.testing.assert_allclose(gradient[:, j], numerical, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_gradient_by_the_hyperparameters_agrees_with_finite_differences(seed: int) -> None:
    F, z, basis = _data()
    prior = prior_for(3, Settings())
    theta = prior.mean + np.random.default_rng(seed).normal(size=5) * 0.5
    theta[-1] += 3.0

    def value(at: FloatArray) -> float:
        return negative_log_posterior(at, F, z, GROUP, prior, basis=basis)[0]

    gradient = negative_log_posterior(theta, F, z, GROUP, prior, basis=basis)[1]
    np.testing.assert_allclose(gradient, approx_fprime(theta, value, 1e-6), rtol=1e-3, atol=1e-4)


def test_the_fitted_values_are_the_mean_at_the_observed_points() -> None:
    posterior, F, _, _ = _posterior()
    np.testing.assert_allclose(posterior.fitted(), posterior.predict(F)[0], atol=1e-9)


def test_a_believed_point_leaves_the_mean_as_it_is() -> None:
    posterior, *_ = _posterior()
    new = np.random.default_rng(7).random((20, 3))
    after = posterior.believing(new[:2])
    np.testing.assert_allclose(after.predict(new)[0], posterior.predict(new)[0], atol=1e-9)
    assert (after.predict(new[:2])[1] < 0.01 * posterior.s2).all()


def test_sources_without_weight_are_no_trend() -> None:
    assert Trend.of(SOURCES, np.zeros(3)) is None
    assert Trend.of((), np.empty(0)) is None
