from __future__ import annotations

from typing import Any

import pytest

from tests.unit.dialects.test_lint import advice


def rate(name: str, low: float, high: float, **more: Any) -> list[str]:
    return advice(parameters={name: {"type": "double", "min": low, "max": high, **more}})


def test_a_learning_rate_over_two_decades_belongs_on_a_log_scale() -> None:
    assert rate("lr", 0.001, 0.1) == [
        "parameters.lr: is linear from 0.001 to 0.1; rates like this one act by orders of "
        "magnitude, which a log scale searches alike"
    ]
    assert rate("lr", 0.001, 0.1, scale="log") == []
    assert rate("optimizer_learning_rate", 0.01, 1.0) != []
    assert rate("lr", 0.01, 0.1) == []
    assert rate("dropout", 0.001, 0.1) == []
    assert len(rate("lr", 0.0001, 1.0)) == 1


@pytest.mark.parametrize(
    ("low", "high", "scale", "tiny"),
    [
        (0.9, 0.901, "linear", True),
        (0.9, 0.99, "linear", False),
        (-0.001, 0.001, "linear", False),
        (1.0, 1.05, "log", True),
        (1.0, 2.0, "log", False),
    ],
)
def test_a_range_that_is_next_to_nothing_is_mentioned(
    low: float, high: float, scale: str, tiny: bool
) -> None:
    found = rate("x", low, high, scale=scale)
    words = f"parameters.x: ranges from {low!r} to {high!r}, which is next to a constant; "
    assert found == ([words + "widen it, or leave it out"] if tiny else [])


def test_numbers_as_labels_lose_their_order() -> None:
    def labels(*values: str) -> list[str]:
        return advice(parameters={"size": {"type": "categorical", "values": list(values)}})

    assert labels("16", "32", "64") == [
        "parameters.size: has numbers as its labels (16, 32, 64), whose order is lost to the "
        "search; as a list of numbers they keep it"
    ]
    assert labels("0", "1") == []
    assert labels("16", "32", "auto") == []


def test_more_than_ten_parameters_are_much_for_a_model() -> None:
    many = {f"x{i}": {"type": "integer", "min": 0, "max": 9} for i in range(11)}
    limits = {"trials": 200}
    assert advice(parameters=many, limits=limits) == [
        "parameters: searches 11 parameters at once; with 10 or fewer a model learns faster, so "
        "fix those that hardly matter: a short first job shows which (dowse jobs importance)"
    ]
    assert advice(parameters=many, limits=limits, algorithm="random") == []
    many.popitem()
    assert advice(parameters=many, limits=limits) == []


def test_a_grid_that_ends_early_never_comes_to_the_last_values() -> None:
    parameters = {"a": [1, 2, 3, 4], "b": [1, 2, 3, 4, 5]}
    found = advice(parameters=parameters, limits={"trials": 10}, algorithm="grid")
    assert (
        "limits.trials: ends the grid after 10 of its 20 combinations, in the order of the "
        "document: most values of a would never be tried; algorithm: random tries all of them"
    ) in found
    assert advice(parameters=parameters, limits={"trials": 20}, algorithm="grid") == []
