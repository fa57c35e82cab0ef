import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.constraints import parse_condition
from dowse.domain.parameters import (
    Categorical,
    Discrete,
    Double,
    Integer,
    Parameter,
    is_number,
)
from dowse.domain.scales import Normal, Scale
from dowse.errors import InvalidInput

units = st.floats(0, 1)


@st.composite
def doubles(draw: st.DrawFn) -> Double:
    scale = draw(st.sampled_from(Scale))
    low = draw(st.floats(1e-6, 1e3)) if scale != Scale.LINEAR else draw(st.floats(-1e3, 1e3))
    high = low + draw(st.floats(1e-3, 1e4))
    prior, step = None, None
    if draw(st.booleans()):
        step = (high - low) / draw(st.integers(1, 50))
    if draw(st.booleans()) and scale != Scale.REVERSE_LOG:
        ends = (math.log(low), math.log(high)) if scale == Scale.LOG else (low, high)
        spread = ends[1] - ends[0]
        prior = Normal(
            draw(st.floats(ends[0] - spread, ends[1] + spread)),
            draw(st.floats(spread / 4, spread * 2)),
        )
    return Double("x", low, high, scale=scale, step=step, prior=prior)


@st.composite
def integers(draw: st.DrawFn) -> Integer:
    scale = draw(st.sampled_from(Scale))
    low = draw(st.integers(1 if scale != Scale.LINEAR else -1000, 1000))
    width = draw(st.integers(0, 2000))
    return Integer("n", low, low + width, scale=scale, step=draw(st.integers(1, 40)))


@st.composite
def short_linear_integers(draw: st.DrawFn) -> Integer:
    low, step = draw(st.integers(-1000, 1000)), draw(st.integers(1, 40))
    width = draw(st.integers(0, 50 * step - 1))
    return Integer("n", low, low + width, step=step)


discretes = st.lists(
    st.one_of(st.integers(-99, 99), st.floats(-99, 99)), min_size=1, max_size=9, unique=True
).map(lambda values: Discrete("d", values))
labels = st.lists(
    st.one_of(st.text(max_size=4), st.booleans(), st.integers(2, 99)),
    min_size=1,
    max_size=9,
    unique=True,
)
categoricals = labels.map(lambda values: Categorical("c", values))
anything: st.SearchStrategy[Parameter] = st.one_of(doubles(), integers(), discretes, categoricals)


@given(parameter=anything, u=units)
def test_every_unit_leads_to_a_value_of_the_parameter(parameter: Parameter, u: float) -> None:
    assert parameter.contains(parameter.value_at(u))


@given(parameter=anything, u=units)
def test_the_unit_of_a_value_leads_back_to_the_value(parameter: Parameter, u: float) -> None:
    value: Any = parameter.value_at(u)
    unit = parameter.unit(value)
    assert 0 <= unit <= 1
    again = parameter.value_at(unit)
    if isinstance(parameter, Double):
        assert isinstance(again, float)
        # Far in the tail of a bell one unit step of a float is a visible distance.
        slack = 1e-6 * (parameter.max - parameter.min)
        assert again == pytest.approx(value, abs=slack, rel=1e-6)
    else:
        assert again == value


@given(parameter=st.one_of(doubles(), integers(), discretes), u=units, v=units)
def test_values_increase_with_the_unit(
    parameter: Double | Integer | Discrete, u: float, v: float
) -> None:
    first, second = (parameter.value_at(x) for x in sorted((u, v)))
    slack = 1e-9 * abs(first) if isinstance(parameter, Double) and parameter.step is None else 0
    assert first <= second + slack


@given(parameter=st.one_of(doubles(), integers(), discretes), value=st.floats(-2e4, 2e4))
def test_snapping_finds_a_value_that_exists_and_stays_there(
    parameter: Double | Integer | Discrete, value: float
) -> None:
    snapped = parameter.snap(value)
    assert parameter.contains(snapped)
    assert parameter.snap(snapped) == snapped


