import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.metrics import MAX_STEP, Goal, Measurement, Objective, Use, best, better

MAXIMIZE, MINIMIZE = Goal.MAXIMIZE, Goal.MINIMIZE
NAN, INF = math.nan, math.inf


def reports(*values: float) -> list[Measurement]:
    return [
        Measurement(metric="loss", value=value, step=step, time=float(step))
        for step, value in enumerate(values)
    ]


def counted(use: Use, *values: float, goal: Goal = MAXIMIZE, window: int = 1) -> float:
    objective = Objective(metric="loss", goal=goal, use=use, window=window)
    found = objective.value_of(reports(*values))
    assert found is not None
    return found.value


# ---------------------------------------------------------------------- better


@pytest.mark.parametrize(
    ("one", "other", "goal", "expected"),
    [
        (2.0, 1.0, MAXIMIZE, True),
        (2.0, 1.0, MINIMIZE, False),
        (1.0, 2.0, MINIMIZE, True),
        (1.0, 1.0, MAXIMIZE, False),
        (1.0, 1.0, MINIMIZE, False),
        (0.0, NAN, MAXIMIZE, True),
        (0.0, INF, MAXIMIZE, True),
        (0.0, -INF, MINIMIZE, True),
        (NAN, 0.0, MAXIMIZE, False),
        (INF, 0.0, MAXIMIZE, False),
        (-INF, 0.0, MINIMIZE, False),
        (NAN, NAN, MAXIMIZE, False),
    ],
)
def test_better_is_strict_and_a_number_that_is_not_finite_never_is(
    one: float, other: float, goal: Goal, expected: bool
) -> None:
    assert better(one, other, goal) is expected


@given(st.floats(), st.floats(), st.sampled_from(Goal))
def test_at_most_one_of_two_is_better(one: float, other: float, goal: Goal) -> None:
    assert not (better(one, other, goal) and better(other, one, goal))


def test_the_best_report_is_the_earliest_of_equals() -> None:
    champion = best(reports(0.1, 0.9, NAN, 0.9, INF), MAXIMIZE)
    assert champion is not None
    assert champion.step == 1
    assert best(reports(NAN, INF), MAXIMIZE) is None
    assert best([], MINIMIZE) is None


# ---------------------------------------------------------------------- which report counts


def test_without_reports_nothing_counts() -> None:
    for use in Use:
        assert Objective(metric="loss", goal=MAXIMIZE, use=use).value_of([]) is None


def test_the_last_report_counts_by_default() -> None:
    assert Objective(metric="loss", goal=MAXIMIZE).use is Use.LAST
    assert counted(Use.LAST, 0.9, 0.1, 0.5) == 0.5


@pytest.mark.parametrize(("goal", "value"), [(MAXIMIZE, 0.9), (MINIMIZE, 0.1)])
def test_the_best_report_counts_where_asked(goal: Goal, value: float) -> None:
    assert counted(Use.BEST, 0.5, 0.9, 0.1, 0.5, goal=goal) == value


def test_the_mean_of_the_last_reports_counts_where_asked() -> None:
    assert counted(Use.MEAN_OF_LAST, 9.0, 0.25, 0.75, window=2) == 0.5
    assert counted(Use.MEAN_OF_LAST, 0.25, 0.75, window=9) == 0.5
    objective = Objective(metric="loss", goal=MAXIMIZE, use=Use.MEAN_OF_LAST, window=2)
    found = objective.value_of(reports(0.0, 0.25, 0.75))
    assert found is not None
    assert (found.step, found.time) == (2, 2.0)


@pytest.mark.parametrize("use", list(Use))
@pytest.mark.parametrize("odd", [NAN, INF, -INF])
def test_odd_numbers_do_not_count_beside_finite_ones(use: Use, odd: float) -> None:
    assert counted(use, 0.25, odd, 0.25, odd, window=2) == 0.25


@pytest.mark.parametrize("use", list(Use))
def test_the_last_odd_number_stands_for_a_trial_that_reported_nothing_finite(use: Use) -> None:
    assert counted(use, NAN, -INF, INF) == INF
    assert math.isnan(counted(use, INF, NAN))


@given(st.lists(st.floats(), min_size=1, max_size=8), st.sampled_from(Use), st.integers(1, 4))
def test_what_counts_is_finite_whenever_anything_is(
    values: list[float], use: Use, window: int
) -> None:
    tame = [value for value in values if abs(value) < 1e300 or not math.isfinite(value)]
    if any(math.isfinite(value) for value in tame):
        assert math.isfinite(counted(use, *tame, window=window))


# ---------------------------------------------------------------------- measurements


def test_a_measurement_takes_names_and_steps_up_to_their_limits() -> None:
    Measurement(metric="m" * 256, value=NAN, step=MAX_STEP, time=0.0)
    for name in ("", "m" * 257):
        with pytest.raises(ValueError, match="a metric name has 1 to 256 characters"):
            Measurement(metric=name, value=0.0, time=0.0)
    for step in (-1, MAX_STEP + 1):
        with pytest.raises(ValueError, match=f"a step lies between 0 and 2\\^63-1, got {step}"):
            Measurement(metric="m", value=0.0, step=step, time=0.0)
