from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from dowse import Categorical, Discrete, Double, Integer, SearchSpace
from dowse.analysis.boundary import (
    Change,
    Interval,
    Listed,
    RangeProposal,
    adjusted,
    propose_ranges,
)
from dowse.domain.conditions import Comparison, Condition
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Parameter
from dowse.domain.scales import Normal
from dowse.domain.space import Assignment
from tests.unit.analysis.histories import history, told


def proposal(
    parameter: Parameter, value: Callable[[Any], float], trials: int = 160
) -> RangeProposal:
    """Of a space of one parameter, after random trials; small values are good."""
    space = SearchSpace([parameter])
    past = told(space, lambda given: value(given[parameter.name]), trials)
    return propose_ranges(space, past, Goal.MINIMIZE)[0]


def ends(found: RangeProposal) -> tuple[float, float]:
    assert isinstance(found.suggested, Interval)
    return found.suggested.min, found.suggested.max


def test_the_best_on_its_upper_limit_widens_that_side_by_the_length_of_the_range() -> None:
    found = proposal(Integer("nembeds", 3, 15), lambda n: (n - 22) ** 2)
    assert (found.change, ends(found), found.sure) == (Change.WIDEN, (3, 27), True)
    assert found.why == "the best trial lies at the upper limit"
    assert (found.now.text, found.suggested.text) == ("3..15", "3..27")


def test_a_logarithmic_limit_moves_by_a_decade() -> None:
    found = proposal(Double("lr", 1e-4, 1e-1, "log"), lambda lr: lr)
    assert (found.change, ends(found)) == (Change.WIDEN, (1e-5, 0.1))


@pytest.mark.parametrize(
    ("parameter", "good", "expected"),
    [
        (Double("x", 0.0, 1.0), "low", None),
        (Double("x", 0.0, 1.0), "high", None),
        (Double("x", 0.0, 0.5), "high", (0.0, 1.0)),
        (Double("x", -1.0, 1.0), "low", (-3.0, 1.0)),
        (Double("x", 1.0, 9.0), "low", (0.1, 9.0)),
        (Integer("x", 2, 40), "low", (1, 40)),
        (Integer("x", 1, 40), "low", None),
    ],
)
def test_a_limit_is_not_moved_beyond_what_makes_sense(
    parameter: Parameter, good: str, expected: tuple[float, float] | None
) -> None:
    sign = 1 if good == "low" else -1
    found = proposal(parameter, lambda x: sign * x, trials=400)
    if expected is None:
        assert found.change in (Change.NARROW, Change.KEEP)
    else:
        assert (found.change, ends(found)) == (Change.WIDEN, expected)


def test_a_region_without_good_trials_is_left_out_and_never_too_much_of_it() -> None:
    found = proposal(Double("x", 0.0, 10.0), lambda x: abs(x - 4.0))
    low, high = ends(found)
    assert found.change is Change.NARROW
    assert high - low == pytest.approx(3.0, abs=0.02)
    assert low < 4.0 < high
    assert found.inside == found.top == 16
    assert found.why == "16 of the best 16 trials lie in here"


def test_the_range_is_of_the_middle_of_the_top_with_a_margin() -> None:
    space = SearchSpace([Double("x", 0.0, 100.0)])
    good = [({"x": 30.0 + 5 * i}, float(i)) for i in range(9)]
    bad = [({"x": float(i)}, 100.0 + i) for i in range(81)]
    (found,) = propose_ranges(space, history([*good, *bad]), Goal.MINIMIZE)
    # The top are 9 from 30 to 70: their middle is 32 to 68, and 15 % of 36 is 5.4.
    assert ends(found) == pytest.approx((26.6, 73.4))


def test_a_list_goes_on_as_it_goes_and_loses_its_dead_end() -> None:
    wide = proposal(Discrete("nn", [4, 16, 32, 64, 128]), lambda n: -n)
    assert wide.suggested == Listed(values=(4, 16, 32, 64, 128, 256, 512, 1024))
    assert wide.now.text == "4,16,32,64,128"
    low = proposal(Discrete("nn", [16, 32, 64, 128]), lambda n: n)
    assert low.suggested == Listed(values=(2, 4, 8, 16, 32, 64, 128))
    assert proposal(Discrete("nn", [16, 32, 64]), lambda n: -n).suggested == Listed(
        values=(16, 32, 64, 128, 256, 512)
    )
    even = proposal(Discrete("x", [0.1, 0.2, 0.3]), lambda x: -x)
    assert even.suggested == Listed(values=(0.1, 0.2, 0.3, 0.4, 0.5))
    middle = proposal(Discrete("x", list(range(10))), lambda x: abs(x - 4))
    assert middle.suggested == Listed(values=(3, 4, 5))


