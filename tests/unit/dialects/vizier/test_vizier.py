from typing import Any

import pytest

from dowse.dialects.vizier.dialect import read_study
from dowse.domain.conditions import Comparison, Condition
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.scales import Scale
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput

METRICS = [{"metric": "loss", "goal": "MINIMIZE"}]
X: dict[str, Any] = {
    "parameter": "x",
    "type": "DOUBLE",
    "doubleValueSpec": {"minValue": 0, "maxValue": 1},
}


def study(*parameters: Any, **more: Any) -> dict[str, Any]:
    return {"studyConfig": {"metrics": METRICS, "parameters": parameters or [X], **more}}


def spec(*parameters: Any, **more: Any) -> JobSpec:
    return read_study(study(*parameters, **more)).spec


def child(name: str, kind: str, parent: dict[str, Any]) -> dict[str, Any]:
    values = {"DOUBLE": "doubleValueSpec", "INTEGER": "integerValueSpec"}[kind]
    bounds: dict[str, Any] = {"minValue": "1", "maxValue": "9"}
    if kind == "DOUBLE":
        bounds = {"minValue": 0.5, "maxValue": 2}
    return {"parameter": name, "type": kind, values: bounds, **parent}


def test_every_type_and_scale_is_read() -> None:
    found = spec(
        {
            **X,
            "scaleType": "UNIT_REVERSE_LOG_SCALE",
            "doubleValueSpec": {"minValue": 0.1, "maxValue": 1},
        },
        {
            "parameter": "n",
            "type": "INTEGER",
            "scaleType": "UNIT_LOG_SCALE",
            "integerValueSpec": {"minValue": "1", "maxValue": 64},
        },
        {"parameter": "d", "type": "DISCRETE", "discreteValueSpec": {"values": [1.5, 2, 4]}},
        {"parameter": "c", "type": "CATEGORICAL", "categoricalValueSpec": {"values": ["a", "b"]}},
    )
    assert found.space.parameters == (
        Double("x", 0.1, 1.0, Scale.REVERSE_LOG),
        Integer("n", 1, 64, Scale.LOG),
        Discrete("d", [1.5, 2, 4]),
        Categorical("c", ["a", "b"]),
    )
    assert found.is_external
    assert (found.objective.metric, found.objective.goal) == ("loss", Goal.MINIMIZE)
    assert found.warnings == ()


def test_children_are_active_where_a_parent_has_their_values() -> None:
    depth = {
        "parameter": "depth",
        "type": "INTEGER",
        "integerValueSpec": {"minValue": "1", "maxValue": "3"},
        "childParameterSpecs": [
            child("width", "INTEGER", {"parentIntValues": {"values": ["2", "3"]}})
        ],
    }
    parent = {
        "parameter": "model",
        "type": "CATEGORICAL",
        "categoricalValueSpec": {"values": ["net", "tree"]},
        "childParameterSpecs": [
            depth | {"parentCategoricalValues": {"values": ["net"]}},
            child("eta", "DOUBLE", {"parentCategoricalValues": {"values": ["tree"]}}),
        ],
    }
    by_name = {one.name: one.when for one in spec(parent).space.parameters}
    assert by_name == {
        "model": None,
        "depth": Condition("model", Comparison.IN, ("net",)),
        "width": Condition("depth", Comparison.IN, (2, 3)),
        "eta": Condition("model", Comparison.IN, ("tree",)),
    }


def test_one_name_under_several_values_is_several_parameters_with_that_name() -> None:
    parent = {
        "parameter": "model",
        "type": "CATEGORICAL",
        "categoricalValueSpec": {"values": ["net", "tree"]},
        "childParameterSpecs": [
            child("rate", "DOUBLE", {"parentCategoricalValues": {"values": ["net"]}}),
            child("rate", "INTEGER", {"parentCategoricalValues": {"values": ["tree"]}}),
        ],
    }
    found = spec(parent)
    assert found.space.names == ("model", "rate", "rate#2")
    assert found.launch.passing.names == {"rate#2": "rate"}


