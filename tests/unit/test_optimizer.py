"""What a program sees of the library: ask, tell, best, and the loop over them."""

import json
import math
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from dowse import Categorical, Discrete, Double, Integer, Optimizer, SearchSpace
from dowse.errors import InvalidInput, Refused
from dowse.optimizer import Suggestion


@pytest.fixture
def space() -> SearchSpace:
    return SearchSpace(
        [
            Double("lr", 1e-5, 1.0, scale="log"),
            Integer("heads", 1, 8),
            Integer("hidden", 16, 512),
            Discrete("batch", [16, 32, 64]),
            Categorical("optimizer", ["sgd", "adam"]),
        ],
        constraints=["hidden % heads == 0"],
    )


GOOD: dict[str, Any] = {"lr": 0.1, "heads": 4, "hidden": 64, "batch": 32, "optimizer": "adam"}


def loss(parameters: Mapping[str, Any]) -> float:
    off = math.log10(parameters["lr"]) + 3.0
    width = abs(parameters["hidden"] - 128) / 128
    return float(off * off + width + (parameters["optimizer"] == "sgd"))


def line() -> SearchSpace:
    return SearchSpace([Double("x", -5.0, 5.0)])


def three() -> SearchSpace:
    return SearchSpace([Integer("x", 1, 3)])


def square(parameters: Mapping[str, Any]) -> float:
    return float((parameters["x"] - 1.0) ** 2)


def run(optimizer: Optimizer, trials: int) -> list[Suggestion]:
    asked = []
    for _ in range(trials):
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, loss(suggestion.parameters))
        asked.append(suggestion)
    return asked


# -- asking --------------------------------------------------------------------------------------


def test_every_suggestion_lies_in_the_space_and_says_how_it_was_chosen(space: SearchSpace) -> None:
    for suggestion in run(Optimizer(space, seed=0), 12):
        assert space.problems(suggestion.parameters) == ()
        assert suggestion.why["algorithm"] == "bayesian"