@given(parameter=anything)
def test_the_listed_values_are_those_it_contains_and_as_many_as_it_says(
    parameter: Parameter,
) -> None:
    assume(parameter.levels is not None)
    values = list(parameter.values())
    assert len(values) == parameter.levels == len(set(map(repr, values)))
    assert all(parameter.contains(value) for value in values)


@given(parameter=short_linear_integers())
def test_on_a_linear_scale_every_whole_number_is_as_likely_as_the_others(
    parameter: Integer,
) -> None:
    count = parameter.levels
    middles = [parameter.value_at((index + 0.5) / count) for index in range(count)]
    assert middles == list(parameter.values())


def shares(parameter: Parameter, count: int = 20_000) -> Counter[object]:
    return Counter(parameter.value_at((i + 0.5) / count) for i in range(count))


def test_a_log_integer_gives_each_octave_the_same_share() -> None:
    found = shares(Integer("n", 1, 128, scale="log"))
    # Cells are [k - 1/2, k + 1/2], so 1 owns [0.5, 1.5] of [0.5, 128.5].
    whole = math.log(128.5 / 0.5)
    assert found[1] / 20_000 == pytest.approx(math.log(3) / whole, abs=1e-3)
    assert found[100] / 20_000 == pytest.approx(math.log(100.5 / 99.5) / whole, abs=1e-3)


def test_a_log_integer_may_have_steps_longer_than_its_minimum() -> None:
    parameter = Integer("n", 1, 17, scale="log", step=8)
    assert list(parameter.values()) == [1, 9, 17]
    assert set(shares(parameter, 300)) == {1, 9, 17}
    assert [parameter.value_at(parameter.unit(value)) for value in (1, 9, 17)] == [1, 9, 17]


def test_a_log_double_has_its_geometric_mean_in_the_middle() -> None:
    assert Double("lr", 1e-5, 1e-1, scale="log").value_at(0.5) == pytest.approx(1e-3)


def test_a_reverse_log_double_is_dense_at_its_top() -> None:
    parameter = Double("momentum", 1, 100, scale="reverse_log")
    assert parameter.value_at(0.5) == pytest.approx(91)
    assert (parameter.value_at(0), parameter.value_at(1)) == pytest.approx((1, 100))


def test_an_unbounded_lognormal_has_its_median_at_e_to_the_mu() -> None:
    parameter = Double("lr", 0, math.inf, scale="log", prior=Normal(-7, 1))
    assert parameter.value_at(0.5) == pytest.approx(math.exp(-7))
    assert parameter.value_at(0.8413447) == pytest.approx(math.exp(-6), rel=1e-6)
    assert parameter.unit(math.exp(-8)) == pytest.approx(0.1586553, abs=1e-6)
    assert math.isfinite(Double("x", 0, math.inf, scale="log", prior=Normal(700, 9)).value_at(1))


def test_a_quantised_lognormal_takes_multiples_from_zero_up() -> None:
    parameter = Double("n", 0, math.inf, scale="log", step=2, origin=0, prior=Normal(1, 1))
    found = shares(parameter, 2_000)
    assert 0.0 in found
    assert all(value % 2 == 0 for value in found if isinstance(value, float))
    assert parameter.levels is None
    assert parameter.unit(0.0) == 0.0


def test_a_quantised_uniform_rounds_to_multiples_of_its_step() -> None:
    parameter = Double("x", 0.05, 0.96, step=0.1, origin=0)
    assert list(parameter.values()) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert parameter.snap(0.97) == 0.9


@pytest.mark.parametrize(
    ("low", "high", "step", "expected"),
    [
        (0.0, 0.3, 0.1, [0.0, 0.1, 0.2, 0.3]),
        (-1.0, -0.8, 0.1, [-1.0, -0.9, -0.8]),
        (1e6, 1e6 + 2e-7, 1e-7, [1e6, 1000000.0000001, 1000000.0000002]),
        (0.0, 1.0, 1 / 3, [0.0, 1 / 3, 2 / 3, 1.0]),
    ],
)
def test_steps_are_decimal(low: float, high: float, step: float, expected: list[float]) -> None:
    values = list(Double("x", low, high, step=step).values())
    assert values == pytest.approx(expected, rel=1e-15)