def test_labels_that_none_of_the_best_have_may_be_dropped() -> None:
    found = proposal(Categorical("opt", ["sgd", "adam", "rms"]), lambda o: float(o == "sgd"))
    assert (found.change, found.suggested) == (Change.DROP, Listed(values=("adam", "rms")))
    assert found.why == "none of the best 32 trials has sgd"
    assert not found.sure


def test_few_results_say_nothing_and_bells_have_no_limits() -> None:
    few = proposal(Double("x", 0.0, 1.0), lambda x: x, trials=15)
    assert (few.change, few.why) == (Change.KEEP, "15 results are too few: 16 are needed")
    bell = proposal(Double("x", -9.0, 9.0, prior=Normal(0.0, 1.0)), lambda x: x)
    assert bell.change is Change.KEEP


def test_higher_is_better_where_it_is() -> None:
    space = SearchSpace([Integer("n", 1, 20)])
    past = told(space, lambda given: float(given["n"]), 60)
    assert ends(propose_ranges(space, past, Goal.MAXIMIZE)[0]) == (1, 39)


def test_failed_trials_are_none_of_the_best_and_fixed_values_have_no_range() -> None:
    space = SearchSpace([Double("x", 0.0, 10.0), Integer("one", 3, 3)])
    past = told(space, lambda p: None if float(p["x"]) > 5 else abs(float(p["x"]) - 3.0), 90)
    (found,) = propose_ranges(space, past, Goal.MINIMIZE)
    assert ends(found)[1] < 5.0


def test_a_conditional_parameter_is_judged_where_it_takes_part() -> None:
    when = Condition("opt", Comparison.EQUAL, ("sgd",))
    space = SearchSpace(
        [Categorical("opt", ["sgd", "adam"]), Double("momentum", 0.0, 0.9, when=when)]
    )

    def value(p: Assignment) -> float:
        return float(p["momentum"]) if "momentum" in p else -1.0

    opt, momentum = propose_ranges(space, told(space, value, 100), Goal.MINIMIZE)
    assert momentum.why == "only 0 of the best 10 trials have it"
    assert opt.change is Change.KEEP
    assert opt.why == "a change would contradict the constraints or conditions of the space"


def test_a_change_that_leaves_nothing_is_not_suggested() -> None:
    space = SearchSpace(
        [Integer("a", 1, 20), Integer("b", 1, 20)], constraints=["a + b == 11 or a == b"]
    )
    past = told(space, lambda p: abs(int(p["a"]) - 5) + abs(int(p["b"]) - 6), 60)
    proposals = propose_ranges(space, past, Goal.MINIMIZE)
    changed = adjusted(space, proposals)
    assert changed.names == space.names
    assert changed.relations == space.relations


def test_the_new_space_holds_the_suggested_ranges() -> None:
    space = SearchSpace(
        [
            Integer("n", 1, 16),
            Discrete("nn", [4, 8, 16], texts=["4", "8", "16"]),
            Categorical("opt", ["sgd", "adam", "rms"]),
            Double("lr", 1e-4, 1.0, "log"),
        ]
    )

    def value(p: Assignment) -> float:
        far = abs(math.log10(float(p["lr"])) + 2)
        return far - float(p["n"]) - float(p["nn"]) / 4 + 9.0 * (p["opt"] == "sgd")

    proposals = propose_ranges(space, told(space, value, 200), Goal.MINIMIZE)
    changed = adjusted(space, proposals)
    assert changed["n"] == Integer("n", 1, 31)
    assert list(changed["nn"].values()) == [4, 8, 16, 32, 64, 128]
    assert list(changed["opt"].values()) == ["adam", "rms"]
    assert isinstance(changed["lr"], Double)
    assert changed["lr"].max < 1.0