def test_a_batch_holds_different_configurations_numbered_in_order(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    batch = optimizer.ask(8)
    assert [each.number for each in batch] == list(range(1, 9))
    assert len({space.key(each.parameters) for each in batch}) == 8
    assert optimizer.pending == tuple(batch)


def test_the_same_seed_and_calls_give_the_same_suggestions(space: SearchSpace) -> None:
    assert run(Optimizer(space, seed=3), 8) == run(Optimizer(space, seed=3), 8)
    assert run(Optimizer(space, seed=3), 8) != run(Optimizer(space, seed=4), 8)


def test_an_exhausted_space_ends_a_list_and_refuses_a_single_one() -> None:
    optimizer = Optimizer(three())
    assert len(optimizer.ask(5)) == 3
    assert optimizer.ask(2) == []
    with pytest.raises(Refused, match="search space is exhausted: 3 configurations were suggested"):
        optimizer.ask()


def test_constraints_that_contradict_each_other_are_named() -> None:
    impossible = SearchSpace([Integer("x", 0, 10)], constraints=["x <= 10", "x > 11"])
    for ask in (Optimizer(impossible).ask, lambda: Optimizer(impossible).ask(3)):
        with pytest.raises(InvalidInput) as refused:
            ask()
        (problem,) = refused.value.problems
        assert problem.path == "constraints[1]"
        assert "'x > 11' holds for no values of its parameters" in problem.message


def test_it_finds_the_optimum_of_a_mixed_space(space: SearchSpace) -> None:
    optimizer = Optimizer(space, goal="minimize", algorithm="bayesian", seed=0)
    run(optimizer, 40)
    best = optimizer.best()
    assert best is not None
    assert best.value < 0.02
    assert best.parameters["optimizer"] == "adam"


# -- telling -------------------------------------------------------------------------------------


def test_a_foreign_configuration_is_an_observation_with_its_own_number(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    asked = optimizer.ask()
    assert optimizer.tell(GOOD, 0.3) == 2
    assert optimizer.tell(asked, 0.4) == 1
    assert [each.number for each in optimizer.observations] == [1, 2]


def test_a_mapping_equal_to_a_pending_suggestion_is_its_result(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    asked = optimizer.ask()
    assert optimizer.tell(dict(asked.parameters), 0.3) == asked.number
    assert optimizer.pending == ()


def test_scalars_of_numpy_are_taken_as_values_and_as_parameters(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    optimizer.tell({**GOOD, "lr": np.float32(0.5), "heads": np.int64(2)}, np.float64(0.25))
    (told,) = optimizer.observations
    assert (told.value, told.parameters["lr"], told.parameters["heads"]) == (0.25, 0.5, 2)
    assert type(told.parameters["heads"]) is int


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lr": "fast"}, "lr: must be a number from 1e-05 to 1.0, got 'fast'"),
        ({"lr": math.nan}, "lr: must be a number from 1e-05 to 1.0, got nan"),
        ({"lr": math.inf}, "lr: must be a number from 1e-05 to 1.0, got inf"),
        ({"heads": True}, "heads: must be a whole number from 1 to 8, got True"),
        ({"batch": None}, "batch: must be one of 16, 32, 64, got None"),
        ({"optimizer": "lion"}, "optimizer: must be one of 'sgd', 'adam', got 'lion'"),
        ({"rate": 0.1}, "rate: is not a parameter; there are lr, heads, hidden, batch, optimizer"),
    ],
)
def test_what_is_no_configuration_of_these_parameters_is_refused_by_name(
    space: SearchSpace, change: dict[str, Any], words: str
) -> None:
    optimizer = Optimizer(space)
    with pytest.raises(InvalidInput) as refused:
        optimizer.tell({**GOOD, **change}, 0.3)
    assert str(refused.value) == words
    assert optimizer.observations == ()


def test_every_missing_parameter_is_named(space: SearchSpace) -> None:
    with pytest.raises(InvalidInput) as refused:
        Optimizer(space).tell({"lr": 0.1, "heads": 4, "batch": 16}, 0.3)
    assert str(refused.value) == "hidden: is missing\noptimizer: is missing"


@pytest.mark.parametrize("odd", [None, 3, "lr=0.1", [("lr", 0.1)]])
def test_what_is_neither_suggestion_nor_mapping_is_refused(space: SearchSpace, odd: Any) -> None:
    with pytest.raises(InvalidInput, match="parameters: must be a suggestion or a mapping"):
        Optimizer(space).tell(odd, 0.3)


@pytest.mark.parametrize("change", [{"lr": 100.0}, {"heads": 12}, {"hidden": 65}, {"batch": 48}])
def test_a_configuration_of_another_range_is_knowledge_and_never_best(
    space: SearchSpace, change: dict[str, Any]
) -> None:
    optimizer = Optimizer(space)
    optimizer.tell({**GOOD, **change}, -5.0)
    assert optimizer.best() is None
    for suggestion in run(optimizer, 8):
        assert space.problems(suggestion.parameters) == ()
    best = optimizer.best()
    assert best is not None
    assert best.value > -5.0


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0.3", "value: must be a number, got '0.3'"),
        (None, r"value: is missing; tell\(…, failed=True\) reports a trial without one"),
        (True, "value: must be a number, got True"),
        (1j, "value: must be a number, got 1j"),
        ([0.1], r"value: must be a number, got \[0.1\]"),
        (np.array([0.1, 0.2]), r"value: must be a number, got array"),
    ],
)
def test_a_value_that_is_no_number_is_refused_and_changes_nothing(
    space: SearchSpace, value: Any, words: str
) -> None:
    optimizer = Optimizer(space)
    asked = optimizer.ask()
    with pytest.raises(InvalidInput, match=words):
        optimizer.tell(asked, value)
    assert optimizer.pending == (asked,)


def test_a_suggestion_is_told_once(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    asked = optimizer.ask()
    optimizer.tell(asked, 0.5)
    with pytest.raises(InvalidInput, match=r"suggestion 1 was told already: 0\.5"):
        optimizer.tell(asked, 0.6)


def test_a_suggestion_of_another_optimizer_is_refused(space: SearchSpace) -> None:
    one, other = Optimizer(space, seed=1), Optimizer(space, seed=2)
    one.ask()
    asked = one.ask()
    other.ask(2)
    with pytest.raises(InvalidInput, match="suggestion 2 was not made by this optimizer"):
        other.tell(asked, 0.5)


def test_a_failed_trial_has_no_value(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    asked = optimizer.ask()
    with pytest.raises(InvalidInput, match=r"value: a failed trial has none, got 0\.5"):
        optimizer.tell(asked, 0.5, failed=True)
    optimizer.tell(asked, failed=True)
    assert optimizer.best() is None
    assert optimizer.pending == ()


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 1e300, -1e300, 10**400])
def test_odd_values_break_nothing_and_only_finite_ones_are_best(odd: float) -> None:
    optimizer = Optimizer(line())
    for index in range(9):
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, odd if index % 3 == 0 else square(suggestion.parameters))
    best = optimizer.best()
    assert best is not None
    # The lowest finite number is best, however odd; all others must not be.
    assert best.value == -1e300 if odd == -1e300 else 0.0 <= best.value <= 36.0


