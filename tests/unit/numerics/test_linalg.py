import numpy as np
import pytest

from dowse.numerics.arrays import FloatArray
from dowse.numerics.linalg import (
    cholesky,
    cholesky_with_jitter,
    extend_inverse_factor,
    inverse_from_cholesky,
    triangular_inverse,
)


def _covariance(n: int, seed: int = 0) -> FloatArray:
    A = np.random.default_rng(seed).normal(size=(n, n + 3))
    return np.asarray(A @ A.T, dtype=np.float64)


def test_the_factor_multiplies_back_to_the_matrix() -> None:
    K = _covariance(6)
    L = cholesky(K)
    assert L is not None
    np.testing.assert_allclose(L @ L.T, K, rtol=1e-12)
    np.testing.assert_allclose(inverse_from_cholesky(L) @ K, np.eye(6), atol=1e-9)
    np.testing.assert_allclose(triangular_inverse(L) @ L, np.eye(6), atol=1e-12)


def test_a_singular_covariance_has_no_factor_until_jitter_is_added() -> None:
    K = np.ones((5, 5))
    K[0, 0] -= 1e-12
    assert cholesky(K) is None
    L = cholesky_with_jitter(K, 1.0)
    np.testing.assert_allclose(L @ L.T, K, atol=1e-5)


def test_a_covariance_that_is_not_finite_is_refused_with_its_size() -> None:
    with pytest.raises(FloatingPointError, match="covariance of 3 points does not factor"):
        cholesky_with_jitter(np.full((3, 3), np.nan), 1.0)


def test_the_grown_inverse_factor_is_that_of_the_grown_covariance() -> None:
    K = _covariance(9)
    L = cholesky(K[:6, :6])
    whole = cholesky(K)
    assert L is not None
    assert whole is not None
    grown = extend_inverse_factor(triangular_inverse(L), K[:6, 6:], K[6:, 6:], 1.0)
    np.testing.assert_allclose(grown, triangular_inverse(whole), rtol=1e-8, atol=1e-10)
