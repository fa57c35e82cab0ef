"""The bandit policy against Azure's own example, and against its definition."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.metrics import Goal
from dowse.errors import InvalidInput
from dowse.stopping.bandit import BanditRule
from dowse.stopping.protocol import Curve, Verdict

MAXIMIZE, MINIMIZE = Goal.MAXIMIZE, Goal.MINIMIZE


def decide(
    rule: BanditRule, own: list[float], *others: list[float], goal: Goal = MAXIMIZE
) -> Verdict:
    curves = [Curve(trial=n, values=tuple(one)) for n, one in enumerate(others, start=1)]
    return rule.decide(Curve(trial=9, values=tuple(own)), curves, goal)


def test_the_documented_example_stops_below_0_66() -> None:
    rule = BanditRule(slack_factor=0.2)
    verdict = decide(rule, [0.66], [0.5], [0.8])
    assert verdict.stop
    assert verdict.reason == (
        "after 1 report its best value 0.66 is below 0.666667: the slack of 20 % from 0.8, which "
        "trial 2 had by then"
    )
    assert verdict.numbers == {
        "report": 1,
        "best": 0.66,
        "leader": 2,
        "leading": 0.8,
        "threshold": pytest.approx(0.8 / 1.2),
    }
    assert not decide(rule, [0.67], [0.8]).stop


def test_an_amount_is_subtracted() -> None:
    rule = BanditRule(slack_amount=0.2)
    assert decide(rule, [0.59], [0.8]).stop
    assert not decide(rule, [0.61], [0.8]).stop


def test_a_leader_counts_by_what_it_had_at_the_same_report() -> None:
    rule = BanditRule(slack_amount=0.1)
    assert not decide(rule, [0.5], [0.55, 0.9]).stop
    assert decide(rule, [0.5, 0.5], [0.55, 0.9]).stop


def test_a_trial_with_fewer_reports_is_no_leader_yet() -> None:
    assert not decide(BanditRule(slack_amount=0.1), [0.5, 0.5], [0.9]).stop


def test_the_leader_itself_goes_on() -> None:
    for values in ([0.0], [-1.0], [1.0]):
        assert not decide(BanditRule(slack_factor=0.0), values).stop


def test_slack_lowers_the_bar_for_negative_values_too() -> None:
    rule = BanditRule(slack_factor=0.5)
    assert not decide(rule, [-1.4], [-1.0]).stop
    assert decide(rule, [-1.6], [-1.0]).stop


@given(
    st.lists(st.floats(-5, 5), min_size=1, max_size=4),
    st.lists(st.lists(st.floats(-5, 5), min_size=1, max_size=4), max_size=4),
    st.floats(0, 2),
    st.booleans(),
)
def test_minimising_is_the_mirror_image(
    own: list[float], others: list[list[float]], slack: float, amount: bool
) -> None:
    rule = BanditRule(slack_amount=slack) if amount else BanditRule(slack_factor=slack)
    up = decide(rule, own, *others)
    down = decide(rule, [-v for v in own], *([-v for v in one] for one in others), goal=MINIMIZE)
    assert up.stop is down.stop


def test_it_looks_from_the_delay_on_at_every_interval() -> None:
    rule = BanditRule(slack_factor=0.1, evaluation_interval=2, delay_evaluation=3)
    leader = [1.0] * 8
    stops = [decide(rule, [0.1] * k, leader).stop for k in range(1, 8)]
    assert stops == [False, False, False, True, False, True, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "bandit takes exactly one of slack_factor and slack_amount, got neither"),
        ({"slack_factor": 0.1, "slack_amount": 1}, "slack_amount, got both"),
        ({"slack_factor": -0.1}, "slack_factor: must be 0 or a number above, got -0.1"),
        ({"slack_amount": math.nan}, "slack_amount: must be 0 or a number above, got nan"),
        ({"slack_factor": "0.1"}, "slack_factor: must be 0 or a number above, got '0.1'"),
        ({"slack_factor": 0.1, "delay_evaluation": -1}, "delay_evaluation: must be a whole number"),
    ],
)
def test_wrong_options_are_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        BanditRule(**options)
    assert message in str(refused.value)
