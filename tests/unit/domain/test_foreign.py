"""What may be told of configurations that nobody suggested."""

from typing import Any

import pytest

from dowse.domain import foreign
from dowse.domain.constraints import parse_condition
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput

SPACE = SearchSpace(
    [
        Categorical("optimizer", ["sgd", "adam"]),
        Double("momentum", 0.0, 0.99, when=parse_condition('optimizer == "sgd"')),
        Integer("layers", 1, 8),
    ],
    constraints=["layers <= 6"],
)


@pytest.mark.parametrize(
    "given",
    [
        {"optimizer": "adam", "layers": 4},
        {"optimizer": "sgd", "momentum": 0.5, "layers": 4},
        # Ranges, steps and constraints may have been other ones.
        {"optimizer": "sgd", "momentum": 1.5, "layers": 7},
        {"optimizer": "adam", "layers": 2.5},
        # So may conditions.
        {"optimizer": "adam", "momentum": 0.5, "layers": 4},
    ],
)
def test_names_and_kinds_must_be_right_and_ranges_need_not(given: dict[str, Any]) -> None:
    assert foreign.configuration(SPACE, given) == given


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"optimizer": "sgd", "layers": 4}, "momentum: is missing"),
        ({"optimizer": "adam"}, "layers: is missing"),
        ({"optimizer": 3, "layers": 4}, "optimizer: must be one of 'sgd', 'adam', got 3"),
        ({"optimizer": "adam", "layers": "4"}, "must be a whole number from 1 to 8, got '4'"),
        ({"optimizer": "adam", "layers": 4, 7: 1}, "parameters: the names must be text, got 7"),
        (None, "parameters: must be a suggestion or a mapping of parameters, got None"),
    ],
)
def test_what_is_wrong_is_said_by_name(given: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        foreign.configuration(SPACE, given)
    assert words in str(refused.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        foreign.configuration(SPACE, {"optimiser": "sgd", "layers": True})
    assert [problem.path for problem in refused.value.problems] == [
        "optimiser",
        "optimizer",
        "layers",
    ]
