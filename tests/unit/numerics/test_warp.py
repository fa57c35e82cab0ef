import math

import numpy as np
import pytest

from dowse.numerics.warp import SOFTNESSES, complete, warp


@pytest.mark.parametrize("softness", SOFTNESSES)
def test_a_warp_keeps_the_order_and_standardises(softness: float) -> None:
    y = np.random.default_rng(0).lognormal(sigma=3.0, size=50)
    warped = warp(y, softness)
    assert (np.argsort(warped.z) == np.argsort(y)).all()
    assert warped.z.mean() == pytest.approx(0.0, abs=1e-12)
    assert warped.z.std() == pytest.approx(1.0)


@pytest.mark.parametrize("softness", SOFTNESSES)
def test_undoing_a_warp_gives_the_values_back(softness: float) -> None:
    y = np.random.default_rng(1).lognormal(sigma=2.0, size=30)
    warped = warp(y, softness)
    np.testing.assert_allclose(warped.undo(warped.z), y, rtol=1e-9)


@pytest.mark.parametrize("softness", SOFTNESSES[1:])
def test_the_jacobian_is_the_slope_of_the_warp(softness: float) -> None:
    y = np.array([0.1, 0.5, 1.0, 4.0, 30.0])
    warped = warp(y, softness)
    step = 1e-7

    def z_at(value: float) -> float:
        raw = math.log1p((value - warped.minimum) / warped.unit)
        return (raw - warped.centre) / warped.spread

    slopes = [(z_at(v + step) - z_at(v)) / step for v in y]
    # Dropped: the logarithm of z = log(1 + …) is 1 / (unit + y - min), no constant is left out.
    assert warped.log_jacobian == pytest.approx(np.log(slopes).sum(), rel=1e-5)


def test_failures_stay_in_the_model_above_the_worst_value() -> None:
    y = complete(np.array([1.0, np.nan, 3.0, np.inf, 2.0]))
    assert np.isfinite(y).all()
    assert y[1] == y[3] == pytest.approx(4.0)


def test_minus_infinity_counts_as_the_best_finite_value() -> None:
    assert complete(np.array([1.0, -np.inf, 3.0]))[1] == 1.0


def test_when_everything_failed_all_values_are_alike() -> None:
    assert complete(np.array([np.nan, np.inf])).tolist() == [0.0, 0.0]


def test_a_catastrophic_tail_is_compressed_in_order() -> None:
    y = np.array([1.0, 1.1, 1.2, 1.3, 1e6, 1e300])
    out = complete(y)
    assert np.isfinite(out).all()
    assert (np.diff(out) >= 0).all()
    assert np.ptp(warp(out, math.inf).z) < 10.0


def test_constant_values_become_zeros() -> None:
    assert warp(np.full(5, 7.0), 0.1).z.tolist() == [0.0] * 5
