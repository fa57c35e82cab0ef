"""The median rule against cases worked out by hand."""

from collections.abc import Sequence

import pytest

from dowse.domain.metrics import Goal
from dowse.errors import InvalidInput
from dowse.stopping.median import MedianRule
from dowse.stopping.protocol import Curve, Standing, Verdict

MAXIMIZE, MINIMIZE = Goal.MAXIMIZE, Goal.MINIMIZE


def curves(*values: Sequence[float], standing: Standing = Standing.COMPLETED) -> list[Curve]:
    return [
        Curve(trial=number, values=tuple(one), standing=standing)
        for number, one in enumerate(values, start=1)
    ]


def decide(
    rule: MedianRule, values: Sequence[float], others: list[Curve], goal: Goal = MAXIMIZE
) -> Verdict:
    return rule.decide(Curve(trial=9, values=tuple(values)), others, goal)


# At the second report the running averages are 0.3, 0.5 and 0.8: their median is 0.5.
THREE = curves([0.2, 0.4, 0.9], [0.4, 0.6, 0.7], [0.7, 0.9, 0.1])


def test_a_best_value_below_the_median_of_the_running_averages_stops() -> None:
    verdict = decide(MedianRule(), [0.49, 0.3], THREE)
    assert verdict.stop
    assert verdict.reason == (
        "after 2 reports its best value 0.49 is below 0.5, the median of the running averages of "
        "3 completed trials at that point"
    )
    assert verdict.numbers["report"] == 2
    assert verdict.numbers["best"] == 0.49
    assert verdict.numbers["median"] == pytest.approx(0.5)
    assert verdict.numbers["compared"] == 3


def test_the_best_value_so_far_counts_and_not_the_last() -> None:
    assert not decide(MedianRule(), [0.51, 0.0], THREE).stop


def test_a_tie_with_the_median_goes_on() -> None:
    assert not decide(MedianRule(), [0.25, 0.5], curves([0.5, 0.5], [0.5, 0.5], [0.5, 0.5])).stop


def test_an_even_number_of_trials_has_the_mean_of_the_middle_two() -> None:
    four = curves([0.1], [0.2], [0.4], [0.9])
    assert decide(MedianRule(), [0.29], four).stop
    assert not decide(MedianRule(), [0.31], four).stop


def test_minimising_is_the_mirror_image() -> None:
    mirrored = [
        Curve(trial=one.trial, values=tuple(-v for v in one.values), standing=one.standing)
        for one in THREE
    ]
    for values in ([0.49, 0.3], [0.51, 0.0], [0.1], [0.9], [0.2, 0.3, 0.4]):
        up = decide(MedianRule(), values, THREE)
        down = decide(MedianRule(), [-v for v in values], mirrored, MINIMIZE)
        assert up.stop is down.stop
    words = decide(MedianRule(), [-0.3], mirrored, MINIMIZE).reason
    assert "its best value -0.3 is above -0.4" in words


def test_a_shorter_curve_enters_with_the_average_of_all_it_has() -> None:
    short = curves([0.4], [0.6, 0.6, 0.6], [0.8, 0.8, 0.8])
    # At the third report: 0.4, 0.6 and 0.8.
    assert decide(MedianRule(), [0.5, 0.5, 0.59], short).stop
    assert not decide(MedianRule(), [0.5, 0.5, 0.61], short).stop


def test_only_completed_trials_are_compared_with() -> None:
    running = curves([0.9], [0.9], [0.9], standing=Standing.RUNNING)
    assert not decide(MedianRule(), [0.0], running).stop
    assert not decide(MedianRule(), [0.0], curves([], [], [])).stop


@pytest.mark.parametrize(("others", "stops"), [(2, False), (3, True)])
def test_fewer_completed_trials_than_asked_for_stop_nothing(others: int, stops: bool) -> None:
    completed = curves(*[[0.5]] * others)
    assert decide(MedianRule(min_trials=3), [0.1], completed).stop is stops


@pytest.mark.parametrize(
    ("delay", "interval", "judged"),
    [
        (0, 1, [1, 2, 3, 4, 5, 6]),
        (0, 0, [1, 2, 3, 4, 5, 6]),
        (3, 1, [3, 4, 5, 6]),
        (0, 2, [2, 4, 6]),
        (3, 2, [4, 6]),
        (7, 1, []),
    ],
)
def test_delay_and_interval_say_which_reports_are_judged(
    delay: int, interval: int, judged: list[int]
) -> None:
    rule = MedianRule(delay_evaluation=delay, evaluation_interval=interval)
    others = curves([0.5] * 6, [0.5] * 6, [0.5] * 6)
    stopped = [k for k in range(1, 7) if decide(rule, [0.1] * k, others).stop]
    assert stopped == judged


def test_a_trial_without_reports_goes_on() -> None:
    assert not decide(MedianRule(), [], THREE).stop


def test_every_wrong_option_is_named_with_its_value() -> None:
    with pytest.raises(InvalidInput) as caught:
        MedianRule(evaluation_interval=-1, delay_evaluation=True, min_trials=0)
    assert str(caught.value).splitlines() == [
        "early_stopping.evaluation_interval: must be a whole number of 0 or more, got -1",
        "early_stopping.delay_evaluation: must be a whole number of 0 or more, got True",
        "early_stopping.min_trials: must be a whole number of 1 or more, got 0",
    ]


def test_azures_form_compares_with_every_trial_and_the_trial_itself() -> None:
    rule = MedianRule(compared_with="all", min_trials=1)
    running = curves([0.5, 0.7], [0.9], standing=Standing.RUNNING)
    # Averages after two reports: 0.35 (its own), 0.6 and 0.9.
    assert decide(rule, [0.3, 0.4], running).numbers["median"] == pytest.approx(0.6)
    assert not decide(rule, [0.3, 0.61], running).stop
    ended = curves([0.5, 0.7], [0.9], standing=Standing.ENDED)
    assert decide(rule, [0.3, 0.4], ended).reason.endswith("of 3 trials at that point")


def test_the_first_trial_is_never_behind_itself() -> None:
    rule = MedianRule(compared_with="all", min_trials=1)
    assert not decide(rule, [0.9, 0.1, 0.0], []).stop


def test_an_unknown_form_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="compared_with: must be one of completed, all, got 'x'"):
        MedianRule(compared_with="x")
