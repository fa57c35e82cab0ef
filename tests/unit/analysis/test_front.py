import math

from dowse.analysis.front import front
from dowse.domain.history import Ending, Observation
from dowse.domain.parameters import Double, Integer
from dowse.domain.space import SearchSpace
from dowse.domain.targets import targets

SPACE = SearchSpace([Integer("layers", 1, 9), Double("x", 0.0, 1.0)])
TARGETS = targets(None, {"loss": "minimize", "time": "minimize"}, ["time <= 10"])


def trial(number: int, layers: int, loss: float, time: float) -> Observation:
    return Observation(
        number=number,
        parameters={"layers": layers, "x": 0.5},
        ending=Ending.MEASURED,
        value=loss,
        metrics={"time": time},
    )


def numbers(*trials: Observation) -> list[int]:
    return [each.number for each in front(trials, TARGETS, SPACE)]


def test_the_front_is_ordered_by_the_first_objective() -> None:
    assert numbers(trial(1, 1, 3.0, 1.0), trial(2, 1, 1.0, 3.0), trial(3, 1, 2.0, 2.0)) == [2, 3, 1]


def test_of_equal_trials_the_simplest_stays_then_the_earliest() -> None:
    assert numbers(trial(1, 5, 1.0, 1.0), trial(2, 3, 1.0, 1.0), trial(3, 3, 1.0, 1.0)) == [2]


def test_trials_beyond_a_limit_outside_the_space_or_without_a_value_are_not_on_it() -> None:
    failed = Observation(number=9, parameters={"layers": 1, "x": 0.1}, ending=Ending.FAILED)
    assert (
        numbers(trial(1, 1, 0.0, 11.0), trial(2, 20, 0.0, 0.0), trial(3, 1, math.nan, 0.0), failed)
        == []
    )
