"""The state of an optimizer survives its JSON form, whatever is in it."""

import json
import math
from typing import Any

import pytest

from dowse.domain.constraints import parse_condition
from dowse.domain.history import Ending, Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.scales import Normal
from dowse.domain.space import SearchSpace
from dowse.domain.spec import AlgorithmSpec
from dowse.domain.targets import Targets
from dowse.errors import InvalidInput
from dowse.wire.optimizer_state import (
    OptimizerState,
    PendingTrial,
    state_from_json,
    state_to_json,
)


def state() -> OptimizerState:
    return OptimizerState(
        space=SearchSpace(
            [
                Double("bell", -math.inf, math.inf, prior=Normal(0.0, 1.0)),
                Integer("layers", 1, 9, step=2),
                Discrete("batch", [16, 32]),
                Categorical("kind", ["a", True, 3]),
                Double("rate", 0.1, 0.9, scale="log", when=parse_condition('kind == "a"')),
            ],
            constraints=["layers * batch <= 144"],
        ),
        targets=Targets(
            objectives=(
                Objective(metric="accuracy", goal=Goal.MAXIMIZE),
                Objective(metric="size", goal=Goal.MINIMIZE),
            ),
            limits=(
                MetricLimit(metric="latency", at_most=20.0),
                MetricLimit(metric="accuracy", at_least=0.5),
            ),
        ),
        algorithm=AlgorithmSpec(name="bayesian", options={"initial": 5}, repeats=True),
        seed=-3,
        asked=3,
        numbered=5,
        observations=(
            Observation(
                number=1,
                parameters={"kind": True},
                ending=Ending.MEASURED,
                value=math.nan,
                metrics={"size": 3.0, "latency": math.inf, "accuracy": math.nan},
            ),
            Observation(number=2, parameters={"kind": 3}, ending=Ending.FAILED),
            Observation(
                number=5, parameters={"rate": 7.0}, ending=Ending.MEASURED, value=-math.inf
            ),
        ),
        pending=(PendingTrial(number=4, parameters={"batch": 16}, why={"value": 0.5}),),
        note={"thetas": [None, [0.1, -0.2]], "softness": 1},
    )


def test_a_state_comes_back_as_it_was() -> None:
    text = json.dumps(state_to_json(state()), allow_nan=False)
    again = state_from_json(json.loads(text))
    assert repr(again) == repr(state())  # NaN is not equal to itself, but written the same.


def test_a_state_without_objectives_has_one_without_a_name() -> None:
    document = state_to_json(state())
    del document["objectives"], document["limits"]
    again = state_from_json(document)
    assert again.targets == Targets(objectives=(Objective(metric="value", goal=Goal.MAXIMIZE),))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": None}, "version: must be 1"),
        ({"seed": 0.5}, "seed: "),
        ({"asked": "3"}, "asked: "),
        ({"pending": [{"number": 1, "parameters": {}}]}, "number: trial numbers must each be"),
        ({"numbered": 4}, "lie between 1 and 4, got [1, 2, 5, 4]"),
        ({"parameters": []}, "parameters: must hold at least one parameter, got none"),
        ({"observations": [{"number": 1, "parameters": {}}]}, "observations[0].ending: is missing"),
    ],
)
def test_what_is_no_state_is_refused_with_its_place(change: dict[str, Any], words: str) -> None:
    document = {**json.loads(json.dumps(state_to_json(state()))), **change}
    with pytest.raises(InvalidInput) as refused:
        state_from_json(document)
    assert words in str(refused.value)


@pytest.mark.parametrize("document", [None, [], 3, {}])
def test_another_document_is_refused(document: Any) -> None:
    with pytest.raises(InvalidInput, match="version: must be 1, the form that this Dowse reads"):
        state_from_json(document)
