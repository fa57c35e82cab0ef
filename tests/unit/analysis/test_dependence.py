import math

import numpy as np
import pytest

from dowse import Categorical, Discrete, Double, Integer, SearchSpace
from dowse.analysis.dependence import Dependence
from dowse.analysis.insights import Insights
from dowse.domain.constraints import parse_condition
from dowse.domain.metrics import Goal
from dowse.domain.space import Assignment
from dowse.errors import InvalidInput, Refused
from dowse.optim.awkward import ODD_RESULTS, many_labels_space, mixed_space
from tests.unit.analysis.histories import told

SPACE = SearchSpace(
    [
        Double("lr", 1e-4, 1.0, scale="log"),
        Integer("layers", 1, 5),
        Discrete("batch", [16, 32, 64]),
        Categorical("optimizer", ["sgd", "adam"]),
        Double("momentum", 0.0, 1.0, when=parse_condition('optimizer == "sgd"')),
        Categorical("fixed", ["only"]),
    ]
)


def value(p: Assignment) -> float:
    off = math.log10(float(p["lr"])) + 2.0
    return off * off + 0.5 * float(p["layers"]) + 2.0 * float(p.get("momentum", 0.0))


def found(*names: str, goal: Goal = Goal.MINIMIZE, sign: float = 1.0) -> Dependence:
    history = told(SPACE, lambda p: sign * value(p), 120)
    return Insights(space=SPACE, goal=goal, history=history).dependence(*names)


def means(dependence: Dependence) -> np.ndarray:
    return column(dependence, "mean")


def column(dependence: Dependence, name: str) -> np.ndarray:
    return np.array([getattr(p, name) for p in dependence.points], dtype=np.float64)


@pytest.mark.parametrize("goal", list(Goal))
def test_one_parameter_is_followed_on_its_own_scale(goal: Goal) -> None:
    one = found("lr", goal=goal)
    (axis,) = one.axes
    assert (axis[0], axis[-1]) == pytest.approx((1e-4, 1.0))
    np.testing.assert_allclose(np.diff(np.log(np.array(axis, dtype=float))), 4 * math.log(10) / 24)
    truth = (np.log10(np.array(axis, dtype=float)) + 2.0) ** 2
    away = means(one) - truth
    # A constant apart, which the other parameters contribute.
    assert np.ptp(away) < 0.35
    assert (column(one, "low") <= means(one)).all()
    assert (means(one) <= column(one, "high")).all()
    assert one.trials == 120


def test_maximising_turns_nothing_upside_down() -> None:
    plain, turned = found("layers"), found("layers", goal=Goal.MAXIMIZE, sign=-1.0)
    np.testing.assert_allclose(means(turned), -means(plain), rtol=1e-6)
    np.testing.assert_allclose(column(turned, "low"), -column(plain, "high"))


def test_every_level_and_every_label_has_its_point() -> None:
    assert found("layers").axes == ((1, 2, 3, 4, 5),)
    assert found("batch").axes == ((16, 32, 64),)
    assert found("optimizer").axes == (("sgd", "adam"),)


def test_a_conditional_parameter_is_followed_where_it_takes_part() -> None:
    one = found("momentum")
    steps = np.diff(means(one)) / np.diff(np.array(one.axes[0], dtype=float))
    np.testing.assert_allclose(steps, 2.0, atol=0.6)


def test_two_parameters_give_all_combinations_the_last_changing_fastest() -> None:
    two = found("optimizer", "momentum")
    assert two.parameters == ("optimizer", "momentum")
    assert [p.values for p in two.points[:2]] == [("sgd", 0.0), ("sgd", two.axes[1][1])]
    known = [p.values[0] for p in two.points if p.mean is not None]
    assert set(known) == {"sgd"}
    assert len(two.points) == 2 * len(two.axes[1])


def test_what_breaks_a_constraint_is_left_open() -> None:
    space = SearchSpace([Integer("heads", 1, 4), Integer("hidden", 1, 8)], ["hidden % heads == 0"])
    history = told(space, lambda p: float(p["hidden"]), 12)
    two = Insights(space=space, goal=Goal.MINIMIZE, history=history).dependence("heads", "hidden")
    for point in two.points:
        heads, hidden = (int(v) for v in point.values)
        assert (point.mean is None) is bool(hidden % heads)


def test_the_interval_is_wide_where_nothing_is_known() -> None:
    space = SearchSpace([Double("x", 0.0, 1.0)])
    history = told(SearchSpace([Double("x", 0.0, 0.5)]), lambda p: math.sin(9 * float(p["x"])), 12)
    points = Insights(space=space, goal=Goal.MINIMIZE, history=history).dependence("x").points
    width = [p.high - p.low for p in points if p.low is not None and p.high is not None]
    assert max(width[:12]) < 0.2 < width[-1]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "parameters: must be one parameter or two different ones, got none"),
        (("lr", "lr"), "parameters: must be one parameter or two different ones, got lr, lr"),
        (("lr", "batch", "layers"), "must be one parameter or two different ones, got lr, batch,"),
        (("rl",), "rl: is not a parameter that varies; there are lr, layers, batch, optimizer"),
        (("fixed",), "fixed: has a single value, 'only': nothing depends on it"),
    ],
)
def test_names_that_cannot_be_are_refused(names: tuple[str, ...], words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        found(*names)
    assert words in str(caught.value)


def test_too_few_results_are_refused() -> None:
    history = told(SPACE, lambda _: None, 9)
    with pytest.raises(Refused, match=r"dependence needs at least 4 finite results, got 0"):
        Insights(space=SPACE, goal=Goal.MINIMIZE, history=history).dependence("lr")


def test_odd_results_and_many_labels_break_nothing() -> None:
    odd = iter(list(ODD_RESULTS) * 4)
    history = told(mixed_space(), lambda _: next(odd), 40)
    for names in (("lr",), ("momentum", "batch"), ("decay", "bell")):
        Insights(space=mixed_space(), goal=Goal.MINIMIZE, history=history).dependence(*names)
    labels = many_labels_space()
    history = told(labels, lambda p: float(p["x"]), 30)
    many = Insights(space=labels, goal=Goal.MINIMIZE, history=history).dependence("label")
    assert len(many.points) == 500
