import numpy as np
import pytest

from dowse.numerics.success import LogSuccess, log_success


def model(failures: int = 6) -> LogSuccess:
    """Twelve trials of which those on the left failed."""
    F = np.column_stack([np.linspace(0.0, 1.0, 12), np.linspace(0.3, 0.7, 12)])
    failed = np.arange(12) < failures
    return log_success(F, failed, np.array([0.2, 0.5]))


def test_success_is_likely_near_successes_and_unlikely_near_failures() -> None:
    left, right = np.exp(model()(np.array([[0.0, 0.3], [1.0, 0.7]])))
    assert left < 0.3
    assert right > 0.7


def test_far_from_every_trial_it_is_the_share_of_successes() -> None:
    assert np.exp(model(3)(np.array([[50.0, 50.0]])))[0] == pytest.approx(9.5 / 13)


def test_no_number_of_failures_makes_success_impossible() -> None:
    F = np.zeros((500, 1))
    found = log_success(F, np.ones(500, dtype=np.bool_), np.array([0.3]))
    assert found(np.zeros((1, 1)))[0] > -20.0
    assert np.exp(found(np.array([[9.0]])))[0] == pytest.approx(0.5 / 501)


def test_gradients_agree_with_finite_differences() -> None:
    success = model()
    at = np.random.default_rng(0).random((8, 2))
    value, gradient = success.with_gradient(at)
    np.testing.assert_allclose(value, success(at))
    for j in range(2):
        away = np.zeros(2)
        away[j] = 1e-6
        slope = (success(at + away) - success(at - away)) / 2e-6
        np.testing.assert_allclose(gradient[:, j], slope, rtol=1e-4, atol=1e-7)
