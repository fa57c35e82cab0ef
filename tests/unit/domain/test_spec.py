from dataclasses import replace
from typing import Any

import pytest

from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Double
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    Argv,
    CodeSpec,
    FailurePolicy,
    JobSpec,
    LaunchSpec,
    Limits,
    Order,
    StoppingSpec,
)
from dowse.errors import InvalidInput


def refusals(**limits: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        Limits(**limits)
    return str(caught.value).splitlines()


def test_limits_are_open_and_sequential_until_they_are_set() -> None:
    limits = Limits()
    assert (limits.trials, limits.parallel, limits.failed) == (None, 1, None)
    assert (limits.timeout_s, limits.trial_timeout_s, limits.retries) == (None, None, 1)
    assert (limits.failed_at_least, limits.failed_share) == (5, 0.5)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("trials", 0, "limits.trials: must be a whole number from 1 to 2147483647, got 0"),
        ("trials", 2.5, "limits.trials: must be a whole number from 1 to 2147483647, got 2.5"),
        ("parallel", 0, "limits.parallel: must be a whole number from 1 to 10000, got 0"),
        ("parallel", 10_001, "limits.parallel: must be a whole number from 1 to 10000, got 10001"),
        ("failed", 0, "limits.failed: must be a whole number from 1 to 2147483647, got 0"),
        ("retries", -1, "limits.retries: must be a whole number from 0 to 100, got -1"),
        ("retries", 101, "limits.retries: must be a whole number from 0 to 100, got 101"),
        ("timeout_s", 0.0, "limits.timeout: must be a time above 0 seconds, got 0.0"),
        ("timeout_s", float("inf"), "limits.timeout: must be a time above 0 seconds, got inf"),
        ("timeout_s", float("nan"), "limits.timeout: must be a time above 0 seconds, got nan"),
        ("trial_timeout_s", -1, "limits.trial_timeout: must be a time above 0 seconds, got -1"),
    ],
)
def test_a_limit_out_of_range_is_refused_with_its_value(
    name: str, value: object, words: str
) -> None:
    assert refusals(**{name: value}) == [words]


def test_the_ends_of_every_range_are_inside_it() -> None:
    Limits(trials=1, parallel=1, failed=1, retries=0, timeout_s=0.001, trial_timeout_s=0.001)
    Limits(trials=2**31 - 1, parallel=10_000, retries=100)


def test_all_wrong_limits_are_told_at_once() -> None:
    assert len(refusals(trials=0, parallel=0, retries=-1, timeout_s=0)) == 4


def test_the_first_objective_ranks_and_everything_else_has_a_default() -> None:
    first = Objective(metric="accuracy", goal=Goal.MAXIMIZE)
    spec = JobSpec(
        space=SearchSpace([Double("lr", 0.0, 1.0)]),
        objectives=(first, Objective(metric="size", goal=Goal.MINIMIZE)),
        limits=Limits(),
        launch=LaunchSpec(program=Argv(("train",)), code=CodeSpec(root="/code")),
    )
    assert spec.objective is first
    assert spec.algorithm.name == "bayesian"
    assert not spec.algorithm.repeats
    assert spec.stopping is None
    assert spec.failures is FailurePolicy.AUTOMATIC


def test_the_logical_order_lags_by_the_parallel_trials_and_excludes_early_stopping() -> None:
    spec = JobSpec(
        space=SearchSpace([Double("lr", 0.0, 1.0)]),
        objectives=(Objective(metric="accuracy", goal=Goal.MAXIMIZE),),
        limits=Limits(parallel=4),
        launch=LaunchSpec(program=Argv(("train",)), code=CodeSpec(root="/code")),
    )
    assert spec.lag is None
    assert replace(spec, order=Order.LOGICAL).lag == 4
    with pytest.raises(InvalidInput) as caught:
        replace(spec, order=Order.LOGICAL, stopping=StoppingSpec(rule="median"))
    assert str(caught.value) == (
        "order: must be completion with early_stopping, got logical: what a rule sees depends on "
        "how long trials take; leave out one of the two"
    )
