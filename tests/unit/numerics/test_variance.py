"""Against functions whose Sobol indices are known in closed form."""

import math

import numpy as np

from dowse.numerics.arrays import FloatArray
from dowse.numerics.sobol import Sobol
from dowse.numerics.variance import indices


def ishigami(U: FloatArray) -> FloatArray:
    x = (2 * U - 1) * math.pi
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return np.asarray(y[:, None])


A = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def g_function(U: FloatArray) -> FloatArray:
    return np.asarray(np.prod((np.abs(4 * U - 2) + A) / (1 + A), axis=1)[:, None])


def test_ishigami() -> None:
    first, total = indices(ishigami, Sobol(6, [0]).points(4_096))
    np.testing.assert_allclose(first[:, 0], [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(total[:, 0], [0.5576, 0.4424, 0.2437], atol=0.02)


def test_the_g_function() -> None:
    V = 1 / 3 / (1 + A) ** 2
    whole = np.prod(1 + V) - 1
    first, total = indices(g_function, Sobol(12, [0]).points(4_096))
    np.testing.assert_allclose(first[:, 0], V / whole, atol=0.02)
    np.testing.assert_allclose(total[:, 0], V / (1 + V) * np.prod(1 + V) / whole, atol=0.02)


def test_a_constant_varies_with_nothing() -> None:
    first, total = indices(lambda U: np.ones((len(U), 2)), Sobol(6, [0]).points(64))
    assert not first.any()
    assert not total.any()
