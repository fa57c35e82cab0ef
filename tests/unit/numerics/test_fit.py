import numpy as np
import pytest
from scipy.optimize import approx_fprime

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.bfgs import Options
from dowse.numerics.coordinates import Condition, Coordinate, Coordinates
from dowse.numerics.fit import Prior, fit, negative_log_posterior
from dowse.numerics.model import Settings, prior_for

OPTIONS = Options(iterations=60, tolerance=1e-6, first_step=0.5)


def _mixed(n: int = 30) -> tuple[FloatArray, FloatArray, IntArray, Prior]:
    space = Coordinates(
        (
            Coordinate(),
            Coordinate(),
            Coordinate(categories=3),
            Coordinate(condition=Condition(parent=2, accepts=lambda v: v == 1.0)),
        )
    )
    X = space.from_unit(np.random.default_rng(1).random((n, 4)))
    z = np.cos(4 * X[:, 0]) + 0.3 * X[:, 2] + np.where(X[:, 2] == 1.0, X[:, 3], 0.0)
    return space.features(X), (z - z.mean()) / z.std(), space.group, prior_for(4, Settings())


@pytest.mark.parametrize("seed", range(4))
def test_the_gradient_agrees_with_finite_differences(seed: int) -> None:
    F, z, group, prior = _mixed()
    theta = prior.mean + np.random.default_rng(seed).normal(size=6) * 0.5
    theta[-1] += 5.0

    def value(at: FloatArray) -> float:
        return negative_log_posterior(at, F, z, group, prior)[0]

    gradient = negative_log_posterior(theta, F, z, group, prior)[1]
    np.testing.assert_allclose(gradient, approx_fprime(theta, value, 1e-6), rtol=1e-3, atol=1e-4)


def test_the_mode_has_no_slope_and_is_better_than_where_it_began() -> None:
    F, z, group, prior = _mixed()
    start = np.clip(prior.mean, prior.lower, prior.upper)
    found = fit(F, z, group, prior, starts=[start], options=OPTIONS)
    value, gradient = negative_log_posterior(found.theta, F, z, group, prior)
    assert found.objective == pytest.approx(value)
    assert value < negative_log_posterior(start, F, z, group, prior)[0]
    inside = (found.theta > prior.lower) & (found.theta < prior.upper)
    assert np.abs(gradient[inside]).max() < 0.05


def test_an_irrelevant_coordinate_gets_the_longest_lengthscale() -> None:
    X = np.random.default_rng(2).random((40, 2))
    z = np.sin(7.0 * X[:, 0])
    prior = prior_for(2, Settings())
    found = fit(X, z, np.arange(2), prior, starts=[prior.mean], options=OPTIONS)
    assert found.theta[1] > found.theta[0] + 1.0


def test_noise_is_found_where_there_is_noise() -> None:
    rng = np.random.default_rng(5)
    X = rng.random((60, 1))
    z = np.sin(6.0 * X[:, 0]) + 0.3 * rng.normal(size=60)
    prior = prior_for(1, Settings())
    start = prior.mean.copy()
    start[-1] = np.log(1e-3)
    found = fit(X, z, np.zeros(1, dtype=np.intp), prior, starts=[start], options=OPTIONS)
    assert np.exp(found.theta[-1]) == pytest.approx(0.09, rel=0.5)
