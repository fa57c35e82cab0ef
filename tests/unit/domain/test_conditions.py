import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.constraints import parse_condition


@pytest.mark.parametrize(
    ("comparison", "holding"),
    [
        (Comparison.EQUAL, [2]),
        (Comparison.NOT_EQUAL, [1, 3]),
        (Comparison.LESS, [1]),
        (Comparison.LESS_OR_EQUAL, [1, 2]),
        (Comparison.GREATER, [3]),
        (Comparison.GREATER_OR_EQUAL, [2, 3]),
    ],
)
def test_each_comparison_holds_for_the_values_it_names(
    comparison: Comparison, holding: list[int]
) -> None:
    condition = Condition("layers", comparison, (2,))
    assert [value for value in (1, 2, 3) if condition.holds(value)] == holding


def test_in_and_not_in_take_several_values() -> None:
    inside = Condition("optimizer", Comparison.IN, ("sgd", "momentum"))
    outside = Condition("optimizer", Comparison.NOT_IN, ("sgd", "momentum"))
    for value, expected in (("sgd", True), ("adam", False)):
        assert inside.holds(value) is expected
        assert outside.holds(value) is not expected


def test_ordering_text_is_an_error_of_its_own() -> None:
    with pytest.raises(TypeError, match="compares text by order"):
        Condition("optimizer", Comparison.LESS, (2,)).holds("sgd")


@pytest.mark.parametrize("values", [(), (1, 2)])
def test_a_comparison_takes_one_value(values: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="== takes one value"):
        Condition("layers", Comparison.EQUAL, values)


names = st.one_of(
    st.sampled_from(["layers", "batch-size", "lambda", "not", "true", "model.lr", "2nd", "学习率"]),
    st.text(st.characters(codec="utf-8", exclude_characters="`=\n"), min_size=1, max_size=8),
)
constants = st.one_of(
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.text(max_size=8),
)


@given(
    parent=names,
    comparison=st.sampled_from(Comparison),
    values=st.lists(constants, min_size=1, max_size=3),
)
def test_a_condition_written_down_reads_back_the_same(
    parent: str, comparison: Comparison, values: list[bool | int | float | str]
) -> None:
    many = comparison in (Comparison.IN, Comparison.NOT_IN)
    condition = Condition(parent, comparison, tuple(values if many else values[:1]))
    assert parse_condition(str(condition)) == condition
