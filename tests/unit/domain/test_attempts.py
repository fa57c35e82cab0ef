from collections.abc import Sequence

from dowse.domain.attempts import joined
from dowse.domain.metrics import Measurement


def curve(*attempts: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The joined curve of attempts that each reported (step, value)."""
    reports = [
        [Measurement(metric="loss", value=value, step=step, time=0.0) for step, value in attempt]
        for attempt in attempts
    ]
    return [(report.step, report.value) for report in joined(reports)]


def test_an_attempt_that_goes_on_where_the_last_one_ended_continues_its_curve() -> None:
    assert curve([(1, 0.9), (2, 0.8)], [(3, 0.7)]) == [(1, 0.9), (2, 0.8), (3, 0.7)]


def test_steps_that_are_repeated_from_a_checkpoint_count_once_as_they_came_last() -> None:
    first = [(1, 0.9), (2, 0.8), (3, 0.7)]
    assert curve(first, [(3, 0.75), (4, 0.6)]) == [(1, 0.9), (2, 0.8), (3, 0.75), (4, 0.6)]
    assert curve(first, [(2, 0.85)], [(3, 0.65)]) == [(1, 0.9), (2, 0.85), (3, 0.65)]


def test_a_program_that_begins_again_makes_no_curve_longer_before_it_is_further() -> None:
    first = [(1, 0.9), (2, 0.8), (3, 0.7)]
    assert curve(first, [(1, 0.91)]) == [(1, 0.91), (2, 0.8), (3, 0.7)]
    again = [(1, 0.91), (2, 0.81), (3, 0.71), (4, 0.61)]
    assert curve(first, again) == again


def test_an_attempt_with_other_steps_takes_the_place_of_all_between_its_first_and_last() -> None:
    assert curve([(10, 0.9), (20, 0.8), (30, 0.7)], [(15, 0.85), (25, 0.75)]) == [
        (10, 0.9),
        (15, 0.85),
        (25, 0.75),
        (30, 0.7),
    ]


def test_several_reports_of_one_step_all_count() -> None:
    assert curve([(1, 0.9), (1, 0.8)], [(2, 0.7), (2, 0.6)]) == [
        (1, 0.9),
        (1, 0.8),
        (2, 0.7),
        (2, 0.6),
    ]


def test_attempts_without_steps_follow_one_another() -> None:
    assert curve([(0, 0.9), (0, 0.8)], [(0, 0.7)]) == [(0, 0.9), (0, 0.8), (0, 0.7)]


def test_an_attempt_that_reported_nothing_changes_nothing() -> None:
    assert curve([(1, 0.9)], []) == [(1, 0.9)]
    assert curve([], [(1, 0.9)]) == [(1, 0.9)]
    assert curve() == []
