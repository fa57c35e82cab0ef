"""Several objectives and limits on metrics, as a program sees them."""

import json
import math
from collections.abc import Mapping
from typing import Any

import pytest

from dowse import Categorical, Double, Integer, Optimizer, SearchSpace
from dowse.domain.metric_limits import MetricLimit
from dowse.errors import InvalidInput


def space() -> SearchSpace:
    return SearchSpace(
        [Double("x", 0.0, 1.0), Double("y", 0.0, 1.0), Categorical("kind", ["a", "b"])]
    )


def measured(parameters: Mapping[str, Any]) -> dict[str, float]:
    """The front: y = 0, kind a, and x between 0.2 and 1."""
    x, y = parameters["x"], parameters["y"]
    loss = (x - 0.2) ** 2 + y + (parameters["kind"] == "b")
    return {"loss": loss, "latency": 10.0 * (1.0 - x) + y}


def two(**arguments: Any) -> Optimizer:
    objectives = {"loss": "minimize", "latency": "minimize"}
    return Optimizer(space(), **{"objectives": objectives, "seed": 0, **arguments})


def run(optimizer: Optimizer, trials: int) -> Optimizer:
    for _ in range(trials):
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, measured(suggestion.parameters))
    return optimizer


def at(x: float, y: float = 0.0) -> dict[str, Any]:
    return {"x": x, "y": y, "kind": "a"}


# -- several objectives --------------------------------------------------------------------------


def test_the_front_is_found_better_than_by_chance() -> None:
    reference = {"loss": 1.0, "latency": 10.0}
    found = run(two(), 25).hypervolume(reference)
    chance = run(two(algorithm="random"), 25).hypervolume(reference)
    # A fine grid on the true front reaches 7.65.
    assert found > 7.0 > chance


def test_the_front_holds_what_no_trial_beats_best_in_the_first_objective_first() -> None:
    optimizer = two()
    for parameters, values in [
        (at(0.1), (3.0, 1.0)),
        (at(0.2), (1.0, 3.0)),
        (at(0.3), (2.0, 2.0)),
        (at(0.4), (2.0, 3.0)),
        (at(0.5), (math.nan, 0.0)),
        (at(0.6), (0.5, math.inf)),
    ]:
        optimizer.tell(parameters, dict(zip(("loss", "latency"), values, strict=True)))
    optimizer.tell(at(0.7), failed=True)
    optimizer.tell({**at(0.0), "x": 7.0}, {"loss": -9.0, "latency": -9.0})  # Outside the space.
    front = optimizer.front()
    assert [each.number for each in front] == [2, 3, 1]
    assert front[0].values == {"loss": 1.0, "latency": 3.0}
    assert front[0].parameters == at(0.2)
    assert optimizer.hypervolume({"loss": 4.0, "latency": 4.0}) == pytest.approx(6.0)


def test_a_metric_to_maximise_is_better_when_greater() -> None:
    optimizer = two(objectives={"accuracy": "maximize", "latency": "minimize"})
    for x, accuracy, latency in ((0.1, 0.9, 5.0), (0.2, 0.8, 5.0), (0.3, 0.7, 1.0)):
        optimizer.tell(at(x), {"accuracy": accuracy, "latency": latency})
    assert [each.number for each in optimizer.front()] == [1, 3]
    best = optimizer.best()
    assert best is not None
    assert (best.number, best.value, best.metrics) == (1, 0.9, {"latency": 5.0})
    volume = optimizer.hypervolume({"accuracy": 0.5, "latency": 10.0})
    assert volume == pytest.approx(0.4 * 5.0 + 0.2 * 4.0)


def test_of_equal_trials_the_simplest_is_best_and_alone_on_the_front() -> None:
    sizes = SearchSpace([Integer("layers", 1, 9), Double("x", 0.0, 1.0)])
    optimizer = Optimizer(sizes, objectives={"loss": "minimize", "time": "minimize"})
    for layers in (5, 3, 8, 3):
        optimizer.tell({"layers": layers, "x": 0.5}, {"loss": 1.0, "time": 2.0})
    best = optimizer.best()
    assert best is not None
    assert best.number == 2
    assert [each.number for each in optimizer.front()] == [2]


def test_batches_and_long_lists_hold_different_configurations() -> None:
    optimizer = run(two(), 8)
    batch = optimizer.ask(14)
    assert len({optimizer.space.key(each.parameters) for each in batch}) == 14
    again = Optimizer.from_state(json.loads(json.dumps(optimizer.state())))
    assert again.ask().parameters == optimizer.ask().parameters
    assert again.front() == optimizer.front()


# -- limits --------------------------------------------------------------------------------------


