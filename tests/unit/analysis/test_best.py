from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from dowse.analysis.best import best_trial, improvements, leading, ranked
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.preferences import End, Preference
from dowse.domain.reasons import Reason
from dowse.domain.space import SearchSpace
from dowse.domain.targets import Targets, targets
from dowse.domain.trial import Trial, TrialState

SPACE = SearchSpace(
    [
        Double("lr", 0.001, 1.0, scale="log"),
        Integer("hidden", 1, 64),
        Discrete("batch", [16, 32, 64]),
        Categorical("optimizer", ["sgd", "adam"]),
        Double("momentum", 0.0, 1.0),
    ]
)


def trial(
    number: int,
    objective: float | None,
    state: TrialState = TrialState.SUCCEEDED,
    **parameters: Any,
) -> Trial:
    full = {"lr": 0.1, "hidden": 8, "batch": 32, "optimizer": "sgd", **parameters}
    return Trial(
        job_id=1,
        job="j",
        number=number,
        parameters=full,
        state=state,
        objective=objective,
        created_at=0.0,
    )


def of(goal: Goal) -> Targets:
    return targets(goal, None, ())


def numbers(trials: list[Trial], goal: Goal = Goal.MAXIMIZE) -> list[int]:
    return [one.number for one in ranked(trials, of(goal), SPACE)]


@pytest.mark.parametrize(
    ("goal", "order"), [(Goal.MAXIMIZE, [2, 3, 1]), (Goal.MINIMIZE, [1, 3, 2])]
)
def test_trials_are_ranked_by_their_objective(goal: Goal, order: list[int]) -> None:
    assert numbers([trial(1, 0.1), trial(2, 0.9), trial(3, 0.5)], goal) == order


def test_equal_results_go_to_the_smaller_network_as_the_google_page_advises() -> None:
    assert numbers([trial(1, 0.9, hidden=20), trial(2, 0.9, hidden=8)]) == [2, 1]


def test_a_learning_rate_is_no_size() -> None:
    assert numbers([trial(1, 0.9, lr=0.5), trial(2, 0.9, lr=0.01)]) == [1, 2]


def test_fewer_active_parameters_are_simpler_than_smaller_sizes() -> None:
    tied = [trial(1, 0.9, hidden=4, momentum=0.5), trial(2, 0.9, hidden=8)]
    assert numbers(tied) == [2, 1]


def test_sizes_compare_in_document_order_and_then_the_earlier_trial_wins() -> None:
    tied = [
        trial(1, 0.9, hidden=8, batch=64),
        trial(2, 0.9, hidden=8, batch=16),
        trial(3, 0.9, hidden=8, batch=16),
    ]
    assert numbers(tied) == [2, 3, 1]


def test_a_worse_result_never_wins_by_being_simpler() -> None:
    assert numbers([trial(1, 0.9, hidden=64), trial(2, 0.8999, hidden=1)]) == [1, 2]


@pytest.mark.parametrize("state", [TrialState.FAILED, TrialState.CANCELLED, TrialState.RUNNING])
def test_trials_that_do_not_count_are_never_best(state: TrialState) -> None:
    assert best_trial([trial(1, 0.99, state), trial(2, 0.1)], of(Goal.MAXIMIZE), SPACE) == trial(
        2, 0.1
    )


def test_a_trial_that_ran_out_of_its_time_may_be_best() -> None:
    late = replace(trial(1, 0.99, TrialState.CANCELLED), reason=Reason.TIMEOUT)
    assert best_trial([late, trial(2, 0.1)], of(Goal.MAXIMIZE), SPACE) == late


def test_a_stopped_trial_may_be_best() -> None:
    stopped = trial(1, 0.99, TrialState.STOPPED)
    assert best_trial([stopped, trial(2, 0.1)], of(Goal.MAXIMIZE), SPACE) == stopped


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_without_a_finite_objective_nothing_is_best(value: float | None) -> None:
    assert best_trial([trial(1, value)], of(Goal.MINIMIZE), SPACE) is None


def test_what_a_job_prefers_decides_between_equals_before_their_simplicity() -> None:
    trials = [trial(1, 0.9, hidden=20, momentum=0.1), trial(2, 0.9, hidden=8, momentum=0.9)]
    wanted = [Preference("momentum", End.LOW)]
    assert best_trial(trials, of(Goal.MAXIMIZE), SPACE, wanted) == trials[0]
    assert best_trial(trials, of(Goal.MAXIMIZE), SPACE) == trials[1]
    better = trial(3, 0.91, hidden=64, momentum=1.0)
    assert best_trial([*trials, better], of(Goal.MAXIMIZE), SPACE, wanted) == better


# ---------------------------------------------------------------------- limits, several objectives

QUICK = targets("maximize", None, ["latency <= 50"])
TWO = targets(None, {"accuracy": "maximize", "latency": "minimize"}, ["size <= 9"])


def measured(number: int, objective: float, **further: float) -> Trial:
    return replace(trial(number, objective), further=further)


def test_only_trials_that_keep_every_limit_are_ranked() -> None:
    slow, unknown = measured(1, 0.99, latency=50.1), trial(2, 0.98)
    odd, quick = measured(3, 0.97, latency=math.nan), measured(4, 0.6, latency=50.0)
    assert ranked([slow, unknown, odd, quick], QUICK, SPACE) == [quick]
    assert best_trial([slow, unknown, odd], QUICK, SPACE) is None


def test_of_several_objectives_there_is_a_front_and_no_best() -> None:
    accurate = measured(1, 0.9, latency=40.0, size=1.0)
    quick = measured(2, 0.5, latency=10.0, size=1.0)
    beaten = measured(3, 0.4, latency=20.0, size=1.0)
    large = measured(4, 0.99, latency=1.0, size=10.0)
    again = replace(accurate, number=5)
    trials = [again, large, beaten, quick, accurate]
    assert leading(trials, TWO, SPACE) == [accurate, quick]
    assert best_trial(trials, TWO, SPACE) is None
    assert [one.number for one in ranked(trials, TWO, SPACE)] == [1, 2, 5, 3]


def test_the_best_came_about_by_what_was_better_when_its_number_came() -> None:
    results = [3.0, 5.0, math.nan, 2.0, 2.0, 1.0]
    trials = [trial(number, value) for number, value in enumerate(results, start=1)]
    found = improvements(reversed(trials), of(Goal.MINIMIZE), most=10)
    assert [(one.trial, one.value) for one in found] == [(1, 3.0), (4, 2.0), (6, 1.0)]
    many = [trial(number, -float(number)) for number in range(1, 101)]
    few = [one.trial for one in improvements(many, of(Goal.MINIMIZE), most=5)]
    assert (len(few), few[0], few[-1]) == (5, 1, 100)
    assert improvements([], of(Goal.MINIMIZE), most=5) == ()
    assert improvements(trials, TWO, most=5) == ()
