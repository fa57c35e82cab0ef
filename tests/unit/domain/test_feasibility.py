import itertools
import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dowse.domain.constraints import parse_condition
from dowse.domain.enumeration import assignments, tuples
from dowse.domain.feasibility import analyse, kronecker, problems
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter
from dowse.domain.space import SearchSpace
from dowse.errors import Severity

HEADS = SearchSpace([Integer("heads", 3, 6), Integer("hidden", 128, 512)], ["hidden % heads == 0"])


def _chosen(values: dict[str, Any], parameter: Parameter) -> Any:
    return values[parameter.name]


def by_brute_force(space: SearchSpace) -> list[dict[str, Any]]:
    """Every distinct feasible assignment, from all combinations of all values."""
    found = {}
    order = space.in_dependency_order()
    for values in itertools.product(*(list(parameter.values()) for parameter in order)):
        chosen = dict(zip((p.name for p in order), values, strict=True))
        assignment = space.assemble(partial(_chosen, chosen))
        if space.feasible(assignment):
            found[space.key(assignment)] = assignment
    return list(found.values())


CONDITIONS = {
    "a": ["a >= 2", "a == 1", "a in [1, 3]"],
    "b": ["b != 2", "b < 3"],
    "kind": ["kind == 'x'", "kind in ['y', 'z']"],
}
RULES = [
    "a < b", "a % b == 0", "a + b + c <= 6", "a * c != 4", "c > 1", "if kind == 'x': a > 1",
    "kind != 'y' or c == b", "8 / (c - 2) > 0", "d > a", "d == 1 or kind == 'z'", "a > 3",
    "1 < b < 3",
]  # fmt: skip


@st.composite
def small_spaces(draw: st.DrawFn) -> SearchSpace:
    names = ["a", "b", "kind", "c", "d"]
    parameters: list[Parameter] = []
    for index, name in enumerate(names):
        options = [text for parent in names[:index] for text in CONDITIONS.get(parent, [])]
        when = None
        if options and draw(st.sampled_from((True, False))):
            when = parse_condition(draw(st.sampled_from(options)))
        if name == "kind":
            parameters.append(Categorical(name, ["x", "y", "z"], when=when))
        else:
            parameters.append(Integer(name, 1, draw(st.integers(3, 4)), when=when))
    return SearchSpace(
        draw(st.permutations(parameters)),
        draw(st.lists(st.sampled_from(RULES), max_size=4, unique=True)),
    )


@given(space=small_spaces())
def test_counts_and_enumeration_equal_brute_force(space: SearchSpace) -> None:
    expected = by_brute_force(space)
    result = analyse(space)
    listed = list(assignments(space))
    assert result.exact
    assert result.count == len(expected) == len(listed)
    assert result.satisfiable is bool(expected)
    assert result.total == len(by_brute_force(SearchSpace(space.parameters)))
    assert {space.key(found) for found in listed} == {space.key(found) for found in expected}


@given(space=small_spaces())
def test_a_contradiction_is_one_and_nothing_in_it_is_idle(space: SearchSpace) -> None:
    texts = analyse(space).contradiction
    if texts:
        assert not by_brute_force(SearchSpace(space.parameters, texts))
        for text in texts:
            rest = [other for other in texts if other != text]
            assert by_brute_force(SearchSpace(space.parameters, rest))


@given(space=small_spaces())
def test_tables_hold_the_tuples_that_feasible_assignments_consist_of(space: SearchSpace) -> None:
    expected = by_brute_force(space)
    for table in tuples(space):
        projected = {tuple(found.get(name) for name in table.names) for found in expected}
        if expected:
            assert set(table.rows) == projected
        assert len(set(table.rows)) == len(table.rows)


def test_attention_heads_have_366_widths_counted_one_by_one() -> None:
    by_hand = sum(1 for heads in range(3, 7) for hidden in range(128, 513) if hidden % heads == 0)
    result = analyse(HEADS)
    assert result.count == by_hand == 366
    assert result.message == "366 of 1,540 combinations are feasible"
    assert (result.satisfiable, result.exact, result.points) == (True, True, 0)
    assert result.fraction == pytest.approx(366 / 1540)
    assert problems(HEADS) == ()


