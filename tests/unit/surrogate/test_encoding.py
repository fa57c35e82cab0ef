import math

import numpy as np
import pytest

from dowse.domain.constraints import parse_condition
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.scales import Normal
from dowse.domain.space import SearchSpace
from dowse.surrogate.encoding import MAX_LISTED, Encoding, encoding_for


def _one(parameter: Parameter) -> Encoding:
    return encoding_for(SearchSpace([parameter]))


def _position(parameter: Parameter, value: Value) -> float:
    return float(_one(parameter).encode([{parameter.name: value}])[0, 0])


@pytest.mark.parametrize(
    ("parameter", "value", "position"),
    [
        (Double("x", -1.0, 3.0), 0.0, 0.25),
        (Double("x", 1e-4, 1.0, scale="log"), 1e-3, 0.25),
        (Double("x", 0.1, 0.9, scale="reverse_log"), 0.9, 1.0),
        (Double("x", -math.inf, math.inf, prior=Normal(2.0, 1.0)), 5.0, 1.0),
        (Double("x", -math.inf, math.inf, prior=Normal(2.0, 1.0)), 3.0, 2.0 / 3.0),
        (Double("x", 0.0, math.inf, scale="log", prior=Normal(0.0, 2.0)), 1.0, 0.5),
        (Integer("x", 1, 4), 1, 0.125),
        (Integer("x", 1, 4), 4, 0.875),
        (Discrete("x", [1, 2, 3]), 2, 0.5),
        (Discrete("x", [1, 10, 100]), 10, 0.5),
        (Discrete("x", [1, 10, 100], scale="linear"), 10, 9 / 99),
        (Categorical("x", ["a", "b", True]), True, 2.0),
    ],
)
def test_each_kind_has_its_position(parameter: Parameter, value: Value, position: float) -> None:
    assert _position(parameter, value) == pytest.approx(position)


@pytest.mark.parametrize(
    "parameter",
    [
        Double("x", -1.0, 3.0),
        Double("x", 1e-4, 1.0, scale="log"),
        Double("x", 0.1, 0.9, scale="reverse_log"),
        Double("x", 0.0, 1.0, step=0.1),
        Double("x", -math.inf, math.inf, prior=Normal(2.0, 1.0)),
        Double("x", 0.0, math.inf, scale="log", step=0.5, prior=Normal(1.0, 1.0)),
        Integer("x", 1, 300, scale="log"),
        Integer("x", 0, 10**9, step=7),
        Discrete("x", [0.5, 1, 64, 128]),
        Categorical("x", ["a", "b", True, 1]),
    ],
)
def test_every_position_of_the_box_decodes_into_the_space_and_back(parameter: Parameter) -> None:
    encoding = _one(parameter)
    units = np.random.default_rng(0).random((200, 1))
    X = encoding.coordinates.from_unit(units)
    for x in X:
        assignment = encoding.decode(x)
        assert encoding.space.problems(assignment) == ()
        assert encoding.encode([assignment])[0] == pytest.approx(x, abs=1e-9)


def test_values_beyond_the_range_keep_their_extrapolated_position() -> None:
    assert _position(Double("x", 0.0, 1.0), 1.5) == pytest.approx(1.5)
    assert _position(Double("x", 1e-4, 1.0, scale="log"), 10.0) == pytest.approx(1.25)
    assert _position(Integer("x", 1, 4), 8) == pytest.approx(1.875)


@pytest.mark.parametrize(
    ("parameter", "value", "position"),
    [
        (Double("x", 1e-4, 1.0, scale="log"), -3.0, 0.0),
        (Double("x", 0.1, 0.9, scale="reverse_log"), 7.0, 1.0),
        (Double("x", 0.0, 1.0), 1e300, 10.0),
    ],
)
def test_values_without_a_position_are_drawn_to_an_end(
    parameter: Parameter, value: Value, position: float
) -> None:
    assert _position(parameter, value) == pytest.approx(position)


@pytest.mark.parametrize("value", ["text", True, math.nan, math.inf])
def test_what_is_no_number_has_no_position_on_a_numeric_axis(value: Value) -> None:
    assert math.isnan(_position(Double("x", 0.0, 1.0), value))


def test_an_unknown_label_or_a_missing_parameter_has_no_position() -> None:
    encoding = encoding_for(SearchSpace([Categorical("c", ["a", "b"]), Double("x", 0.0, 1.0)]))
    assert np.isnan(encoding.encode([{"c": "z"}])).all()


