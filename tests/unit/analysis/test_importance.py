import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from dowse import Categorical, Double, Integer, SearchSpace
from dowse.analysis.importance import Importance, Method, importance
from dowse.domain.constraints import parse_condition
from dowse.domain.history import History
from dowse.domain.metrics import Goal
from dowse.domain.scales import Normal
from dowse.domain.space import Assignment
from dowse.errors import InvalidInput, Refused
from dowse.optim.awkward import ODD_RESULTS, mixed_space, wide_space
from dowse.surrogate.encoding import encoding_for
from tests.unit.analysis.histories import told


def judged(
    space: SearchSpace, history: History, method: str, goal: Goal = Goal.MINIMIZE
) -> Importance:
    return importance(encoding_for(space), history, goal, method=method)


def shares(found: Importance) -> dict[str, float]:
    return {each.name: each.share for each in found.parameters}


BRANCHES = SearchSpace(
    [
        Categorical("optimizer", ["sgd", "adam", "none"]),
        Double("lr", 1e-5, 1.0, scale="log"),
        Double("momentum", 0.0, 1.0, when=parse_condition('optimizer == "sgd"')),
        Integer("idle", 1, 9),
        Categorical("fixed", ["only"]),
    ]
)


def branches(p: Assignment) -> float:
    label = {"sgd": 0.0, "adam": 1.0, "none": 2.0}[str(p["optimizer"])]
    away = (math.log10(float(p["lr"])) + 2.5) ** 2
    return 0.6 * away + label + 2.0 * float(p.get("momentum", 0.0))


@pytest.mark.parametrize("method", ["ped-anova", "sobol"])
@pytest.mark.parametrize("goal", list(Goal))
def test_labels_conditions_and_scales_are_judged_by_what_they_do(method: str, goal: Goal) -> None:
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    found = judged(BRANCHES, told(BRANCHES, lambda p: sign * branches(p), 150), method, goal)
    share = shares(found)
    assert sum(share.values()) == pytest.approx(1.0)
    assert min(share["optimizer"], share["lr"], share["momentum"]) > 3 * share["idle"]
    assert share["fixed"] == 0.0
    assert [each.share for each in found.parameters] == sorted(share.values(), reverse=True)
    by_name = {each.name: each for each in found.parameters}
    assert 20 < by_name["momentum"].trials < 80
    assert by_name["lr"].trials == 150
    for each in found.parameters:
        assert 0.0 <= each.low <= each.share <= each.high <= 1.0


def test_sobol_indices_of_the_posterior_are_those_of_ishigami() -> None:
    space = SearchSpace([Double(f"x{i}", -math.pi, math.pi) for i in (1, 2, 3)])

    def ishigami(p: Assignment) -> float:
        one, two, three = (float(p[f"x{i}"]) for i in (1, 2, 3))
        return math.sin(one) + 7 * math.sin(two) ** 2 + 0.1 * three**4 * math.sin(one)

    found = judged(space, told(space, ishigami, 250), "sobol")
    by_name = {each.name: each for each in found.parameters}
    first = [by_name[f"x{i}"].first for i in (1, 2, 3)]
    total = [by_name[f"x{i}"].total for i in (1, 2, 3)]
    np.testing.assert_allclose(np.array(first), [0.3139, 0.4424, 0.0], atol=0.06)
    np.testing.assert_allclose(np.array(total), [0.5576, 0.4424, 0.2437], atol=0.06)


def test_a_prior_says_where_a_parameter_varies() -> None:
    """Of two equal slopes the one that is drawn from a narrow bell moves the value less."""
    space = SearchSpace(
        [Double("even", -3.0, 3.0), Double("bell", -3.0, 3.0, prior=Normal(0.0, 1.0))]
    )
    history = told(space, lambda p: float(p["even"]) + float(p["bell"]), 60)
    share = shares(judged(space, history, "sobol"))
    assert share["even"] == pytest.approx(0.75, abs=0.03)


def test_a_parameter_of_many_labels_is_not_important_by_chance() -> None:
    space = SearchSpace([Categorical("label", [f"c{i}" for i in range(100)]), Double("x", 0, 1)])
    share = shares(judged(space, told(space, lambda p: float(p["x"]), 400), "ped-anova"))
    assert share["x"] > 0.9


def test_failures_are_trials_that_are_not_good() -> None:
    """What makes trials fail matters for being among the best."""
    space = SearchSpace([Double("x", 0.0, 1.0), Double("y", 0.0, 1.0)])
    rng = np.random.default_rng(0)

    def fragile(p: Assignment) -> float | None:
        return None if float(p["x"]) > 0.4 else float(rng.random())

    found = judged(space, told(space, fragile, 300), "ped-anova")
    assert found.failed > 100
    assert found.trials == 300
    assert shares(found)["x"] > 0.8


def test_where_nothing_stands_out_all_shares_are_zero() -> None:
    found = judged(mixed_space(), told(mixed_space(), lambda _: 7.0, 30), "ped-anova")
    assert set(shares(found).values()) == {0.0}


@pytest.mark.parametrize("method", ["auto", "ped-anova", "sobol"])
@pytest.mark.parametrize("space", [mixed_space(), wide_space()], ids=["mixed", "wide"])
def test_odd_results_break_nothing(method: str, space: SearchSpace) -> None:
    odd = iter(list(ODD_RESULTS) * 4)
    found = judged(space, told(space, lambda _: next(odd), 40), method)
    assert all(np.isfinite([each.share, each.low, each.high]).all() for each in found.parameters)
    assert len(found.parameters) == len(space.parameters)


@pytest.mark.parametrize(
    ("space", "method", "words"),
    [
        (BRANCHES, Method.SOBOL, "a model makes the most of the trials there are"),
        (mixed_space(), Method.PED_ANOVA, "constraints tie parameters together"),
        (wide_space(), Method.PED_ANOVA, "more than 40 parameters"),
    ],
    ids=["plain", "constrained", "wide"],
)
def test_auto_chooses_and_says_why(space: SearchSpace, method: Method, words: str) -> None:
    def width(p: Mapping[str, Any]) -> float:
        return sum(float(value) for value in p.values() if isinstance(value, float))

    found = judged(space, told(space, width, 20), "auto")
    assert found.method is method
    assert found.reason.startswith(words)


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match=r"^method: must be one of auto, ped-anova, sobol, got"):
        judged(BRANCHES, told(BRANCHES, branches, 10), "fanova")


def test_too_few_results_are_refused_with_their_number() -> None:
    odd = iter([1.0, math.nan, None, 2.0, 3.0])
    with pytest.raises(Refused, match=r"needs at least 4 finite results, got 3"):
        judged(BRANCHES, told(BRANCHES, lambda _: next(odd), 5), "auto")