@pytest.mark.parametrize("largest", [512, 10**9])
def test_a_contradictory_rule_is_refused(largest: int) -> None:
    space = SearchSpace([Integer("hidden", 1, largest)], ["hidden % 7 == 0 and hidden < 7"])
    (problem,) = problems(space)
    assert problem.path == "constraints[0]"
    assert problem.severity is Severity.ERROR
    assert problem.message == (
        "no combination is feasible: 'hidden % 7 == 0 and hidden < 7' holds for no values of its "
        "parameters"
    )


def test_only_the_rules_that_contradict_each_other_are_named() -> None:
    space = SearchSpace(
        [Integer("warmup", 10, 100), Integer("steps", 1, 1000), Double("lr", 0, 1)],
        ["lr < 0.5", "warmup < steps", "steps % 3 == 0", "steps < 10"],
    )
    result = analyse(space)
    assert result.satisfiable is False
    assert (result.count, result.fraction) == (0, 0.0)
    assert result.contradiction == ("warmup < steps", "steps < 10")
    (problem,) = problems(space, result)
    assert problem.path == "constraints[1]"
    assert problem.message == (
        "no combination is feasible: 'warmup < steps' and 'steps < 10' contradict each other"
    )


def test_a_branch_without_feasible_values_leaves_the_others() -> None:
    sgd = parse_condition("opt == 'sgd'")
    space = SearchSpace(
        [Categorical("opt", ["sgd", "adam"]), Integer("steps", 1, 10, when=sgd)], ["steps > 10"]
    )
    assert analyse(space).message == "1 of 11 combinations is feasible"


def test_free_parameters_multiply_and_conditional_ones_count_where_they_are_active() -> None:
    adam, sgd = parse_condition("opt == 'adam'"), parse_condition("opt == 'sgd'")
    space = SearchSpace(
        [
            Integer("free", 1, 1000),
            Categorical("opt", ["sgd", "adam"]),
            Integer("momentum", 1, 10, when=sgd),
            Integer("beta", 1, 7, when=adam),
            Integer("limit", 1, 10),
        ],
        ["momentum <= limit"],
    )
    # sgd: 55 pairs; adam: 7 betas times 10 limits.
    assert analyse(space).count == 1000 * (55 + 70)
    assert analyse(space).total == 1000 * (100 + 70)


def test_a_space_without_constraints_is_counted_whatever_its_size() -> None:
    parameters = [Integer(f"p{index}", 1, 1000) for index in range(5)]
    result = analyse(SearchSpace(parameters))
    assert result.count == 10**15
    assert result.message == "1,000,000,000,000,000 combinations"


