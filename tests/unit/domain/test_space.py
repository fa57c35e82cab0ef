from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.constraints import parse, parse_condition
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter
from dowse.domain.space import MAX_PARAMETERS, SearchSpace, is_active
from dowse.errors import InvalidInput

NESTED: list[Parameter] = [
    Double("decay", 0, 1, when=parse_condition("momentum > 0.5")),
    Categorical("opt", ["sgd", "adam"]),
    Double("momentum", 0, 1, when=parse_condition("opt == 'sgd'")),
    Integer("layers", 1, 4),
]


def refusal(*parameters: Parameter, constraints: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        SearchSpace(parameters, constraints)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("opt", "momentum", "active"),
    [
        ("adam", 0.9, ["opt", "layers"]),
        ("sgd", 0.4, ["opt", "momentum", "layers"]),
        ("sgd", 0.9, ["decay", "opt", "momentum", "layers"]),
    ],
)
def test_an_assignment_holds_the_active_parameters_in_document_order(
    opt: str, momentum: float, active: list[str]
) -> None:
    space = SearchSpace(NESTED)
    chosen: dict[str, Any] = {"opt": opt, "momentum": momentum, "decay": 0.1, "layers": 2}
    assignment = space.assemble(lambda parameter: chosen[parameter.name])
    assert list(assignment) == active
    space.validate(assignment)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_every_point_of_the_unit_cube_is_an_assignment(units: list[float]) -> None:
    space = SearchSpace(NESTED)
    assert space.problems(space.at(units)) == ()


def test_parents_come_before_their_children_and_the_rest_stays_in_place() -> None:
    assert [p.name for p in SearchSpace(NESTED).in_dependency_order()] == [
        "opt",
        "layers",
        "momentum",
        "decay",
    ]


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ({"opt": "adam"}, "layers: is missing"),
        (
            {"opt": "adam", "layers": 9},
            "layers: must be a whole number from 1 to 4, got 9",
        ),
        (
            {"opt": "adam", "layers": 1, "momentum": 0.5},
            'momentum: is only active when opt == "sgd"',
        ),
        (
            {"opt": "adam", "layers": 1, "lr": 1},
            "lr: is not a parameter; there are decay, opt, momentum, layers",
        ),
        (
            {"opt": "sgd", "momentum": 0.2, "layers": 3},
            "constraints: layers < 3 or momentum > 0.3 does not hold: layers = 3, momentum = 0.2",
        ),
    ],
)
def test_what_is_no_assignment_is_refused_with_the_reason(
    assignment: dict[str, Any], message: str
) -> None:
    space = SearchSpace(NESTED, ["layers < 3 or momentum > 0.3"])
    with pytest.raises(InvalidInput) as caught:
        space.validate(assignment)
    assert str(caught.value) == message


def test_a_constraint_on_an_inactive_parameter_holds() -> None:
    space = SearchSpace(NESTED, ["momentum > 0.3", "layers > 1"])
    assert space.feasible({"opt": "adam", "layers": 2})
    assert not space.feasible({"opt": "sgd", "momentum": 0.2, "layers": 2})
    violated = space.violated({"opt": "adam", "layers": 1})
    assert violated == parse("layers > 1")


def test_all_mistakes_of_a_space_are_reported_together() -> None:
    assert refusal(
        Integer("a", 1, 3),
        Integer("a", 1, 3),
        Integer("b", 1, 3, when=Condition("c", Comparison.EQUAL, (1,))),
        constraints=("a = 2", "a < x", "a < 3"),
    ) == [
        "a: is the name of two parameters",
        "b.when: names 'c', which is not a parameter; there are a",
        "constraints[0]: '=' does not belong here, at column 3 of 'a = 2': write '==' to compare",
        "constraints[1]: 'a < x' names 'x', which is not a parameter; there are a, b",
    ]


@pytest.mark.parametrize(
    ("parent", "when", "message"),
    [
        (
            Categorical("p", ["a", "b"]),
            "p == 'c'",
            "n.when: needs 'c', but p is one of 'a', 'b'",
        ),
        (
            Categorical("p", ["a", "b"]),
            "p < 2",
            "n.when: compares p by order, which needs numbers: p < 2",
        ),
        (Integer("p", 1, 3), "p == 4", "n.when: needs 4, but p is a whole number from 1 to 3"),
        (Discrete("p", [1, 2]), "p in [2, 3]", "n.when: needs 3, but p is one of 1, 2"),
        (Integer("p", 1, 3), "p", "n.when: needs True, but p is a whole number from 1 to 3"),
        (
            Integer("p", 1, 3, when=parse_condition("n == 1")),
            "p == 1",
            "p.when: leads back to p itself",
        ),
    ],
)
def test_a_condition_that_can_never_be_meant_is_refused(
    parent: Parameter, when: str, message: str
) -> None:
    assert message in refusal(parent, Integer("n", 1, 2, when=parse_condition(when)))


@pytest.mark.parametrize("when", ["p == 2", "p == 2.0", "p in [1, 3]", "p >= 7"])
def test_a_condition_on_a_number_may_be_written_either_way(when: str) -> None:
    SearchSpace([Integer("p", 1, 3), Integer("n", 1, 2, when=parse_condition(when))])


def test_a_space_has_one_to_a_thousand_parameters() -> None:
    assert refusal() == ["parameters: must hold at least one parameter, got none"]
    many = [Integer(f"p{i}", 0, 1) for i in range(MAX_PARAMETERS + 1)]
    assert refusal(*many) == ["parameters: must hold at most 1000 parameters, got 1001"]


def test_parameters_are_found_by_name() -> None:
    space = SearchSpace(NESTED)
    assert space["opt"] is NESTED[1]
    with pytest.raises(KeyError, match="lr"):
        space["lr"]


def test_keys_are_equal_for_equal_configurations_only() -> None:
    space = SearchSpace([Categorical("c", [1, "1", True]), Double("x", 0, 1)])
    assert space.key({"c": 1, "x": 1}) == space.key({"x": 1.0, "c": 1.0})
    keys = {space.key({"c": c, "x": 1}) for c in (1, "1", True)}
    assert len(keys) == 3
    assert len({space.key({"c": 1}), space.key({"c": 1, "x": 0.0})}) == 2


def test_a_space_is_finite_when_every_parameter_is() -> None:
    assert SearchSpace([Integer("a", 1, 3), Double("x", 0, 1, step=0.5)]).is_finite
    assert not SearchSpace([Integer("a", 1, 3), Double("x", 0, 1)]).is_finite


def test_an_absent_parent_makes_its_children_inactive() -> None:
    assert is_active(NESTED[1], {})
    assert not is_active(NESTED[2], {})
    assert is_active(NESTED[2], {"opt": "sgd"})


@pytest.mark.parametrize(
    ("parameters", "constraints", "words"),
    [
        (None, (), "parameters: must be a list, got None"),
        ({"x": 1}, (), r"parameters: must be a list, got \{'x': 1\}"),
        ([1], (), r"parameters\[0\]: must be a parameter such as Double\(.*\), got 1"),
        ([Integer("x", 1, 2)], "x < 1", "constraints: must be a list, got 'x < 1'"),
        ([Integer("x", 1, 2)], [3], r"constraints\[0\]: must be a relation .*, got 3"),
    ],
)
def test_what_is_no_parameter_or_relation_is_refused_by_place(
    parameters: Any, constraints: Any, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        SearchSpace(parameters, constraints)
