"""The tails of the normal distribution, against arbitrary-precision arithmetic."""

import mpmath
import numpy as np
import pytest

from dowse.numerics.stable import log_h, log_ndtr

mpmath.mp.dps = 400


def _exact(z: float) -> tuple[float, float]:
    exact = mpmath.mpf(z)
    Phi = mpmath.ncdf(exact)
    h = mpmath.npdf(exact) + exact * Phi
    return float(mpmath.log(h)), float(Phi / h)


@pytest.mark.parametrize("z", [-1e3, -38.0, -8.0, -2.5, -1.0 - 1e-9, -1.0, -0.3, 0.0, 1.5, 8.0])
def test_log_h_keeps_its_digits_from_the_far_tail_to_the_bulk(z: float) -> None:
    value, slope = log_h(np.array([z]))
    exact_value, exact_slope = _exact(z)
    # At -1000 the bracket cancels eight digits of the Mills ratio.
    assert value[0] == pytest.approx(exact_value, rel=1e-9)
    assert slope[0] == pytest.approx(exact_slope, rel=1e-6 if z < -100 else 1e-9)


def test_log_h_stays_finite_where_the_normal_density_underflows() -> None:
    value, slope = log_h(np.array([-1e150, -1e8, -1e5, -9.9e3, -1.01e4]))
    assert np.isfinite(value).all()
    assert np.isfinite(slope).all()
    assert (slope > 0).all()


def test_log_h_of_a_large_argument_is_its_logarithm() -> None:
    value, slope = log_h(np.array([1e6]))
    assert value[0] == pytest.approx(np.log(1e6))
    assert slope[0] == pytest.approx(1e-6)


@pytest.mark.parametrize("z", [-1e3, -38.0, -2.5, 0.0, 1.5, 8.0])
def test_log_ndtr_and_its_slope_keep_their_digits(z: float) -> None:
    value, slope = log_ndtr(np.array([z]))
    exact = mpmath.mpf(z)
    Phi = mpmath.ncdf(exact)
    assert value[0] == pytest.approx(float(mpmath.log(Phi)), rel=1e-9)
    assert slope[0] == pytest.approx(float(mpmath.npdf(exact) / Phi), rel=1e-8)
