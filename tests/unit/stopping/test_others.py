"""What rules ask of thousands of curves at once, against the same asked of each curve."""

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pytest

from dowse.domain.metrics import Goal
from dowse.stopping.bandit import BanditRule
from dowse.stopping.curve import CurveRule
from dowse.stopping.halving import asha, hyperband
from dowse.stopping.median import MedianRule
from dowse.stopping.others import Column, Others, Resting
from dowse.stopping.protocol import Curve, Promotion, Standing, StoppingRule, counts_diverged
from dowse.stopping.truncation import TruncationRule

GOALS = (Goal.MINIMIZE, Goal.MAXIMIZE)
RULES: dict[str, StoppingRule] = {
    "median": MedianRule(),
    "median of all": MedianRule(compared_with="all", min_trials=1),
    "bandit": BanditRule(slack_factor=0.1),
    "truncation": TruncationRule(truncation_percentage=30),
    "truncation of running": TruncationRule(truncation_percentage=30, exclude_finished_jobs=True),
    "auto": CurveRule(min_chance=0.2),
    "asha": asha(),
    "asha by step": asha(resource="step", min_resource=2),
    "hyperband": hyperband(max_resource=27),
    "asha with pauses": asha(resume=True),
    "hyperband with pauses": hyperband(max_resource=27, resume=True),
}
RESTING = (Standing.COMPLETED, Standing.ENDED, Standing.PAUSED)


def a_job(seed: int, *, trials: int = 40, diverging: bool = False) -> list[Curve]:
    """Trials by number; many of their values are equal, and the steps of some stand still."""
    rng = np.random.default_rng(seed)
    found = []
    for trial in range(1, trials + 1):
        standing = list(Standing)[int(rng.integers(len(Standing)))]
        count = 12 if standing is Standing.COMPLETED else int(rng.integers(1, 13))
        values = 2.0 * rng.normal() + 0.3 * rng.normal(size=count) + 1.0 / np.arange(1, count + 1)
        values = np.round(values, 1)
        if diverging and trial % 7 == 0:
            values[count // 2 :] = math.inf
        steps = np.cumsum(rng.integers(0, 4, count))
        found.append(
            Curve(
                trial=trial,
                values=tuple(values.tolist()),
                standing=standing,
                steps=tuple(steps.tolist()),
            )
        )
    return found


def in_arrays(curves: Sequence[Curve], goal: Goal) -> Others:
    """As the service has them: trials are not over in the order in which they began, and whoever
    waits went on before and has come back.
    """
    resting = Resting(goal)
    for one in curves[::-1]:
        if one.standing is Standing.PAUSED:
            resting.add(one.upto(1))
        elif one.standing in RESTING:
            resting.add(one)
    for one in curves:
        if one.standing is Standing.PAUSED:
            resting.drop(one.trial)
            resting.add(one)
    return resting.beside([one for one in curves if one.standing not in RESTING])


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("name", RULES)
def test_verdicts_are_the_same_to_the_last_digit_wherever_the_curves_lie(
    name: str, goal: Goal
) -> None:
    rule, stops = RULES[name], 0
    for seed in range(6):
        curves = a_job(seed, diverging=counts_diverged(rule) and goal is Goal.MINIMIZE)
        for place, own in enumerate(curves):
            others = curves[:place] + curves[place + 1 :]
            again = rule.decide(own, in_arrays(others, goal), goal)
            assert rule.decide(own, others, goal) == again
            stops += again.stop
        if promotes := getattr(rule, "promote", None):
            promoted: Promotion | None = promotes(in_arrays(curves, goal), goal)
            assert promotes(curves, goal) == promoted
    assert stops > 5


@pytest.mark.parametrize("goal", GOALS)
def test_columns_are_what_the_curves_themselves_say(goal: Goal) -> None:
    pick = max if goal is Goal.MAXIMIZE else min
    curves = a_job(7)
    others = in_arrays(curves, goal)
    assert list(others) == curves
    may = [one for one in curves if one.standing in (Standing.RUNNING, Standing.PAUSED)]
    assert others.unfinished() == [one.trial for one in may]
    assert (len(others), others[0], others[3:5]) == (len(curves), curves[0], curves[3:5])
    for k in range(1, 14):
        long = [one for one in curves if len(one) >= k]
        assert pairs(others.at(k)) == {one.trial: one.values[k - 1] for one in long}
        assert pairs(others.best_at(k)) == {one.trial: pick(one.values[:k]) for one in long}
        whole = [one for one in long if one.standing is Standing.COMPLETED]
        found = others.whole(k)
        assert found.lasts.tolist() == [one.values[-1] for one in whole]
        assert found.lengths.tolist() == [len(one) for one in whole]
        if len(whole) > 2:
            assert found.firsts(2).tolist() == [list(one.values[:k]) for one in whole[-2:]]
        ended = [one for one in curves if one.standing is Standing.ENDED and len(one) < k]
        assert others.ended_before(k) == len(ended)
        means = [list(accumulate(one.values[:k]))[-1] / min(k, len(one)) for one in curves]
        assert sorted(others.averages(k, completed=False)) == sorted(means)
    for step in range(0, 30, 3):
        first = {one.trial: one.first_at(step) for one in curves}
        there = {n: curves[n - 1].values[place] for n, place in first.items() if place is not None}
        assert pairs(others.at_step(step)) == there


def pairs(column: Column) -> dict[int, float]:
    values, trials, _ = column
    return dict(zip(trials.tolist(), values.tolist(), strict=True))