def test_a_double_of_one_value_is_finite() -> None:
    parameter = Double("x", 2, 2)
    assert parameter.levels == 1
    assert list(parameter.values()) == [2.0]
    assert Double("x", 1, 2).levels is None
    with pytest.raises(ValueError, match="x is a continuum and cannot be listed"):
        list(Double("x", 1, 2).values())


def test_numbers_and_booleans_are_told_apart() -> None:
    assert not is_number(True)
    assert [is_number(value) for value in (1, 1.5)] == [True, True]
    for parameter in (Double("x", 0, 2), Integer("n", 0, 2), Discrete("d", [0, 1, 2])):
        assert parameter.contains(1)
        assert not parameter.contains(True)
        assert not parameter.contains("1")
    assert not Integer("n", 0, 2).contains(1.0)


def test_labels_are_numbers_by_value_but_true_is_not_one() -> None:
    parameter = Categorical("c", [1, "1", True])
    assert parameter.contains(1.0)
    assert [parameter.index(value) for value in (1, "1", True)] == [0, 1, 2]
    assert not Categorical("c", [1, 2]).contains(True)
    with pytest.raises(ValueError, match="'2' is not a choice of c"):
        parameter.index("2")


def test_discrete_values_are_kept_in_order_with_the_texts_they_came_with() -> None:
    parameter = Discrete("batch", [64, 16, 32], texts=["64", "1_6", "0x20"])
    assert list(parameter.values()) == [16, 32, 64]
    assert [parameter.text(value) for value in (16, 32, 64)] == ["1_6", "0x20", "64"]
    assert parameter.snap(30) == 32
    assert parameter.describe() == "one of 1_6, 0x20, 64"


def test_values_are_written_the_way_a_program_reads_them() -> None:
    assert Double("x", 0, 1).text(1e-05) == "1e-05"
    assert Double("x", 0, 1).text(1) == "1.0"
    assert Integer("n", 0, 9).text(3) == "3"
    assert Categorical("c", ["a", True]).text(True) == "True"
    assert Categorical("c", ["a", True], texts=["a", "yes"]).text(True) == "yes"


REFUSALS: list[tuple[Callable[[], Parameter], str]] = [
    (lambda: Double("x", 2, 1), "x.min: must not be above max (1), got 2"),
    (lambda: Double("x", 0, 1, scale="log"), "x.min: must be > 0 on a log scale, got 0.0"),
    (
        lambda: Double("x", 0, 1, scale="ln"),
        "x.scale: must be one of linear, log, reverse_log, got 'ln'",
    ),
    (
        lambda: Double("x", 0, math.inf),
        "x: min and max must be finite, got 0.0 and inf",
    ),
    (lambda: Double("x", math.nan, 1), "x.min: must be a number, got nan"),
    (lambda: Double("x", True, 1), "x.min: must be a number, got True"),
    (
        lambda: Double("x", 0, 10**400),
        "x.max: must lie within ±1.8e308, got a longer whole number",
    ),
    (
        lambda: Double("x", -1.7e308, 1.7e308),
        "x: min and max are too far apart: -1.7e+308, 1.7e+308",
    ),
    (lambda: Double("x", 0, 1, step=0), "x.step: must be a number > 0, got 0"),
    (
        lambda: Double("x", 0.1, 0.2, step=1, origin=0),
        "x.step: leaves no value between 0.1 and 0.2, got 1",
    ),
    (lambda: Double("x", 0, 1, prior=Normal(0, 0)), "x.sigma: must be > 0, got 0"),
    (lambda: Double("x", 0, 1, prior=Normal(math.nan, 1)), "x.mu: must be finite, got nan"),
    (
        lambda: Double("lr", 1, 10, scale="log", prior=Normal(-9, 0.1)),
        f"lr.mu: is too many sigma (0.1) away from the range 0.0 to {math.log(10)!r}, got -9",
    ),
    (lambda: Integer("n", 0.5, 1), "n.min: must be a whole number, got 0.5"),  # type: ignore[arg-type]
    (lambda: Integer("n", 0, 2**60), "n: min and max must lie within ±2^53"),
    (lambda: Integer("n", 0, 9, scale="log"), "n.min: must be > 0 on a log scale, got 0"),
    (
        lambda: Integer("n", 0, 9, step=0),
        "n.step: must be a whole number of 1 or more, got 0",
    ),
    (lambda: Discrete("d", []), "d.values: must hold at least one value, got none"),
    (lambda: Discrete("d", [1, 2, 1]), "d.values: must be unique, got 1 twice"),
    (lambda: Discrete("d", [1, True]), "d.values: must hold numbers only, got True"),
    (lambda: Discrete("d", [math.inf]), "d.values: must be finite, got inf"),
    (lambda: Discrete("d", [1, 2], texts=["1"]), "d.values: has 2 values and 1 texts of them"),
    (
        lambda: Discrete("d", range(100_001)),
        "d.values: must hold at most 100000 values, got 100001",
    ),
    (lambda: Categorical("c", ["a", "a"]), "c.values: must be unique, got 'a' twice"),
    (lambda: Categorical("c", [1, 1.0]), "c.values: must be unique, got 1 twice"),
    (lambda: Categorical("c", [math.nan]), "c.values: must be finite, got nan"),
    (
        lambda: Categorical("c", [None]),  # type: ignore[list-item]
        "c.values: must be text, a number or a boolean, got None",
    ),
    (
        lambda: Double(" x", 0, 1),
        " x: a parameter name must be text without blanks at its ends, got ' x'",
    ),
    (
        lambda: Double("x=1", 0, 1),
        "x=1: a parameter name has at most 256 characters, no '=' and no control characters, "
        "got 'x=1'",
    ),
]