def test_a_parameter_with_one_value_has_no_coordinate() -> None:
    encoding = encoding_for(SearchSpace([Integer("one", 3, 3), Double("x", 0.0, 1.0)]))
    assert encoding.coordinates.d == 1
    assert encoding.decode(np.array([0.25])) == {"one": 3, "x": 0.25}


def _conditional() -> SearchSpace:
    return SearchSpace(
        [
            Double("momentum", 0.0, 1.0, when=parse_condition('optimizer == "sgd"')),
            Categorical("optimizer", ["adam", "sgd"]),
            Integer("layers", 1, 9),
            Double("dropout", 0.0, 1.0, when=parse_condition("layers >= 3")),
            Double("deep", 0.0, 1.0, when=parse_condition("dropout > 0.5")),
        ]
    )


def test_children_are_active_exactly_where_the_space_says() -> None:
    encoding = encoding_for(_conditional())
    X = encoding.coordinates.from_unit(np.random.default_rng(1).random((100, 5)))
    active = encoding.coordinates.active(X)
    for x, on in zip(X, active, strict=True):
        assignment = encoding.decode(x)
        names = {axis.parameter.name for axis, a in zip(encoding.axes, on, strict=True) if a}
        assert names == set(assignment)
        assert encoding.space.problems(assignment) == ()
    assert 0 < active.mean() < 1


@pytest.mark.parametrize(("label", "active"), [("sgd", True), ("adam", False)])
def test_a_condition_on_a_parameter_with_one_value_is_decided(label: str, active: bool) -> None:
    space = SearchSpace(
        [
            Categorical("kind", [label]),
            Double("x", 0.0, 1.0, when=parse_condition('kind in ["sgd"]'))
            if active
            else Double("x", 0.0, 1.0, when=parse_condition('kind != "adam"')),
            Double("y", 0.0, 1.0),
        ]
    )
    assert ("x" in encoding_for(space).decode(np.array([0.5, 0.5]))) is active


def test_feasible_points_are_those_whose_assignment_is() -> None:
    space = SearchSpace(
        [
            Integer("hidden", 16, 64),
            Integer("heads", 1, 8),
            Categorical("kind", ["a", "b"]),
            Integer("fixed", 2, 2),
            Double("x", 0.0, 1.0, when=parse_condition('kind == "b"')),
        ],
        constraints=["hidden % heads == 0", "fixed * x < 1.0", 'kind == "a" or heads < 5'],
    )
    encoding = encoding_for(space)
    X = encoding.coordinates.from_unit(np.random.default_rng(2).random((300, 4)))
    expected = [space.feasible(encoding.decode(x)) for x in X]
    assert encoding.feasible(X).tolist() == expected
    assert any(expected)
    assert not all(expected)


def test_a_grid_too_long_to_list_is_rounded_by_arithmetic() -> None:
    parameter = Integer("x", 0, 10 * MAX_LISTED)
    (coordinate,) = _one(parameter).coordinates.each
    assert coordinate.levels is None
    assert coordinate.snap is not None
    assert coordinate.snap(np.array([0.300001]))[0] == pytest.approx(
        _position(parameter, round(0.300001 * (10 * MAX_LISTED + 1) - 0.5))
    )


def test_priors_become_bells_over_their_columns() -> None:
    space = SearchSpace(
        [
            Categorical("c", ["a", "b", "d"]),
            Double("x", 0.0, 1.0),
            Double("bell", -math.inf, math.inf, prior=Normal(2.0, 1.0)),
            Double("cut", 0.0, 1.0, prior=Normal(0.0, 0.5)),
        ]
    )
    bells = encoding_for(space).bells
    assert bells is not None
    assert bells.columns.tolist() == [4, 5]
    assert bells.centre.tolist() == pytest.approx([0.5, 0.0])
    assert bells.width.tolist() == pytest.approx([1.0 / 6.0, 0.5])
    assert encoding_for(SearchSpace([Double("x", 0.0, 1.0)])).bells is None


def test_a_number_and_a_boolean_that_are_equal_are_two_labels() -> None:
    encoding = encoding_for(SearchSpace([Categorical("c", [1, True, "1", 0])]))
    X = encoding.encode([{"c": 1}, {"c": True}, {"c": "1"}, {"c": 1.0}, {"c": False}])
    assert X[:4, 0].tolist() == [0.0, 1.0, 2.0, 0.0]
    assert math.isnan(X[4, 0])
