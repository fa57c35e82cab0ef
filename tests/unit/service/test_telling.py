"""Which results of an earlier job are kept."""

import math

from dowse.domain.history import Ending, Observation
from dowse.domain.metrics import Goal
from dowse.service.telling import MOST_RESULTS, enough_results, telling


def observations(*values: float | None) -> list[Observation]:
    return [
        Observation(
            number=number,
            parameters={"x": 1.0},
            ending=Ending.FAILED if value is None else Ending.MEASURED,
            value=value,
        )
        for number, value in enumerate(values, start=1)
    ]


def test_only_finite_results_count() -> None:
    found = observations(1.0, None, math.nan, 2.0, math.inf, 3.0, 4.0)
    assert [one.value for one in telling(found, Goal.MINIMIZE)] == [1.0, 2.0, 3.0, 4.0]
    assert not enough_results(found)
    assert enough_results(observations(1.0, 2.0, 3.0, 4.0, 5.0))


def test_of_many_results_the_better_ones_and_a_spread_of_the_others_are_kept_in_their_order() -> (
    None
):
    found = observations(*(float(k) for k in range(400)))
    for goal, best in ((Goal.MINIMIZE, 0.0), (Goal.MAXIMIZE, 399.0)):
        values = [one.value or 0.0 for one in telling(found, goal)]
        assert len(values) == MOST_RESULTS
        assert values == sorted(values)
        assert {best, 399.0 - best} <= set(values)
        ranked = sorted(values, reverse=goal is Goal.MAXIMIZE)
        assert [abs(value - best) for value in ranked[:75]] == [float(k) for k in range(75)]
