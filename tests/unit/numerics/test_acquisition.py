import numpy as np
import pytest
from scipy.stats import norm

from dowse.numerics.acquisition import (
    Acquisition,
    Bells,
    ConfidenceBound,
    Criterion,
    LogExpectedImprovement,
    LogProbabilityBelow,
    Preference,
    Sum,
)
from dowse.numerics.gp import condition

MEAN = np.array([-0.3, 0.2, 1.0, 5.0])
SD = np.array([0.4, 0.05, 1.0, 0.1])


def test_log_expected_improvement_is_the_logarithm_of_the_textbook_formula() -> None:
    z = (0.1 - MEAN[:3]) / SD[:3]
    expected = np.log(SD[:3] * (norm.pdf(z) + z * norm.cdf(z)))
    value, _, _ = LogExpectedImprovement(0.1)(MEAN[:3], SD[:3])
    np.testing.assert_allclose(value, expected, rtol=1e-9)


def test_the_probability_below_a_bound_keeps_its_digits_in_the_tail() -> None:
    value, _, _ = LogProbabilityBelow(0.1)(MEAN, SD)
    np.testing.assert_allclose(value, norm.logcdf((0.1 - MEAN) / SD), rtol=1e-9)


@pytest.mark.parametrize(
    "criterion", [LogExpectedImprovement(0.1), ConfidenceBound(1.8), LogProbabilityBelow(0.1)]
)
def test_partial_derivatives_agree_with_finite_differences(criterion: Criterion) -> None:
    _, by_mean, by_sd = criterion(MEAN, SD)
    step = 1e-7
    up, down = criterion(MEAN + step, SD)[0], criterion(MEAN - step, SD)[0]
    np.testing.assert_allclose(by_mean, (up - down) / (2 * step), rtol=1e-4)
    up, down = criterion(MEAN, SD + step)[0], criterion(MEAN, SD - step)[0]
    np.testing.assert_allclose(by_sd, (up - down) / (2 * step), rtol=1e-4)


@pytest.mark.parametrize(
    "criterion", [LogExpectedImprovement(-1.0), ConfidenceBound(1.8), LogProbabilityBelow(-1.0)]
)
def test_gradients_by_features_agree_with_finite_differences(criterion: Criterion) -> None:
    rng = np.random.default_rng(0)
    F = rng.random((15, 2))
    posterior = condition(F, np.sin(5 * F[:, 0]), np.log([0.4, 0.9, 1.0, 1e-4]), np.arange(2))
    acquisition = Acquisition(posterior=posterior, criterion=criterion)
    at = rng.random((7, 2))
    value, gradient = acquisition.with_gradient(at)
    np.testing.assert_allclose(value, acquisition(at))
    for j in range(2):
        away = np.zeros(2)
        away[j] = 1e-6
        slope = (acquisition(at + away) - acquisition(at - away)) / 2e-6
        np.testing.assert_allclose(gradient[:, j], slope, rtol=2e-4, atol=1e-5)


def test_a_sum_adds_the_values_and_gradients_of_its_terms() -> None:
    rng = np.random.default_rng(1)
    F = rng.random((12, 3))
    posterior = condition(F, F[:, 0] ** 2, np.log([0.5, 0.5, 0.5, 1.0, 1e-4]), np.arange(3))
    plain = Acquisition(posterior=posterior, criterion=ConfidenceBound(1.0))
    bells = Bells(columns=np.array([0, 2]), centre=np.array([0.5, 0.2]), width=np.array([0.1, 0.3]))
    preference = Preference(bells=bells, weight=0.7)
    preferring = Sum(terms=(plain, preference), scale=plain.scale)
    at = rng.random((5, 3))
    expected = norm.logpdf(at[:, 0], 0.5, 0.1) + norm.logpdf(at[:, 2], 0.2, 0.3)
    difference = preferring(at) - plain(at) - 0.7 * expected
    np.testing.assert_allclose(difference, difference[0])
    value, gradient = preferring.with_gradient(at)
    np.testing.assert_allclose(value, preferring(at))
    for j in range(3):
        away = np.zeros(3)
        away[j] = 1e-6
        slope = (preferring(at + away) - preferring(at - away)) / 2e-6
        np.testing.assert_allclose(gradient[:, j], slope, rtol=2e-4, atol=1e-5)