def test_what_breaks_a_limit_is_never_best() -> None:
    optimizer = two(limits=["latency <= 4"])
    optimizer.tell(at(0.2), {"loss": 0.0, "latency": 8.0})
    assert optimizer.best() is None
    assert optimizer.front() == []
    assert optimizer.hypervolume({"loss": 9.0, "latency": 9.0}) == 0.0
    optimizer.tell(at(0.7), {"loss": 0.3, "latency": 3.0})
    optimizer.tell(at(0.6), {"loss": 0.2, "latency": math.nan})
    best = optimizer.best()
    assert best is not None
    assert best.number == 2
    assert [each.number for each in optimizer.front()] == [2]


def test_the_best_that_keeps_a_limit_is_found_where_the_limit_binds() -> None:
    optimizer = run(two(objectives={"loss": "minimize"}, limits=["latency <= 4"]), 25)
    best = optimizer.best()
    assert best is not None
    assert best.metrics["latency"] <= 4.0
    assert best.value == pytest.approx(0.16, abs=0.02)  # At x = 0.6, y = 0.


def test_a_limit_that_hardly_anything_keeps_is_searched_for_first() -> None:
    rare = Optimizer(
        SearchSpace([Double("x", 0.0, 1.0), Double("y", 0.0, 1.0)]),
        objectives={"loss": "minimize"},
        limits=["off <= 0.02"],
        seed=1,
    )
    for _ in range(30):
        asked = rare.ask()
        x, y = asked.parameters["x"], asked.parameters["y"]
        rare.tell(asked, {"loss": x, "off": (x - 0.83) ** 2 + (y - 0.21) ** 2})
    best = rare.best()
    assert best is not None  # Chance would need sixteen trials for one, and finds no edge.
    assert best.value < 0.72
    assert best.metrics["off"] <= 0.02


def test_an_objective_without_a_name_is_the_value() -> None:
    optimizer = Optimizer(space(), goal="maximize", limits=["value <= 3", "memory >= 1"])
    optimizer.tell(at(0.1), {"value": 5.0, "memory": 2.0})
    optimizer.tell(at(0.2), {"value": 2.0, "memory": 2.0})
    optimizer.tell(at(0.3), {"value": 2.5, "memory": 0.0})
    best = optimizer.best()
    assert best is not None
    assert (best.number, best.value, best.metrics) == (2, 2.0, {"value": 2.0, "memory": 2.0})


# -- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.3, "value: must be a number for each metric, {'loss': …, 'latency': …}, got 0.3"),
        ({"loss": 1.0}, "latency: is missing; a trial that gave no value is told with failed=True"),
        ({"loss": 1.0, "latency": "9"}, "latency: must be a number, got '9'"),
        ({"loss": None, "latency": 9}, "loss: must be a number, got None"),
        (
            {"loss": 1.0, "latency": 2.0, "latncy": 3.0},
            "latncy: is not a metric of this optimizer; there are loss, latency; "
            "did you mean 'latency'?",
        ),
    ],
)
def test_wrong_values_are_refused_by_the_name_of_their_metric(value: Any, words: str) -> None:
    optimizer = two()
    suggestion = optimizer.ask()
    with pytest.raises(InvalidInput) as refused:
        optimizer.tell(suggestion, value)
    assert str(refused.value) == words
    assert optimizer.pending == (suggestion,)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"objectives": {}}, "objectives: must name metrics and goals, as"),
        ({"objectives": {"loss": "least"}}, "objectives.loss: must be one of maximize, minimize"),
        ({"objectives": {1: "minimize"}}, "objectives: the name of a metric must be text, got 1"),
        ({"goal": "minimize"}, "goal: and objectives cannot both be given; keep one of them"),
        ({"limits": ["latency < 3"]}, "limits: must be a metric, <= or >=, and a number"),
        ({"limits": "latency <= 3"}, "limits: must be a list such as ['latency <= 20']"),
        (
            {"sources": [Optimizer(space())]},
            "sources: can be learnt from with a single objective and without limits only",
        ),
        ({"limits": [3]}, "limits: must hold text such as 'latency <= 20', got 3"),
        (
            {"objectives": dict.fromkeys("abcde", "minimize")},
            "objectives: must be at most 4, got 5",
        ),
    ],
)
def test_wrong_targets_are_refused_in_words(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        two(**arguments)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ({"loss": 1.0}, "latency: is missing"),
        ({"loss": 1.0, "latency": math.inf}, "latency: a reference must be finite, got inf"),
        (3.0, "value: must be a number for each metric"),
    ],
)
def test_a_reference_has_a_finite_number_for_each_objective(reference: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        two().hypervolume(reference)
    assert words in str(refused.value)


def test_a_limit_may_be_given_as_a_value_too() -> None:
    limit = MetricLimit(metric="latency", at_least=2.0)
    assert two(limits=[limit]).targets.limits == (limit,)
