from __future__ import annotations

from typing import Any

import pytest

from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read

WIDE = {"type": "double", "min": 0.001, "max": 10}


def advice(**given: Any) -> list[str]:
    job = {
        "command": "python train.py",
        "metric": "score",
        "goal": "maximize",
        "parameters": {"a": {"type": "integer", "min": 1, "max": 99}},
        "limits": {"trials": 20},
    }
    reading = read(job | given, context=ReadContext(folder="/jobs"))
    return [f"{warning.path}: {warning.message}" for warning in reading.warnings]


def test_a_job_in_good_shape_gets_no_advice() -> None:
    assert advice() == []
    assert advice(limits={"trials": 20, "parallel": 5}) == []


def test_too_few_trials_for_the_parameters_are_mentioned() -> None:
    assert advice(limits={"trials": 9}) == [
        "limits.trials: allows 9 trials for 1 parameter; 10 or more (10 for each) use the search "
        "to the full"
    ]


def test_a_finite_space_that_fits_needs_no_more_trials() -> None:
    assert advice(parameters={"a": [1, 2], "b": [1, 2]}, limits={"trials": 4}) == []
    assert len(advice(parameters={"a": [1, 2], "b": [1, 2]}, limits={"trials": 3})) == 1


def test_many_at_once_are_mentioned_only_where_learning_suffers() -> None:
    limits = {"trials": 20, "parallel": 6}
    assert advice(limits=limits) == [
        "limits.parallel: runs 6 of 20 trials at once, so that most are chosen without the others' "
        "results; 5 or fewer learn more"
    ]
    (few,) = advice(parameters={"x": [1, 2]}, limits={"trials": 6, "parallel": 3, "timeout": 9})[
        -1:
    ]
    assert few.endswith("one at a time learns more")
    assert advice(limits=limits, algorithm="random") == []
    assert advice(limits={"trials": 20, "parallel": 30}) == [
        "limits.parallel: allows 30 at once, but there will be 20 trials"
    ]


def test_a_linear_scale_over_orders_of_magnitude_is_mentioned() -> None:
    assert advice(parameters={"lr": WIDE}) == [
        "parameters.lr: is linear over a range from 0.001 to 10.0; a log scale searches every "
        "order of magnitude alike"
    ]
    assert advice(parameters={"lr": WIDE | {"scale": "log"}}) == []
    assert advice(parameters={"lr": WIDE | {"min": 0}}) == []
    assert advice(parameters={"lr": WIDE | {"mu": 1, "sigma": 1}}) == []


@pytest.mark.parametrize(
    ("metric", "goal", "expected"),
    [
        ("eval/accuracy", "minimize", "minimizes 'eval/accuracy', which is usually maximized"),
        ("val_loss", "maximize", "maximizes 'val_loss', which is usually minimized"),
        ("AUC", "minimize", "minimizes 'AUC', which is usually maximized"),
        ("accuracy_loss", "minimize", None),
        ("glossary", "maximize", None),
        ("score", "minimize", None),
    ],
)
def test_a_goal_against_the_habit_is_mentioned(
    metric: str, goal: str, expected: str | None
) -> None:
    found = advice(metric=metric, goal=goal)
    assert found == ([f"goal: {expected}"] if expected else [])


def test_limits_beside_early_stopping_ask_for_early_reports() -> None:
    assert advice(metric_limits=["latency <= 5", "score >= 1"], early_stopping="median") == [
        "metric_limits: need latency of every trial: one that is stopped before it reported it "
        "counts as failed; report it from the first step on"
    ]
    assert advice(metric_limits=["score >= 1"], early_stopping="median") == []


def test_every_objective_is_asked_whether_its_goal_is_the_usual_one() -> None:
    several = {"metric": None, "goal": None, "objectives": {"score": "maximize", "mse": "maximize"}}
    assert advice(**several) == ["objectives: maximizes 'mse', which is usually minimized"]