def test_constant_and_contradictory_values_break_nothing(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    for index in range(6):
        optimizer.tell(GOOD, float(index % 2))
    for suggestion in optimizer.ask(4):
        assert space.problems(suggestion.parameters) == ()
        optimizer.tell(suggestion, 1.0)
    best = optimizer.best()
    assert best is not None
    assert (best.number, best.value) == (1, 0.0)


def test_several_threads_may_ask_and_tell() -> None:
    optimizer = Optimizer(line(), algorithm="random")

    def work(_: int) -> None:
        for _ in range(20):
            suggestion = optimizer.ask()
            optimizer.tell(suggestion, square(suggestion.parameters))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert [each.number for each in optimizer.observations] == list(range(1, 81))
    assert optimizer.pending == ()


# -- the best ------------------------------------------------------------------------------------


def test_the_best_is_observed_and_modelled_with_its_uncertainty() -> None:
    optimizer = Optimizer(line(), seed=1)
    rng = np.random.default_rng(1)
    for _ in range(30):
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, square(suggestion.parameters) + 0.5 * rng.standard_normal())
    best = optimizer.best()
    assert best is not None
    assert best.value == min(each.value or math.inf for each in optimizer.observations)
    assert best.model is not None
    assert best.model.low < best.model.mean < best.model.high
    # The luckiest draw lies below what the function can be; the model's mean knows better.
    assert best.value < best.model.mean
    assert abs(best.model.parameters["x"] - 1.0) < 1.0


def test_the_model_sees_through_one_lucky_value() -> None:
    optimizer = Optimizer(SearchSpace([Double("x", 0.0, 1.0)]))
    for i in range(30):
        x = i / 29
        optimizer.tell({"x": x}, (x - 0.5) ** 2 * 4 + 0.1 * math.sin(1000.0 * x))
    optimizer.tell({"x": 0.9}, -0.2)
    best = optimizer.best()
    assert best is not None
    assert best.parameters == {"x": 0.9}
    assert best.model is not None
    assert 0.3 < best.model.parameters["x"] < 0.7


def test_the_goal_says_what_is_best() -> None:
    optimizer = Optimizer(line(), goal="maximize")
    for x in (-1.0, 2.0, 4.0):
        optimizer.tell({"x": x}, x)
    best = optimizer.best()
    assert best is not None
    assert best.parameters == {"x": 4.0}
    assert best.model is not None
    assert best.model.parameters == {"x": 4.0}
    assert best.model.mean == pytest.approx(4.0, abs=0.5)


def test_one_value_is_best_without_a_model() -> None:
    optimizer = Optimizer(line())
    assert optimizer.best() is None
    optimizer.tell({"x": 1.0}, 3.0)
    best = optimizer.best()
    assert best is not None
    assert (best.value, best.model) == (3.0, None)


def test_a_space_of_one_point_has_a_best_as_well() -> None:
    optimizer = Optimizer(SearchSpace([Integer("x", 3, 3)]))
    optimizer.tell({"x": 3}, 2.0)
    optimizer.tell({"x": 3}, 1.0)
    best = optimizer.best()
    assert best is not None
    assert (best.number, best.value) == (2, 1.0)


# -- going on later ------------------------------------------------------------------------------


def test_a_state_goes_through_json_and_continues_exactly(space: SearchSpace) -> None:
    optimizer = Optimizer(space, seed=5, options={"initial": 3})
    run(optimizer, 9)
    waiting = optimizer.ask(2)
    optimizer.tell(GOOD, math.nan)
    again = Optimizer.from_state(json.loads(json.dumps(optimizer.state(), allow_nan=False)))
    assert again.pending == optimizer.pending
    assert again.ask(3) == optimizer.ask(3)
    again.tell(waiting[0], 0.1)
    optimizer.tell(waiting[0], 0.1)
    assert run(again, 3) == run(optimizer, 3)
    assert again.best() == optimizer.best()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version: must be 1, the form that this Dowse reads, got 2"),
        ({"goal": "smaller"}, "goal: "),
        ({"extra": 1}, "extra: is not a key of this form"),
        ({"numbered": 0}, r"number: trial numbers must each be unique and lie between 1 and 0"),
        ({"algorithm": {"name": "bayes"}}, "algorithm: must be one of .*did you mean 'bayesian'"),
    ],
)
def test_a_state_that_is_none_is_refused_with_its_place(
    space: SearchSpace, change: dict[str, Any], words: str
) -> None:
    optimizer = Optimizer(space)
    run(optimizer, 2)
    with pytest.raises(InvalidInput, match=words):
        Optimizer.from_state({**optimizer.state(), **change})


