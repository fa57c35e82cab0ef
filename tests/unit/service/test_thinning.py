from __future__ import annotations

import math
import random

import pytest

from dowse.ports import Point
from dowse.service.thinning import thinned


def curve(values: list[float]) -> list[Point]:
    return [Point(step, float(step), value) for step, value in enumerate(values)]


def test_a_short_curve_stays_as_it_is() -> None:
    points = curve([1.0, math.nan, 3.0])
    assert thinned(points, 5) == points


@pytest.mark.parametrize("limit", [5, 6, 50, 499])
def test_no_more_than_the_limit_stay_in_their_order_with_both_ends(limit: int) -> None:
    points = curve([random.Random(1).random() for _ in range(5_000)])
    found = thinned(points, limit)
    assert len(found) <= limit
    assert list(found) == sorted(set(found))
    assert (found[0], found[-1]) == (points[0], points[-1])


def test_every_spike_stays_and_so_does_what_is_no_number() -> None:
    values = [1.0] * 10_000
    values[777], values[5_001], values[9_000] = 50.0, -50.0, math.nan
    found = {point.step for point in thinned(curve(values), 100)}
    assert {777, 5_001, 9_000} <= found


def test_a_curve_of_nan_alone_stays_nan() -> None:
    found = thinned(curve([math.nan] * 1_000), 20)
    assert 5 < len(found) <= 20
    assert all(math.isnan(point.value) for point in found)