def test_independent_groups_multiply_beyond_a_million() -> None:
    parameters = [Integer(name, 1, 500) for name in "abcd"]
    result = analyse(SearchSpace(parameters, ["a < b", "c < d"]))
    assert result.exact
    assert result.count == (500 * 499 // 2) ** 2


def test_a_million_tuples_are_counted_exactly() -> None:
    space = SearchSpace([Integer(name, 1, 1000) for name in "ab"], ["a * b <= 30000", "a < b"])
    by_hand = sum(max(0, min(1000, 30000 // a) - a) for a in range(1, 1001))
    assert analyse(space).count == by_hand


@pytest.mark.parametrize(
    ("constraint", "share"),
    [("x + y < 0.5", 0.125), ("x < y", 0.5), ("x * x + y * y < 1", math.pi / 4)],
)
def test_the_share_of_a_continuum_is_an_estimate_and_says_so(constraint: str, share: float) -> None:
    space = SearchSpace([Double("x", 0, 1), Double("y", 0, 1)], [constraint])
    result = analyse(space)
    assert result.satisfiable
    assert not result.exact
    assert result.count is None
    assert result.fraction == pytest.approx(share, abs=0.005)
    assert result.message.startswith("about ")
    assert result.message.endswith(" % of the space is feasible, estimated from 8,192 points")
    assert analyse(space) == result


def test_intervals_prove_what_always_and_what_never_holds() -> None:
    plane: Sequence[Parameter] = [Double("x", 0, 1), Double("y", 0, 1)]
    always = analyse(SearchSpace(plane, ["x + y < 3"]))
    assert (always.satisfiable, always.exact, always.fraction) == (True, True, 1.0)
    assert always.message == "every point of the space is feasible"
    never = analyse(SearchSpace(plane, ["x * x + y * y < 0.5", "x + y > 1.1"]))
    assert (never.satisfiable, never.exact) == (False, True)
    assert never.contradiction == ("x * x + y * y < 0.5", "x + y > 1.1")


def test_a_rare_point_of_a_large_space_is_found_by_halving() -> None:
    result = analyse(SearchSpace([Double("x", 0, 1), Double("y", 0, 1)], ["x + y < 1e-7"]))
    assert result.satisfiable
    assert result.message == "fewer than 1 in 8,192 points of the space are feasible"


def test_an_open_question_is_a_warning() -> None:
    space = SearchSpace([Double("x", 0, 1), Double("y", 0, 1)], ["x < y", "y < x"])
    (problem,) = problems(space)
    assert problem.severity is Severity.WARNING
    assert problem.message.startswith("no feasible point was found among 8,192")
    assert analyse(space).satisfiable is None


def test_a_contradiction_of_the_finite_parameters_is_proved_beside_a_continuum() -> None:
    space = SearchSpace(
        [Integer("a", 1, 900), Integer("b", 1, 900), Double("x", 0, 1)],
        ["a * a == 2 * b * b", "a * x < 3"],
    )
    assert analyse(space).contradiction == ("a * a == 2 * b * b",)


def test_assignments_come_in_a_fixed_order_with_the_first_parameter_slowest() -> None:
    space = SearchSpace(
        [
            Discrete("batch", [16, 32]),
            Categorical("opt", ["sgd", "adam"]),
            Integer("power", 1, 2, when=parse_condition("opt == 'sgd'")),
        ],
        ["batch * power < 64"],
    )
    assert list(assignments(space)) == [
        {"batch": 16, "opt": "sgd", "power": 1},
        {"batch": 16, "opt": "sgd", "power": 2},
        {"batch": 16, "opt": "adam"},
        {"batch": 32, "opt": "sgd", "power": 1},
        {"batch": 32, "opt": "adam"},
    ]


def test_assignments_are_lazy_and_refuse_a_continuum() -> None:
    huge = SearchSpace([Integer(name, 1, 2**50) for name in "abc"], ["a < b"])
    assert next(assignments(huge)) == {"a": 1, "b": 2, "c": 1}
    with pytest.raises(ValueError, match="x is a continuum and cannot be listed"):
        next(assignments(SearchSpace([Double("x", 0, 1)])))


def test_tables_leave_out_the_continua_and_what_hangs_below_them() -> None:
    space = SearchSpace(
        [
            Integer("heads", 2, 4),
            Integer("hidden", 6, 8),
            Double("lr", 0, 1),
            Integer("decay", 1, 3, when=parse_condition("lr > 0.5")),
            Integer("free", 1, 3),
        ],
        ["hidden % heads == 0", "hidden * lr < 6", "decay < heads"],
    )
    (table,) = tuples(space)
    assert table.names == ("heads", "hidden")
    assert table.rows == ((2, 6), (2, 8), (3, 6), (4, 8))
    assert tuples(space, limit=8) == ()
    assert tuples(SearchSpace(space.parameters)) == ()


def test_long_constraints_over_many_tuples_are_estimated() -> None:
    parameters = [Integer(name, 1, 100) for name in "abc"]
    long = " + ".join(["a * b * c"] * 60) + " < 60 * 1000"
    result = analyse(SearchSpace(parameters, [long]))
    assert not result.exact
    assert result.fraction == pytest.approx(
        analyse(SearchSpace(parameters, ["a * b * c < 1000"])).fraction, abs=0.01
    )


@settings(max_examples=20)
@given(dimensions=st.integers(1, 40))
def test_the_points_of_an_estimate_fill_the_cube_evenly(dimensions: int) -> None:
    drawn = list(kronecker(dimensions, 2048))
    for axis in range(dimensions):
        column = [point[axis] for point in drawn]
        assert all(0 <= u < 1 for u in column)
        for quarter in range(4):
            share = sum(quarter / 4 <= u < (quarter + 1) / 4 for u in column) / len(column)
            assert share == pytest.approx(0.25, abs=0.02)
