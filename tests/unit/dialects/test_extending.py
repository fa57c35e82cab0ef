"""A job with more trials, other ranges, parameters more or less."""

from dataclasses import replace
from typing import Any

import pytest

from dowse.dialects.extending import Extension, extended
from dowse.domain.lineage import Continuation
from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.space import SearchSpace
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput
from tests.unit.service.values import a_spec

SPACE = SearchSpace(
    [
        Integer("nembeds", 3, 15),
        Discrete("nnsize", [4, 16, 32]),
        Double("lr", 1e-4, 1e-1, scale="log"),
        Categorical("optimizer", ["sgd", "adam"]),
    ],
    ["nnsize > nembeds"],
)
BEFORE = replace(a_spec(parallel=2), space=SPACE, seed=5, warnings=("old",))


def made(**asked: Any) -> JobSpec:
    extension = Extension(**{"trials": 10, **asked})
    return extended(BEFORE, extension, job="first", name="second")


def test_more_trials_alone_change_nothing_else() -> None:
    spec = made()
    assert spec.continues == Continuation(job="first")
    assert (spec.name, spec.limits.trials, spec.limits.parallel, spec.seed) == ("second", 10, 2, 5)
    assert (spec.space, spec.warnings) == (SPACE, ())
    assert spec.launch == BEFORE.launch


def test_ranges_change_bounds_and_values_and_keep_scales() -> None:
    ranges = {"nembeds": "3..30", "nnsize": "64, 4,16", "lr": "1e-5..1", "optimizer": "adam,lion"}
    spec = made(ranges=ranges, parallel=4, seed=1)
    assert spec.space.parameters == (
        Integer("nembeds", 3, 30),
        Discrete("nnsize", [4, 16, 64]),
        Double("lr", 1e-5, 1.0, scale="log"),
        Categorical("optimizer", ["adam", "lion"]),
    )
    assert spec.continues is not None
    assert spec.continues.changed
    assert (spec.limits.parallel, spec.seed) == (4, 1)


def test_parameters_are_added_as_ranges_or_in_the_native_form_and_removed() -> None:
    spec = made(
        add={
            "dropout": "0.0..0.5",
            "layers": "1..6",
            "heads": "2,4",
            "decay": "{type: double, min: 1e-6, max: 1e-2, scale: log}",
            "warmup": {"type": "integer", "min": 0, "max": 5},
        },
        remove=("optimizer",),
        fixed={"dropout": 0.1, "optimizer": "adam"},
    )
    assert spec.space.parameters[3:] == (
        Double("dropout", 0.0, 0.5),
        Integer("layers", 1, 6),
        Discrete("heads", [2, 4]),
        Double("decay", 1e-6, 1e-2, scale="log"),
        Integer("warmup", 0, 5),
    )
    assert spec.continues is not None
    assert spec.continues.fixed == {"dropout": 0.1, "optimizer": "adam"}


def test_trials_of_the_new_job_write_below_its_own_name() -> None:
    before = replace(BEFORE, launch=replace(BEFORE.launch, job_dir="gs://bucket/out/"))
    spec = extended(before, Extension(trials=1), job="first", name="second")
    assert spec.launch.job_dir == "gs://bucket/out/second"
    assert spec.launch.code == BEFORE.launch.code


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"ranges": {"nembed": "1..2"}}, "ranges.nembed: is no parameter of the job; did you mean"),
        ({"ranges": {"nembeds": "3"}}, "ranges.nembeds: must be LOW..HIGH for a whole number from"),
        ({"ranges": {"nembeds": "3..x"}}, "ranges.nembeds: must be LOW..HIGH in numbers, such as"),
        ({"ranges": {"nembeds": "3.5..9"}}, "ranges.nembeds: must be whole numbers, got '3.5..9'"),
        ({"ranges": {"nembeds": "9..3"}}, "ranges.nembeds: must not be above max (3), got 9"),
        ({"ranges": {"nnsize": "4,x"}}, "ranges.nnsize: must be numbers, such as 4,16, got '4,x'"),
        ({"ranges": {"optimizer": "sgd..adam"}}, "ranges.optimizer: must be labels with commas"),
        ({"remove": ("heads",)}, "remove.heads: is no parameter of the job"),
        ({"remove": ("nnsize",)}, "constraints[0]: 'nnsize > nembeds' names 'nnsize', which is no"),
        ({"add": {"lr": "1..2"}}, "add.lr: is a parameter of the job already; ranges change it"),
        ({"add": {"d": {"type": "double", "min": 1}}}, "add.d"),
        ({"fixed": {"lr": 0.1}}, "fixed.lr: is neither added nor removed: a value is fixed for"),
        ({"ranges": {"nembeds": "50..60"}}, "constraints[0]: "),
    ],
)
def test_what_cannot_be_is_told_with_its_place(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(**asked)
    assert str(refused.value).startswith(words)
