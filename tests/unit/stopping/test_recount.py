"""The numbers of every rule lead to its verdict again, and others do not."""

from collections.abc import Mapping
from typing import Any

import pytest

from dowse import catalog
from dowse.domain.metrics import Goal
from dowse.domain.spec import StoppingSpec
from dowse.stopping.protocol import Curve, Standing
from dowse.stopping.recount import leads_to_stop

RULES: Mapping[str, Mapping[str, Any]] = {
    "auto": {},
    "median": {},
    "bandit": {"slack_amount": 0.1},
    "truncation": {"truncation_percentage": 50},
}
_FALSE: Mapping[str, Mapping[str, Any]] = {
    "auto": {"mean": 0.0},
    "median": {"best": 0.0},
    "bandit": {"best": 0.0},
    "truncation": {"rank": 1},
}
"""What would have to be true for the trial to go on; 0 is the best value when minimising."""


def numbers_of(rule: str, goal: Goal) -> Mapping[str, Any]:
    sign = 1.0 if goal is Goal.MINIMIZE else -1.0
    others = [
        Curve(
            trial=number,
            values=tuple(sign * (number / 10 + 1 / k) for k in range(1, 11)),
            standing=Standing.COMPLETED,
        )
        for number in range(1, 6)
    ]
    poor = Curve(trial=9, values=tuple(sign * (5.0 + 1 / k) for k in range(1, 7)))
    made = catalog.stopping_rule(StoppingSpec(rule=rule, options=dict(RULES[rule])))
    verdict = made.decide(poor, others, goal)
    assert verdict.stop
    return verdict.numbers


@pytest.mark.parametrize("goal", list(Goal))
@pytest.mark.parametrize("rule", list(RULES))
def test_the_numbers_of_a_stop_lead_to_it_and_only_they(rule: str, goal: Goal) -> None:
    numbers = numbers_of(rule, goal)
    assert leads_to_stop(numbers, goal)
    assert not leads_to_stop({**numbers, **_FALSE[rule]}, goal)


def test_numbers_of_a_strange_rule_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="numbers of no rule that is known: moon, tide"):
        leads_to_stop({"moon": 1, "tide": 2}, Goal.MINIMIZE)
