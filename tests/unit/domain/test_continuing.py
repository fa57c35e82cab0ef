"""What must agree between a job and the one that it goes on with, and what its trials are there."""

from dataclasses import replace

import pytest

from dowse.domain.continuing import objective_problems, space_problems, translated, unfit
from dowse.domain.history import Ending, Observation
from dowse.domain.job import JobState
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.space import SearchSpace
from dowse.domain.spec import External
from tests.unit.service.values import a_job, a_spec

EMBEDS, SIZES = Integer("nembeds", 3, 15), Discrete("nnsize", [4, 16, 32])
BEFORE = SearchSpace([EMBEDS, SIZES])


def words(*parameters: Parameter, constraints: tuple[str, ...] = ()) -> list[str]:
    return list(map(str, space_problems("first", SearchSpace(parameters, constraints), BEFORE)))


def test_the_same_parameters_in_another_order_and_spelling_agree() -> None:
    assert words(Discrete("nnsize", [4, 16, 32], texts=["4.", "16.", "32."]), EMBEDS) == []


def test_another_range_is_told_with_both() -> None:
    assert words(Integer("nembeds", 3, 30), SIZES) == [
        "nembeds: must be a whole number from 3 to 15 as in first, got a whole number from 3 to "
        "30; dowse extend changes ranges and parameters"
    ]


def test_another_scale_is_told_only_where_it_differs() -> None:
    assert words(Integer("nembeds", 3, 15, scale="log"), SIZES) == [
        "nembeds: must be a whole number from 3 to 15 on a linear scale as in first, got a whole "
        "number from 3 to 15 on a log scale; dowse extend changes ranges and parameters"
    ]


def test_parameters_more_or_less_and_constraints_are_told() -> None:
    found = words(EMBEDS, Double("dropout", 0.0, 0.5), constraints=("nembeds > 4",))
    assert found == [
        "dropout: is no parameter of first, which tunes nembeds, nnsize; dowse extend changes "
        "ranges and parameters",
        "parameters: lacks nnsize, which first tunes; dowse extend changes ranges and parameters",
        "constraints: must be those of first: none",
    ]


def test_another_metric_or_goal_is_told() -> None:
    asked = Objective(metric="loss", goal=Goal.MAXIMIZE)
    before = Objective(metric="rmse", goal=Goal.MINIMIZE)
    assert list(map(str, objective_problems("first", asked, before))) == [
        "metric: must be 'rmse' as in first, got 'loss'",
        "goal: must be minimize as in first, got maximize",
    ]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (JobState.SUCCEEDED, None),
        (JobState.FAILED, None),
        (JobState.CANCELLED, None),
        (JobState.RUNNING, "digits is running: a new job can continue it once it is over"),
        (JobState.PAUSED, "digits is paused: dowse resume digits goes on with it; a new job can "),
    ],
)
def test_only_a_job_that_is_over_is_gone_on_with(state: JobState, says: str | None) -> None:
    found = unfit(a_job(state), a_spec())
    assert found is None if says is None else str(found).startswith(says)


def test_a_study_is_asked_for_more_trials_instead() -> None:
    spec = a_spec()
    study = replace(spec, launch=replace(spec.launch, program=External()))
    found = unfit(a_job(JobState.SUCCEEDED), study)
    assert found == "digits is a study: ask it for more trials instead"


def seen(**parameters: Value) -> Observation:
    return Observation(number=1, parameters=parameters, ending=Ending.MEASURED, value=1.0)


def own(
    space: SearchSpace, *past: Observation, fixed: dict[str, Value] | None = None
) -> tuple[list[dict[str, Value]], bool]:
    found = translated(past, before=BEFORE, space=space, fixed=fixed or {})
    return [dict(one.parameters) for _, one in found.own], found.others


def test_a_point_outside_the_new_range_is_a_result() -> None:
    narrow = SearchSpace([Integer("nembeds", 10, 30), Discrete("nnsize", [64, 128])])
    assert own(narrow, seen(nembeds=3, nnsize=4)) == ([{"nembeds": 3, "nnsize": 4}], False)


def test_a_new_parameter_has_its_fixed_value_for_all_old_points_or_they_are_others() -> None:
    wider = SearchSpace([EMBEDS, Double("dropout", 0.0, 0.5), SIZES])
    past = seen(nembeds=3, nnsize=4)
    expected = [{"nembeds": 3, "dropout": 0.1, "nnsize": 4}]
    assert own(wider, past, fixed={"dropout": 0.1}) == (expected, False)
    assert own(wider, past) == ([], True)


def test_a_parameter_that_is_left_out_keeps_the_points_that_had_its_present_value() -> None:
    fewer = SearchSpace([EMBEDS])
    past = (seen(nembeds=3, nnsize=4), seen(nembeds=9, nnsize=16))
    assert own(fewer, *past, fixed={"nnsize": 16}) == ([{"nembeds": 9}], True)
    assert own(fewer, *past) == ([], True)


def test_a_label_that_is_there_no_more_belongs_to_others() -> None:
    before = SearchSpace([Categorical("optimizer", ["sgd", "adam"])])
    now = SearchSpace([Categorical("optimizer", ["adam", "lion"])])
    past = [seen(optimizer="sgd"), seen(optimizer="adam")]
    found = translated(past, before=before, space=now, fixed={})
    assert [place for place, _ in found.own] == [1]
    assert found.others
