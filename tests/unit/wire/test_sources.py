"""Earlier studies survive their JSON form."""

import json
import math
from typing import Any

import pytest

from dowse.domain.constraints import parse_condition
from dowse.domain.history import Ending, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.source import Source
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput
from dowse.wire.sources import sources_from_json, sources_to_json

SOURCES = (
    Source(
        name="babyweight_1",
        space=SearchSpace(
            [
                Categorical("kind", ["a", True, 3]),
                Integer("layers", 1, 9, step=2),
                Double("rate", 0.1, 0.9, scale="log", when=parse_condition('kind == "a"')),
            ],
            constraints=["layers <= 7"],
        ),
        goal=Goal.MAXIMIZE,
        trust=0.75,
        observations=(
            Observation(
                number=1, parameters={"kind": True}, ending=Ending.MEASURED, value=math.nan
            ),
            Observation(number=3, parameters={"rate": 7.0}, ending=Ending.FAILED),
        ),
    ),
    Source(
        name="",
        space=SearchSpace([Double("x", 0.0, 1.0)]),
        goal=Goal.MINIMIZE,
        observations=(),
    ),
)


def test_sources_come_back_as_they_were() -> None:
    text = json.dumps(sources_to_json(SOURCES), allow_nan=False)
    assert repr(sources_from_json(json.loads(text))) == repr(SOURCES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"trust": 0}, r"sources\[0\].trust: must be greater than 0, got 0"),
        ({"trust": 2}, r"sources\[0\].trust: must be less than or equal to 1, got 2"),
        ({"goal": "up"}, r"sources\[0\].goal: "),
        ({"space": {}}, r"sources\[0\].space: is not a key of this form"),
    ],
)
def test_a_wrong_form_is_refused_with_its_place(change: dict[str, Any], words: str) -> None:
    (document, _) = sources_to_json(SOURCES)
    with pytest.raises(InvalidInput, match=words):
        sources_from_json([{**document, **change}])