def test_several_metrics_are_several_objectives_in_their_order() -> None:
    found = spec(metrics=[*METRICS, {"metric": "size"}]).objectives
    assert [(one.metric, one.goal) for one in found] == [
        ("loss", Goal.MINIMIZE),
        ("size", Goal.MAXIMIZE),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ALGORITHM_UNSPECIFIED", "bayesian"),
        ("GAUSSIAN_PROCESS_BANDIT", "bayesian"),
        ("RANDOM_SEARCH", "random"),
    ],
)
def test_algorithms_have_their_counterparts(written: str, name: str) -> None:
    assert spec(algorithm=written).algorithm.name == name


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ({"medianAutomatedStoppingConfig": {}}, "median"),
        ({"medianAutomatedStoppingConfig": {"useElapsedTime": False}}, "median"),
        ({"decayCurveStoppingConfig": {}}, "auto"),
    ],
)
def test_automated_stopping_has_its_rules(written: Any, rule: str) -> None:
    stopping = spec(automatedStoppingConfig=written).stopping
    assert stopping is not None
    assert stopping.rule == rule
    assert spec(automatedStoppingConfig={}).stopping is None


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        ({}, "studyConfig", "is missing; it holds metrics and parameters"),
        (study(metrics=[]), "studyConfig.metrics", "must hold 1 to 4 metrics, got 0"),
        (study(metrics=METRICS * 5), "studyConfig.metrics", "must hold 1 to 4 metrics, got 5"),
        (study(metrics=METRICS * 2), "studyConfig.metrics[1].metric", "the name of two metrics"),
        (
            study(
                metrics=[*METRICS, {"metric": "size", "goal": "MINIMIZE"}],
                automatedStoppingConfig={"medianAutomatedStoppingConfig": {}},
            ),
            "studyConfig.automatedStoppingConfig",
            "compares curves of one metric, and several are optimised",
        ),
        (study(colour="red"), "studyConfig.colour", "is not a key that is known here"),
        (
            study(metrics=[{"metric": "loss", "goal": "UP"}]),
            "studyConfig.metrics[0].goal",
            "must be one of MAXIMIZE",
        ),
        (
            study({"parameter": "x", "type": "DOUBLE"}),
            "studyConfig.parameters[0].doubleValueSpec",
            "is missing",
        ),
        (
            study({**X, "type": "INTEGER"}),
            "studyConfig.parameters[0].doubleValueSpec",
            "contradicts type INTEGER",
        ),
        (
            study({**X, "type": "PARAMETER_TYPE_UNSPECIFIED"}),
            "studyConfig.parameters[0].type",
            "must be one of DOUBLE, INTEGER, CATEGORICAL, DISCRETE",
        ),
        (
            study({**X, "scaleType": "UNIT_LOG_SCALE"}),
            "studyConfig.parameters[0].doubleValueSpec.minValue",
            "must be > 0 on a log scale",
        ),
        (study(X, X), "studyConfig.parameters[1].parameter", "is the name of two parameters"),
        (
            study({**X, "parentIntValues": {"values": ["1"]}}),
            "studyConfig.parameters[0].parentIntValues",
            "belongs to a parameter among childParameterSpecs",
        ),
        (
            study({**X, "childParameterSpecs": [child("y", "DOUBLE", {})]}),
            "studyConfig.parameters[0].childParameterSpecs[0]",
            "cannot be opened by values of a DOUBLE parameter",
        ),
        (
            study(algorithm="GRID_SEARCH"),
            "studyConfig.parameters[0].parameter",
            "GRID_SEARCH needs INTEGER, DISCRETE or CATEGORICAL parameters, and x is DOUBLE",
        ),
        (
            study(automatedStoppingConfig={"decayCurveStoppingConfig": {"useElapsedTime": True}}),
            "studyConfig.automatedStoppingConfig.decayCurveStoppingConfig.useElapsedTime",
            "is refused: curves are compared report by report",
        ),
        (
            study(
                automatedStoppingConfig={
                    "decayCurveStoppingConfig": {},
                    "medianAutomatedStoppingConfig": {},
                }
            ),
            "studyConfig.automatedStoppingConfig.decayCurveStoppingConfig",
            "cannot stand beside medianAutomatedStoppingConfig",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(document: Any, place: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        read_study(document)
    assert place in {problem.path for problem in caught.value.problems}
