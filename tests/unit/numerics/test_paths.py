import numpy as np
import pytest

from dowse.numerics.gp import Posterior, condition
from dowse.numerics.paths import draw


@pytest.fixture
def posterior() -> Posterior:
    rng = np.random.default_rng(0)
    F = rng.random((12, 2))
    z = np.sin(5 * F[:, 0]) + F[:, 1]
    theta = np.log([0.5, 0.8, 1.0, 1e-4])
    return condition(F, z, theta, np.array([0, 1]))


def test_drawn_functions_have_the_mean_and_variance_of_the_posterior(posterior: Posterior) -> None:
    F = np.random.default_rng(1).random((40, 2))
    values = draw(posterior, 4_000, np.random.default_rng(2))(F)
    mean, variance = posterior.predict(F)
    assert values.shape == (40, 4_000)
    np.testing.assert_allclose(values.mean(1), mean, atol=0.05)
    np.testing.assert_allclose(values.std(1), np.sqrt(variance), atol=0.06)


def test_they_meet_the_observations_up_to_the_noise(posterior: Posterior) -> None:
    values = draw(posterior, 100, np.random.default_rng(3))(posterior.Z * posterior.scale)
    assert np.abs(values - posterior.z[:, None]).max() < 5 * np.sqrt(posterior.noise)


def test_no_points_give_no_values(posterior: Posterior) -> None:
    assert draw(posterior, 3, np.random.default_rng(0))(np.empty((0, 2))).shape == (0, 3)