# -- making one ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"goal": "smallest"}, "goal: must be one of maximize, minimize, got 'smallest'"),
        ({"algorithm": "bayesain"}, "did you mean 'bayesian'?"),
        ({"seed": 1.5}, "seed: must be a whole number, got 1.5"),
        ({"options": {"initial": 0}}, "algorithm.initial: must be a whole number of 1 or more"),
        ({"options": {"speed": 3}}, "algorithm.speed: is no setting of auto; there are"),
        ({"space": [Double("x", 0, 1)]}, "space: must be a SearchSpace, got list"),
    ],
)
def test_wrong_arguments_are_refused_by_name(
    space: SearchSpace, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Optimizer(**{"space": space, **arguments})
    assert words in str(refused.value)


@pytest.mark.parametrize("count", [0, -1, 1.0, True, "3"])
def test_a_count_that_is_none_is_refused(space: SearchSpace, count: Any) -> None:
    with pytest.raises(InvalidInput, match="count: must be a whole number of 1 or more, got"):
        Optimizer(space).ask(count)


@pytest.mark.parametrize("algorithm", ["bayesian", "random", "sobol", "grid"])
def test_every_algorithm_of_the_catalog_runs(space: SearchSpace, algorithm: str) -> None:
    optimizer = Optimizer(space, algorithm=algorithm)
    assert len(run(optimizer, 6)) == 6
    best = optimizer.best()
    assert best is not None
    assert best.model is not None


# -- lightness -----------------------------------------------------------------------------------


def said_by(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_importing_dowse_loads_neither_numpy_nor_the_optimizer() -> None:
    heavy = "[m for m in ('numpy', 'dowse.optimizer', 'dowse.domain') if m in sys.modules]"
    assert said_by(f"import sys, dowse; print({heavy})") == "[]\n"


def test_the_optimizer_loads_no_framework() -> None:
    code = (
        "import sys\n"
        "from dowse import Double, Optimizer, SearchSpace\n"
        "Optimizer(SearchSpace([Double('x', 0, 1)])).ask()\n"
        "heavy = ('pydantic', 'scipy.optimize', 'scipy.stats', 'sqlalchemy', 'fastapi', 'httpx')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    assert said_by(code) == "[]\n"


def test_a_thousand_results_are_told_quickly() -> None:
    optimizer = Optimizer(line(), algorithm="random")
    began = time.process_time()
    for index in range(1_000):
        optimizer.tell({"x": index / 1_000}, float(index))
    assert time.process_time() - began < 1.0


def test_the_best_of_very_many_is_found_without_a_prediction_for_each() -> None:
    optimizer = Optimizer(line(), seed=0)
    rng = np.random.default_rng(0)
    for x in rng.uniform(-5.0, 5.0, 3_000):
        optimizer.tell({"x": float(x)}, square({"x": x}) + 0.1 * float(rng.standard_normal()))
    began = time.process_time()
    best = optimizer.best()
    assert time.process_time() - began < 3.0
    assert best is not None
    assert best.model is not None
    assert abs(best.model.parameters["x"] - 1.0) < 0.3
    assert best.value == min(o.value for o in optimizer.observations if o.value is not None)


def test_the_first_suggestion_loads_no_scipy() -> None:
    program = (
        "import sys\n"
        "from dowse import Double, Optimizer, SearchSpace\n"
        "Optimizer(SearchSpace([Double('x', 0, 1)])).ask()\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'scipy'])\n"
    )
    words = [sys.executable, "-c", program]
    said = subprocess.run(words, check=True, capture_output=True, text=True)
    assert said.stdout == "[]\n"


def test_settings_of_the_wrong_kind_are_refused_by_name(space: SearchSpace) -> None:
    with pytest.raises(InvalidInput, match="algorithm: must be a name such as 'bayesian', got 3"):
        Optimizer(space, algorithm=3)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="options: must map settings to their values, got 3"):
        Optimizer(space, options=3)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="tolerance: must be a positive number, got 'a'"):
        Optimizer(space).convergence(tolerance="a")  # type: ignore[arg-type]


def test_a_whole_number_beyond_all_floats_is_no_value_of_a_parameter(space: SearchSpace) -> None:
    optimizer = Optimizer(space)
    told = {**optimizer.ask().parameters, "heads": 10**400}
    with pytest.raises(InvalidInput, match="heads: must be a whole number from 1 to 8, got 1000"):
        optimizer.tell(told, 1.0)
