"""A source that lies beside the truth is moved onto it."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from dowse.numerics.align import WIDTH, Misfit, align, moved
from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.gp import condition
from dowse.numerics.trend import Basis, SourceMean, Stack

GROUP: IntArray = np.array([0, 1, 2], dtype=np.intp)
THETA = np.log([0.5, 0.5, 0.8, 1.0, 1e-4])
NUMERIC = np.array([True, True, False])


def _bowl(F: FloatArray) -> FloatArray:
    z = 8.0 * ((F[:, 0] - 0.4) ** 2 + (F[:, 1] - 0.6) ** 2) + F[:, 2]
    return np.asarray(z, dtype=np.float64)


def _source(known: tuple[bool, bool, bool] = (True, True, True)) -> SourceMean:
    F = np.random.default_rng(0).random((60, 3))
    return condition(F, _bowl(F) - 1.0, THETA, GROUP).mean_alone(np.array(known))


def _misfit(F: FloatArray, z: FloatArray, *sources: SourceMean) -> Misfit:
    M = np.column_stack([source(F) for source in sources])
    J = len(sources)
    basis = Basis.of(M, np.full(J, 0.8), np.full(J, 10.0))
    Linv = condition(F, z, THETA, GROUP).Linv
    return Misfit(stack=Stack.of(sources), F=F, z=z, Linv=Linv, basis=basis)


def test_a_moved_source_predicts_what_it_predicted_there() -> None:
    F, by = np.random.default_rng(1).random((9, 3)), np.array([0.05, -0.1, 0.0])
    source = _source()
    np.testing.assert_allclose(moved(source, by)(F), source(F + by), atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_agrees_with_finite_differences(seed: int) -> None:
    rng = np.random.default_rng(seed)
    F = rng.random((12, 3))
    z = _bowl(F + np.array([0.05, 0.02, 0.0]))
    misfit = _misfit(F, z, _source(), _source((True, False, True)))
    at = rng.normal(size=(2, 3)) * 0.05

    def value(x: FloatArray) -> float:
        return misfit(x.reshape(2, 3))[0]

    gradient = misfit(at)[1]
    numerical = approx_fprime(at.ravel(), value, 1e-6).reshape(2, 3)
    np.testing.assert_allclose(gradient, numerical, rtol=1e-3, atol=1e-3)


def test_a_shift_is_found() -> None:
    shift = np.array([0.07, -0.05, 0.0])
    F = np.random.default_rng(2).random((15, 3))
    z = 2.0 * _bowl(F + shift) + 3.0
    found = align(_misfit(F, z, _source()), start=np.zeros((1, 3)), numeric=NUMERIC)
    np.testing.assert_allclose(found[0], shift, atol=0.03)
    assert found[0, 2] == 0.0


def test_a_source_is_moved_along_nothing_it_does_not_know() -> None:
    F = np.random.default_rng(2).random((15, 3))
    z = _bowl(F + np.array([0.07, 0.07, 0.0]))
    misfit = _misfit(F, z, _source((True, False, True)))
    found = align(misfit, start=np.zeros((1, 3)), numeric=NUMERIC)
    assert found[0, 0] != 0.0
    assert found[0, 1] == 0.0


def test_no_source_is_moved_far() -> None:
    F = np.random.default_rng(2).random((15, 3))
    z = _bowl(F + np.array([0.9, -0.9, 0.0]))
    found = align(_misfit(F, z, _source()), start=np.zeros((1, 3)), numeric=NUMERIC)
    assert np.abs(found).max() <= 3.0 * WIDTH
