import math
import threading

import pytest

from dowse import Categorical, Discrete, Double, Integer, Optimizer, SearchSpace, minimize
from dowse.domain.parameters import Value
from dowse.errors import InvalidInput, Refused

SPACE = SearchSpace(
    [
        Double("lr", 1e-5, 1.0, scale="log"),
        Integer("heads", 1, 8),
        Integer("hidden", 16, 512),
        Discrete("batch", [16, 32, 64]),
        Categorical("optimizer", ["sgd", "adam"]),
    ],
    constraints=["hidden % heads == 0"],
)


def loss(p: dict[str, Value]) -> float:
    sgd = 0.3 if p["optimizer"] == "sgd" else 0.0
    return (math.log10(float(p["lr"])) + 2.5) ** 2 + abs(float(p["hidden"]) / 512 - 0.5) + sgd


def test_asking_and_telling_leads_to_the_optimum() -> None:
    optimizer = Optimizer(SPACE, goal="minimize", algorithm="bayesian", seed=0)
    for _ in range(35):
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, loss(dict(suggestion.parameters)))
    best = optimizer.best()
    assert best is not None
    assert best.value < 0.02
    assert best.expected.low <= best.expected.mean <= best.expected.high
    assert best.expected.mean == pytest.approx(best.value, abs=0.02)
    assert optimizer.pending == ()


def test_maximising_finds_the_other_end() -> None:
    optimizer = Optimizer([Double("x", -1.0, 1.0)], goal="maximize")
    for _ in range(12):
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, -((float(suggestion.parameters["x"]) - 0.4) ** 2))
    best = optimizer.best()
    assert best is not None
    assert best.value == max(o.value for o in optimizer.observations if o.value is not None)
    assert best.parameters["x"] == pytest.approx(0.4, abs=0.02)


def test_several_are_asked_for_at_once_and_remembered_as_pending() -> None:
    optimizer = Optimizer(SPACE)
    suggestions = optimizer.ask(8)
    assert len({SPACE.key(s.parameters) for s in suggestions}) == 8
    assert len(optimizer.pending) == 8
    optimizer.tell(suggestions[3], failed=True)
    assert suggestions[3].parameters not in optimizer.pending
    assert len(optimizer.pending) == 7


def test_a_foreign_configuration_may_be_told_even_beyond_the_ranges() -> None:
    optimizer = Optimizer(SPACE)
    optimizer.tell({"lr": 3.0, "heads": 12, "hidden": 640, "batch": 48, "optimizer": "sgd"}, 0.3)
    assert len(optimizer.observations) == 1
    assert SPACE.problems(optimizer.ask().parameters) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lr": None}, "lr: is missing"),
        ({"momentum": 0.9}, "momentum: is not a parameter; there are lr, heads"),
        ({"optimizer": "lion"}, "optimizer: must be one of 'sgd', 'adam', got 'lion'"),
        ({"heads": "four"}, "heads: must be a whole number from 1 to 8, got 'four'"),
    ],
)
def test_what_is_no_configuration_is_refused_by_name(
    change: dict[str, Value | None], words: str
) -> None:
    told: dict[str, Value | None] = {
        "lr": 0.1,
        "heads": 4,
        "hidden": 64,
        "batch": 16,
        "optimizer": "sgd",
        **change,
    }
    given = {name: value for name, value in told.items() if value is not None}
    with pytest.raises(InvalidInput) as error:
        Optimizer(SPACE).tell(given, 1.0)
    assert words in str(error.value)


def test_a_result_is_a_number_or_a_failure() -> None:
    optimizer = Optimizer(SPACE)
    suggestion = optimizer.ask()
    with pytest.raises(InvalidInput, match="value: give a number or failed=True"):
        optimizer.tell(suggestion)
    with pytest.raises(InvalidInput, match="value: give a number or failed=True"):
        optimizer.tell(suggestion, 0.1, failed=True)
    with pytest.raises(InvalidInput, match="value: must be a number, got 'good'"):
        optimizer.tell(suggestion, "good")  # type: ignore[arg-type]


def test_there_is_no_best_before_a_finite_value() -> None:
    optimizer = Optimizer(SPACE)
    assert optimizer.best() is None
    optimizer.tell(optimizer.ask(), math.nan)
    optimizer.tell(optimizer.ask(), failed=True)
    assert optimizer.best() is None
    optimizer.tell(optimizer.ask(), 2.0)
    best = optimizer.best()
    assert best is not None
    assert best.value == 2.0


def test_the_model_sees_through_one_lucky_value() -> None:
    optimizer = Optimizer([Double("x", 0.0, 1.0)], options={"noise": "high"})
    for i in range(30):
        x = i / 29
        noise = 0.1 * math.sin(1000.0 * x)
        optimizer.tell({"x": x}, (x - 0.5) ** 2 * 4 + noise)
    optimizer.tell({"x": 0.9}, -0.2)
    best = optimizer.best()
    assert best is not None
    assert best.parameters["x"] == 0.9
    assert 0.3 < float(best.by_model["x"]) < 0.7


def test_an_exhausted_space_says_so() -> None:
    optimizer = Optimizer([Integer("a", 1, 3)], algorithm="grid")
    assert len(optimizer.ask(9)) == 3
    with pytest.raises(Refused, match="the search space is exhausted"):
        optimizer.ask()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"goal": "smallest"}, "goal: must be maximize or minimize, got 'smallest'"),
        ({"algorithm": "bayes"}, "algorithm: must be one of"),
        ({"options": {"speed": 3}}, "bayesian does not take these options"),
        ({"seed": 0.5}, "seed: must be a whole number, got 0.5"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput) as error:
        Optimizer(SPACE, **arguments)  # type: ignore[arg-type]
    assert words in str(error.value)


def test_the_same_seed_gives_the_same_search() -> None:
    one = minimize(loss, SPACE, trials=12, seed=5)
    other = minimize(loss, SPACE, trials=12, seed=5)
    assert one.observations == other.observations


def test_minimize_keeps_as_many_running_as_it_may() -> None:
    together = threading.Barrier(4, timeout=20)

    def meeting(p: dict[str, Value]) -> float:
        together.wait()
        return loss(p)

    optimizer = minimize(meeting, SPACE, trials=8, parallel=4)
    assert len(optimizer.observations) == 8


def test_minimize_counts_caught_errors_as_failures_and_raises_others() -> None:
    def fragile(p: dict[str, Value]) -> float:
        if p["optimizer"] == "sgd":
            raise ZeroDivisionError
        return loss(p)

    optimizer = minimize(fragile, SPACE, trials=10, catch=(ZeroDivisionError,))
    assert any(o.value is None for o in optimizer.observations)
    assert any(o.value is not None for o in optimizer.observations)
    with pytest.raises(ZeroDivisionError):
        minimize(fragile, SPACE, trials=10)


def test_minimize_ends_with_the_space() -> None:
    optimizer = minimize(lambda p: float(p["a"]), [Integer("a", 1, 5)], trials=50, parallel=2)
    assert sorted(int(o.parameters["a"]) for o in optimizer.observations) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["trials", "parallel"])
def test_minimize_refuses_counts_below_one(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name}: must be a whole number of 1 or more, got 0"):
        minimize(loss, SPACE, **{name: 0})  # type: ignore[arg-type]
