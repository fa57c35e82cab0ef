import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dowse.domain.scales import (
    Normal,
    Scale,
    coordinate,
    from_coordinate,
    quantile,
    reaches,
    share_below,
)

units = st.floats(0, 1)
bounds = st.tuples(st.floats(1e-6, 1e3), st.floats(1.01, 1e3)).map(lambda p: (p[0], p[0] * p[1]))


@given(scale=st.sampled_from(Scale), ends=bounds, u=units)
def test_a_coordinate_leads_back_to_its_value(
    scale: Scale, ends: tuple[float, float], u: float
) -> None:
    low, high = ends
    value = low + (high - low) * u
    t = coordinate(value, scale, low, high)
    assert from_coordinate(t, scale, low, high) == pytest.approx(value, rel=1e-6, abs=low * 1e-6)


@given(scale=st.sampled_from(Scale), ends=bounds, u=units, v=units)
def test_coordinates_increase_with_the_value(
    scale: Scale, ends: tuple[float, float], u: float, v: float
) -> None:
    low, high = ends
    first, second = sorted(low + (high - low) * x for x in (u, v))
    assert coordinate(first, scale, low, high) <= coordinate(second, scale, low, high)


def test_equal_steps_are_factors_on_a_log_scale_and_distances_from_the_top_on_a_reverse_one() -> (
    None
):
    assert coordinate(10, Scale.LOG, 1, 100) == pytest.approx(math.log(100) / 2)
    top, near, far = (coordinate(v, Scale.REVERSE_LOG, 1, 100) for v in (100, 91, 1))
    assert top - near == pytest.approx(near - far)


@given(
    mu=st.floats(-3, 3),
    sigma=st.floats(0.1, 3),
    start=st.floats(-5, 4),
    width=st.floats(0.1, 9),
    u=units,
)
def test_a_bell_gives_back_the_share_it_was_asked_for(
    mu: float, sigma: float, start: float, width: float, u: float
) -> None:
    prior = Normal(mu, sigma)
    assume(reaches(prior, start, start + width))
    t = quantile(u, start, start + width, prior)
    assert start <= t <= start + width
    assert share_below(t, start, start + width, prior) == pytest.approx(u, abs=1e-6)


@pytest.mark.parametrize(("start", "stop"), [(10.0, 12.0), (-12.0, -10.0)])
def test_a_bell_cut_far_from_its_middle_is_still_a_bell(start: float, stop: float) -> None:
    prior = Normal(0.0, 1.0)
    values = [quantile(u, start, stop, prior) for u in (0.1, 0.5, 0.9)]
    assert len(set(values)) == 3
    assert [share_below(v, start, stop, prior) for v in values] == pytest.approx([0.1, 0.5, 0.9])
    # Most of what is left lies at the end next to the middle: the median of a tail at 10 sigma
    # is about ln 2 / 10 inside.
    edge = start if start > 0 else stop
    assert abs(values[1] - edge) == pytest.approx(math.log(2) / 10, rel=0.05)


@given(mu=st.floats(-10, 10), sigma=st.floats(0.5, 1e4), width=st.floats(1e-12, 1e-3), u=units)
def test_a_bell_is_level_over_a_narrow_range(
    mu: float, sigma: float, width: float, u: float
) -> None:
    prior = Normal(mu, sigma)
    assert reaches(prior, 0.0, width) or abs(mu) > 36 * sigma
    assume(reaches(prior, 0.0, width))
    t = quantile(u, 0.0, width, prior)
    # The density changes by a factor of at most exp(width * |mu| / sigma**2).
    assert t == pytest.approx(u * width, abs=width * (1e-5 + 2 * width * abs(mu) / sigma**2))
    assert share_below(t, 0.0, width, prior) == pytest.approx(u, abs=1e-5)


def test_an_unbounded_bell_has_its_quartiles_two_thirds_of_sigma_from_mu() -> None:
    prior = Normal(1.0, 2.0)
    assert quantile(0.75, -math.inf, math.inf, prior) == pytest.approx(1 + 2 * 0.6744898)
    assert quantile(0.5, -math.inf, math.inf, prior) == pytest.approx(1.0)
    assert math.isfinite(quantile(0.0, -math.inf, math.inf, prior))
    assert math.isfinite(quantile(1.0, -math.inf, math.inf, prior))


def test_a_range_of_one_value_has_its_middle_at_one_half() -> None:
    assert share_below(3.0, 3.0, 3.0, None) == 0.5
    assert quantile(0.7, 3.0, 3.0, None) == 3.0