@pytest.mark.parametrize(("make", "message"), REFUSALS, ids=[text for _, text in REFUSALS])
def test_a_parameter_that_makes_no_sense_is_refused(
    make: Callable[[], Parameter], message: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make()
    assert str(refusal.value) == message


def test_parameters_describe_themselves() -> None:
    assert Double("x", 0, 1, step=0.5).describe() == "a number from 0.0 to 1.0 in steps of 0.5"
    assert Integer("n", 1, 6).describe() == "a whole number from 1 to 6"
    assert Integer("n", 1, 6, step=2).describe() == "a whole number from 1 to 6 in steps of 2"
    assert Categorical("c", ["a", "b"]).describe() == "one of 'a', 'b'"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Discrete("x", 3), "x.values: must be a list, got 3"),  # type: ignore[arg-type]
        (lambda: Categorical("x", "abc"), "x.values: must be a list, got 'abc'"),
        (
            lambda: Double("x", 0, 1, prior=3),  # type: ignore[arg-type]
            r"x.prior: must be Normal\(mu, sigma\), got 3",
        ),
        (
            lambda: Double("x", 0, 1, prior=Normal("a", 1)),  # type: ignore[arg-type]
            "x.mu: must be finite, got 'a'",
        ),
        (
            lambda: Double("x", 0, 1, step=0.1, origin="a"),  # type: ignore[arg-type]
            "x.origin: must be a number, got 'a'",
        ),
    ],
)
def test_what_is_given_in_the_place_of_something_else_is_refused_by_name(
    make: Callable[[], Parameter], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda when: Double("x", 0, 1, when=when),
        lambda when: Integer("x", 0, 1, when=when),
        lambda when: Discrete("x", [0, 1], when=when),
        lambda when: Categorical("x", ["a", "b"], when=when),
    ],
)
def test_what_a_parameter_depends_on_may_be_a_text(make: Callable[[Any], Parameter]) -> None:
    text = "optimizer == 'sgd'"
    assert make(text) == make(parse_condition(text))
    assert make(text).condition == Condition("optimizer", Comparison.EQUAL, ("sgd",))
    assert make(None).condition is None
    with pytest.raises(InvalidInput, match=r"x\.when: 'a == b' compares a with b"):
        make("a == b")
    with pytest.raises(InvalidInput, match=r"x\.when: must be a condition such as .*, got 3"):
        make(3)
