"""The truncation policy, worked out by hand."""

from typing import Any

import pytest

from dowse.domain.metrics import Goal
from dowse.errors import InvalidInput
from dowse.stopping.protocol import Curve, Standing, Verdict
from dowse.stopping.truncation import TruncationRule

MAXIMIZE, MINIMIZE = Goal.MAXIMIZE, Goal.MINIMIZE


def decide(
    rule: TruncationRule,
    own: list[float],
    *others: list[float],
    goal: Goal = MAXIMIZE,
    standing: Standing = Standing.RUNNING,
    trial: int = 9,
) -> Verdict:
    curves = [
        Curve(trial=n, values=tuple(one), standing=standing) for n, one in enumerate(others, 1)
    ]
    return rule.decide(Curve(trial=trial, values=tuple(own)), curves, goal)


FOUR = ([0.2], [0.4], [0.6], [0.8])


def test_the_worst_share_is_stopped_and_no_other() -> None:
    rule = TruncationRule(truncation_percentage=40)
    verdict = decide(rule, [0.3], *FOUR)
    assert verdict.stop  # Rank 4 of 5, and the last two go.
    assert verdict.reason == (
        "after 1 report its best value 0.3 ranks 4 of 5 trials: it is among the worst 40 %"
    )
    assert verdict.numbers == {
        "report": 1,
        "best": 0.3,
        "rank": 4,
        "ranked": 5,
        "last_to_stay": 3,
    }
    assert not decide(rule, [0.5], *FOUR).stop


def test_the_share_is_rounded_down() -> None:
    assert not decide(TruncationRule(truncation_percentage=19), [0.0], *FOUR).stop
    assert decide(TruncationRule(truncation_percentage=20), [0.0], *FOUR).stop


def test_minimising_is_the_mirror_image() -> None:
    rule = TruncationRule(truncation_percentage=40)
    for own in (0.1, 0.3, 0.5, 0.7, 0.9):
        mirrored = decide(rule, [-own], *([-v for v in one] for one in FOUR), goal=MINIMIZE)
        assert mirrored.stop is decide(rule, [own], *FOUR).stop


def test_of_equal_values_the_older_trial_stays() -> None:
    rule = TruncationRule(truncation_percentage=50)
    assert decide(rule, [0.5], [0.5], trial=2).stop
    older = Curve(trial=1, values=(0.5,))
    assert not rule.decide(older, [Curve(trial=2, values=(0.5,))], MAXIMIZE).stop


def test_an_older_trial_is_ranked_by_what_it_had_then() -> None:
    rule = TruncationRule(truncation_percentage=50)
    assert not decide(rule, [0.3], [0.2, 0.9]).stop
    assert decide(rule, [0.3, 0.3], [0.2, 0.9]).stop


def test_trials_with_fewer_reports_are_not_ranked() -> None:
    assert not decide(TruncationRule(truncation_percentage=50), [0.1, 0.1], [0.9]).stop


@pytest.mark.parametrize("standing", [Standing.COMPLETED, Standing.ENDED])
def test_finished_trials_can_be_left_out(standing: Standing) -> None:
    counting = TruncationRule(truncation_percentage=50)
    leaving_out = TruncationRule(truncation_percentage=50, exclude_finished_jobs=True)
    assert decide(counting, [0.1], [0.9], standing=standing).stop
    assert not decide(leaving_out, [0.1], [0.9], standing=standing).stop
    assert decide(leaving_out, [0.1], [0.9], standing=Standing.RUNNING).stop


def test_it_looks_from_the_delay_on_at_every_interval() -> None:
    rule = TruncationRule(truncation_percentage=50, evaluation_interval=3, delay_evaluation=4)
    stops = [decide(rule, [0.1] * k, [1.0] * 12).stop for k in range(1, 10)]
    assert stops == [False] * 5 + [True, False, False, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"truncation_percentage": 0}, "must be a whole number from 1 to 99, got 0"),
        ({"truncation_percentage": 100}, "must be a whole number from 1 to 99, got 100"),
        ({"truncation_percentage": True}, "must be a whole number from 1 to 99, got True"),
        (
            {"truncation_percentage": 5, "exclude_finished_jobs": "no"},
            "exclude_finished_jobs: must be true or false, got 'no'",
        ),
        (
            {"truncation_percentage": 5, "evaluation_interval": 1.5},
            "evaluation_interval: must be a whole number of 0 or more, got 1.5",
        ),
    ],
)
def test_wrong_options_are_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        TruncationRule(**options)
    assert message in str(refused.value)
