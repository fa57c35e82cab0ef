"""The loop over ask and tell."""

import math
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from dowse import Double, Integer, SearchSpace, minimize
from dowse.errors import InvalidInput, Refused


def line() -> SearchSpace:
    return SearchSpace([Double("x", -5.0, 5.0)])


def three() -> SearchSpace:
    return SearchSpace([Integer("x", 1, 3)])


def square(parameters: Mapping[str, Any]) -> float:
    return float((parameters["x"] - 1.0) ** 2)


@pytest.mark.parametrize("parallel", [1, 4])
def test_minimize_finds_the_optimum(parallel: int) -> None:
    found = minimize(square, line(), trials=25, parallel=parallel)
    assert found.value < 1e-4
    assert found.parameters == found.best.parameters
    assert [each.number for each in found.trials] == list(range(1, 26))


def test_the_goal_may_be_to_maximise() -> None:
    found = minimize(lambda p: 3.0 - square(p), line(), trials=20, goal="maximize")
    assert found.value == pytest.approx(3.0, abs=1e-3)
    with pytest.raises(InvalidInput, match="goal: must be one of maximize, minimize, got 'most'"):
        minimize(square, line(), goal="most")


def test_minimize_runs_as_many_calls_at_once_as_it_was_told() -> None:
    together = threading.Barrier(3, timeout=20)

    def meets(parameters: Mapping[str, Any]) -> float:
        together.wait()  # Goes on only when three calls are here at the same time.
        return square(parameters)

    assert len(minimize(meets, line(), trials=6, parallel=3, algorithm="random").trials) == 6


@pytest.mark.parametrize("parallel", [1, 3])
def test_an_exception_is_a_failed_trial(parallel: int) -> None:
    def fails_left(parameters: Mapping[str, Any]) -> float:
        if parameters["x"] < 0:
            raise ArithmeticError("diverged")
        return square(parameters)

    found = minimize(fails_left, line(), trials=20, parallel=parallel)
    failed = {each.number for each in found.trials if each.value is None}
    assert failed == set(found.errors)
    assert failed
    assert all(isinstance(error, ArithmeticError) for error in found.errors.values())
    assert found.value < 0.1


@pytest.mark.parametrize("parallel", [1, 3])
def test_when_everything_fails_the_first_exception_is_raised(parallel: int) -> None:
    def fails(parameters: Mapping[str, Any]) -> float:
        raise KeyError("learning_rate")

    with pytest.raises(KeyError, match="learning_rate") as raised:
        minimize(fails, line(), trials=5, parallel=parallel)
    assert raised.value.__notes__ == ["no trial of 5 gave a value; this is the first failure"]


def test_values_that_are_never_finite_are_refused_in_words() -> None:
    with pytest.raises(Refused, match="no trial of 3 gave a finite value"):
        minimize(lambda _: math.nan, line(), trials=3)


@pytest.mark.parametrize("parallel", [1, 2])
def test_a_function_that_returns_nothing_is_a_mistake_not_a_failure(parallel: int) -> None:
    nothing: Any = {}.get
    with pytest.raises(InvalidInput, match="value: is missing"):
        minimize(lambda _: nothing("x"), line(), trials=5, parallel=parallel)


@pytest.mark.parametrize("parallel", [1, 2])
@pytest.mark.parametrize("returned", [None, "low"])
def test_what_is_no_number_after_a_number_is_a_failed_trial_that_is_warned_of(
    parallel: int, returned: Any
) -> None:
    calls = iter(range(100))

    def forgets(parameters: Mapping[str, Any]) -> Any:
        return returned if next(calls) == 5 else square(parameters)

    with pytest.warns(RuntimeWarning, match="failed: the function returned") as warned:
        found = minimize(forgets, line(), trials=8, parallel=parallel, algorithm="random")
    (number,) = found.errors
    assert [str(each.message) for each in warned] == [
        f"trial {number} failed: the function returned {returned!r}, which is no number"
    ]
    assert warned[0].filename == __file__
    assert isinstance(found.errors[number], InvalidInput)
    assert [each.number for each in found.trials if each.value is None] == [number]
    assert len(found.trials) == 8


@pytest.mark.parametrize("parallel", [1, 2])
def test_minimize_ends_with_the_space(parallel: int) -> None:
    found = minimize(square, three(), trials=50, parallel=parallel)
    assert len(found.trials) == 3
    assert found.parameters == {"x": 1}


@pytest.mark.parametrize("name", ["trials", "parallel"])
def test_minimize_refuses_counts_that_are_none(name: str) -> None:
    counts: dict[str, Any] = {name: 0}
    with pytest.raises(InvalidInput, match=f"{name}: must be a whole number of 1 or more, got 0"):
        minimize(square, line(), **counts)


@pytest.mark.parametrize("parallel", [1, 2])
def test_an_interrupt_is_not_a_failed_trial(parallel: int) -> None:
    def interrupted(parameters: Mapping[str, Any]) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        minimize(interrupted, line(), trials=5, parallel=parallel)


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"function: must be a function .*, got 3"):
        minimize(3, line())  # type: ignore[arg-type]
