"""Where curves of known shapes end."""

import numpy as np
import pytest

from dowse.numerics.extrapolation import ends, latest

T = 50


@pytest.mark.parametrize("k", [10, 20, 35])
@pytest.mark.parametrize("power", [0.3, 0.7, 1.5])
def test_a_power_law_is_followed_to_its_end(power: float, k: int) -> None:
    t = np.arange(1.0, T + 1)
    curve = 0.2 + 1.3 * t**-power
    assert ends(curve[None, :k], T)[0] == pytest.approx(curve[-1], abs=0.05)


def test_noise_of_one_curve_does_not_reach_the_others() -> None:
    t = np.arange(1.0, 21)
    calm = 0.5 + t**-0.7
    noisy = calm + np.random.default_rng(0).normal(0.0, 0.3, 20)
    alone = ends(calm[None, :], T)
    assert ends(np.vstack([calm, noisy]), T)[0] == pytest.approx(alone[0], rel=1e-12)


def test_a_flat_curve_ends_where_it_is() -> None:
    assert ends(np.full((1, 30), 0.7), T)[0] == pytest.approx(0.7)


def test_too_few_reports_end_where_they_are() -> None:
    curves = np.array([[3.0, 2.0], [1.0, 4.0]])
    assert ends(curves, T).tolist() == [2.0, 4.0]


def test_an_end_lies_within_two_units_of_the_last_value() -> None:
    steep = np.linspace(100.0, 0.0, 30)[None, :]
    assert ends(steep, 10_000)[0] >= latest(steep)[0] - 2.0


def test_a_long_curve_is_taken_in_stretches_and_ends_in_the_same_place() -> None:
    t = np.linspace(1, 20, 2_000)
    short, long = 0.2 + t[99::100] ** -0.7, 0.2 + t**-0.7
    assert ends(long[None, :], 5_000)[0] == pytest.approx(ends(short[None, :], 50)[0], abs=0.02)


def test_where_a_curve_is_are_its_last_few_reports() -> None:
    assert latest(np.arange(4.0)[None, :])[0] == 3.0
    assert latest(np.arange(40.0)[None, :])[0] == 37.0
    assert latest(np.arange(400.0)[None, :])[0] == 389.5
