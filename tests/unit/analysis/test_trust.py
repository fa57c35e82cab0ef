from __future__ import annotations

import math

import numpy as np
import pytest

from dowse import Double, Integer, SearchSpace
from dowse.analysis.insights import Insights
from dowse.analysis.trust import trust
from dowse.domain.history import History
from dowse.domain.metrics import Goal
from dowse.errors import Refused
from tests.unit.analysis.histories import told

SPACE = SearchSpace([Integer("hidden", 1, 64), Double("lr", 1e-4, 1.0, "log")])


def past(noise: float, trials: int = 40, sign: float = 1.0) -> History:
    rng = np.random.default_rng(0)

    def value(p: object) -> float:
        lr = float(p["lr"])  # type: ignore[index]
        return sign * ((math.log10(lr) + 2) ** 2 + noise * rng.standard_normal())

    return told(SPACE, value, trials)


def true_loss(parameters: object) -> float:
    return (math.log10(float(parameters["lr"])) + 2) ** 2  # type: ignore[index]


def test_without_noise_the_best_observed_is_the_one_to_trust() -> None:
    found = trust(SPACE, past(0.0), Goal.MINIMIZE)
    assert found.observed == found.model
    assert found.observed.chance > 0.9
    assert found.noise < 0.05
    assert "as observed and as the model sees it" in found.message


@pytest.mark.parametrize(("goal", "sign"), [(Goal.MINIMIZE, 1.0), (Goal.MAXIMIZE, -1.0)])
def test_a_lucky_trial_stands_beside_the_one_that_the_model_trusts(goal: Goal, sign: float) -> None:
    found = trust(SPACE, past(0.4, 60, sign), goal)
    assert sign * found.observed.value < sign * found.model.value
    assert sign * found.model.mean <= sign * found.observed.mean
    assert true_loss(found.model.parameters) <= true_loss(found.observed.parameters) + 0.2
    assert 0.2 < found.noise < 0.8
    assert found.model.low < found.model.mean < found.model.high


def test_of_those_that_are_as_good_the_simplest_comes_first() -> None:
    found = trust(SPACE, past(0.4, 60), Goal.MINIMIZE)
    sizes = [int(each.parameters["hidden"]) for each in found.close]
    assert len(sizes) > 1
    assert sizes == sorted(sizes)
    assert "as good within the noise" in found.message


def test_the_trial_that_ranks_first_is_the_one_that_was_observed_to_be_best() -> None:
    history = past(0.0)
    assert trust(SPACE, history, Goal.MINIMIZE, best=3).observed.trial == 3


def test_few_results_tell_nothing_of_noise() -> None:
    with pytest.raises(Refused, match="needs at least 4 finite results, got 3"):
        trust(SPACE, past(0.0, 3), Goal.MINIMIZE)


def test_what_is_promising_is_so_by_value_and_by_the_model_in_turns() -> None:
    history = past(0.4, 60)
    ranked = [
        each.number for each in sorted(history.observations, key=lambda each: each.value or 0.0)
    ]
    known = Insights(space=SPACE, goal=Goal.MINIMIZE, history=history)
    chosen = known.promising(ranked, 5)
    assert len(set(chosen)) == 5
    assert chosen[0] == ranked[0]
    assert known.trust().model.trial in chosen
    assert known.promising(ranked[:3], 5) == ranked[:3]
    assert set(known.promising(ranked[:8], 5)) <= set(ranked[:8])
