"""Learning from earlier studies, as a program sees it."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from dowse import Categorical, Double, Integer, Optimizer, SearchSpace, minimize
from dowse.domain.metrics import Goal
from dowse.domain.source import Source
from dowse.errors import InvalidInput

SPACE = SearchSpace(
    [
        Double("lr", 1e-5, 1.0, scale="log"),
        Integer("layers", 1, 8),
        Categorical("kind", ["sgd", "adam"]),
    ]
)
Sources = Any


def loss(c: Mapping[str, Any], optimum: float = -2.3) -> float:
    off = math.log10(c["lr"]) - optimum
    return float(off * off + 0.1 * (c["layers"] - 6) ** 2 + 0.5 * (c["kind"] == "sgd"))


def studied(
    space: SearchSpace = SPACE, goal: str = "minimize", trials: int = 20, seed: int = 9
) -> Optimizer:
    """An earlier study of nearly the same thing, in other units."""
    optimizer = Optimizer(space, goal, seed=seed)
    sign = 1.0 if goal == "minimize" else -1.0
    for _ in range(trials):
        asked = optimizer.ask()
        optimizer.tell(asked, sign * (30 * loss({**_DEFAULTS, **asked.parameters}, -2.5) + 100))
    return optimizer


_DEFAULTS = {"lr": 1e-2, "layers": 6, "kind": "adam"}


def best_of(trials: int, sources: Sources, goal: str = "minimize", seed: int = 0) -> float:
    optimizer = Optimizer(SPACE, goal, seed=seed, sources=sources)
    sign = 1.0 if goal == "minimize" else -1.0
    for _ in range(trials):
        asked = optimizer.ask()
        optimizer.tell(asked, sign * loss(asked.parameters))
    best = optimizer.best()
    assert best is not None
    return sign * best.value


def pairs(optimizer: Optimizer) -> list[tuple[Mapping[str, Any], float | None]]:
    return [(each.parameters, each.value) for each in optimizer.observations]


@pytest.mark.parametrize("goal", ["minimize", "maximize"])
@pytest.mark.parametrize("earlier", ["minimize", "maximize"])
def test_the_first_suggestion_is_about_the_best_of_an_earlier_study(
    goal: str, earlier: str
) -> None:
    optimizer = Optimizer(SPACE, goal, sources=[studied(goal=earlier)])
    first = optimizer.ask().parameters
    assert loss(first) < 0.5
    assert loss(Optimizer(SPACE, goal).ask().parameters) > 0.5


@pytest.mark.parametrize("seed", range(3))
def test_two_trials_with_a_good_source_beat_five_without(seed: int) -> None:
    assert best_of(2, [studied()], seed=seed) < 0.3 * best_of(5, [], seed=seed)


@pytest.mark.parametrize("seed", range(3))
def test_a_bad_source_is_found_out_and_costs_little(seed: int) -> None:
    liar = {"liar": (SPACE, [(p, -v) for p, v in pairs(studied()) if v is not None])}
    optimizer = Optimizer(SPACE, seed=seed, sources=liar)
    for _ in range(8):
        asked = optimizer.ask()
        optimizer.tell(asked, loss(asked.parameters))
    (standing,) = optimizer.sources()
    assert standing.weight == 0.0
    assert "no better than chance" in (standing.dropped or "")
    assert best_of(20, liar, seed=seed) < 2.0 * best_of(15, [], seed=seed) + 1e-3


def test_a_good_source_beside_a_bad_one_still_helps() -> None:
    good = studied()
    liar = (SPACE, [(p, -v) for p, v in pairs(good) if v is not None])
    assert best_of(6, {"good": good, "liar": liar}) < best_of(10, [])


def test_all_forms_of_the_same_study_teach_the_same() -> None:
    earlier = studied()
    forms: list[Sources] = [
        [earlier],
        [earlier.state()],
        [json.loads(json.dumps(earlier.state()))],
        [(SPACE, pairs(earlier))],
        [(SPACE, pairs(earlier), "minimize")],
        ((SPACE, iter(pairs(earlier)), Goal.MINIMIZE),),
        [Source(name="x", space=SPACE, goal=Goal.MINIMIZE, observations=earlier.observations)],
    ]
    firsts = [Optimizer(SPACE, sources=form).ask().parameters for form in forms]
    assert all(each == firsts[0] for each in firsts)


def test_the_goal_of_results_may_be_named() -> None:
    up = [(p, -v) for p, v in pairs(studied()) if v is not None]
    first = Optimizer(SPACE, sources=[(SPACE, up, "maximize")]).ask().parameters
    assert first == Optimizer(SPACE, sources=[studied()]).ask().parameters


def test_numbers_of_other_libraries_and_failures_are_taken() -> None:
    results: list[tuple[dict[str, Any], Any]] = [
        ({"lr": np.float64(p["lr"]), "layers": p["layers"], "kind": p["kind"]}, np.float32(v))
        for p, v in pairs(studied())
        if v is not None
    ]
    results += [({"lr": 0.9, "layers": 1, "kind": "sgd"}, None)]
    optimizer = Optimizer(SPACE, sources=[(SPACE, results)])
    assert loss(optimizer.ask().parameters) < 0.5


def test_another_range_an_added_and_a_missing_parameter_are_no_obstacle() -> None:
    before = SearchSpace([Double("lr", 1e-3, 1e-1, scale="log"), Double("gone", 0.0, 1.0)])
    optimizer = Optimizer(SPACE, sources=[studied(before)])
    assert abs(math.log10(optimizer.ask().parameters["lr"]) + 2.5) < 0.3
    (standing,) = optimizer.sources()
    assert standing.dropped is None


def test_why_names_the_sources_with_their_weights() -> None:
    optimizer = Optimizer(SPACE, sources={"monday": studied(), "empty": (SPACE, [])})
    first = optimizer.ask()
    assert first.why["sources"] == [
        {"name": "monday", "weight": 1.0, "dropped": None},
        {"name": "empty", "weight": 0.0, "dropped": "it has 0 results, at least 3 are needed"},
    ]
    assert first.why["predicted"] == {"mean": None, "low": None, "high": None}
    optimizer.tell(first, loss(first.parameters))
    for _ in range(4):
        asked = optimizer.ask()
        optimizer.tell(asked, loss(asked.parameters))
    monday = optimizer.ask().why["sources"][0]
    assert monday["weight"] > 0.0
    standings = optimizer.sources()
    assert [each.name for each in standings] == ["monday", "empty"]
    assert standings[0].weight > 0.0
    assert standings[0].agreement is not None


def test_standings_are_known_before_the_first_result() -> None:
    twice = Optimizer(SPACE, sources=[studied(), studied(trials=5), (SPACE, [])])
    assert [each.weight for each in twice.sources()] == [0.5, 0.5, 0.0]
    assert Optimizer(SPACE).sources() == ()
    (useless,) = Optimizer(SPACE, sources=[(SPACE, [])]).sources()
    assert useless.dropped == "it has 0 results, at least 3 are needed"


def test_useless_sources_change_nothing() -> None:
    plain, taught = Optimizer(SPACE, seed=3), Optimizer(SPACE, seed=3, sources=[(SPACE, [])])
    for _ in range(8):
        one, other = plain.ask(), taught.ask()
        assert one.parameters == other.parameters
        plain.tell(one, loss(one.parameters))
        taught.tell(other, loss(other.parameters))


def test_a_state_keeps_its_sources() -> None:
    optimizer = Optimizer(SPACE, sources={"monday": studied()})
    for _ in range(3):
        asked = optimizer.ask()
        optimizer.tell(asked, loss(asked.parameters))
    again = Optimizer.from_state(json.loads(json.dumps(optimizer.state())))
    assert again.ask() == optimizer.ask()
    assert [each.name for each in again.sources()] == ["monday"]


def test_a_whole_batch_comes_from_the_sources() -> None:
    asked = Optimizer(SPACE, sources=[studied()]).ask(6)
    assert len({SPACE.key(each.parameters) for each in asked}) == 6
    assert min(loss(each.parameters) for each in asked) < 0.5
    assert [each.why["acquisition"] for each in asked].count("initial design") == 1


def test_an_algorithm_may_ignore_sources() -> None:
    plain = Optimizer(SPACE, algorithm="random").ask()
    assert Optimizer(SPACE, algorithm="random", sources=[studied()]).ask() == plain


def test_minimize_learns_too() -> None:
    found = minimize(loss, SPACE, trials=3, sources=[studied()])
    assert found.value < minimize(loss, SPACE, trials=3).value


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (7, "sources: must be a list of earlier studies, or a mapping of names to them, got int"),
        ("monday", "sources: must be a list of earlier studies, .* got str"),
        ({3: (SPACE, [])}, "sources: the names must be text, got 3"),
        ([5], r"sources\[0\]: must be an Optimizer, its state\(\), or \(space, \[.*\]\), got int"),
        ({"a": (SPACE,)}, r"sources\['a'\]: must be an Optimizer, .* got tuple"),
        ([(SPACE, [], "up")], r"sources\[0\].goal: must be one of maximize, minimize, got 'up'"),
        ([(SPACE, [3])], r"sources\[0\].results\[0\]: must be \(parameters, value\), got 3"),
        (
            [(SPACE, [({"lr": 0.1, "layers": 2}, 1.0)])],
            r"sources\[0\].results\[0\].kind: is missing",
        ),
        (
            [(SPACE, [(_DEFAULTS, "low")])],
            r"sources\[0\].results\[0\].value: must be a number, got 'low'",
        ),
        ([{"version": 2}], r"sources\[0\].version: must be 1, the form that this Dowse reads"),
    ],
)
def test_what_is_no_study_is_refused_with_its_place(sources: Sources, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        Optimizer(SPACE, sources=sources)


def test_all_wrong_results_are_named_at_once() -> None:
    wrong: list[Any] = [({"lr": 0.1}, 1.0), (_DEFAULTS, 1.0), (_DEFAULTS, "low")]
    with pytest.raises(InvalidInput) as caught:
        Optimizer(SPACE, sources=[(SPACE, wrong)])
    assert [each.path for each in caught.value.problems] == [
        "sources[0].results[0].layers",
        "sources[0].results[0].kind",
        "sources[0].results[2].value",
    ]
