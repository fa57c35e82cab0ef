import pytest

from dowse.domain.constraints import parse_condition
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.scales import Normal
from dowse.domain.space import Assignment, SearchSpace
from dowse.errors import InvalidInput
from dowse.optim.designs import GridSuggester, RandomSuggester, SobolSuggester
from dowse.optim.protocol import SuggestDecision, Suggester, SuggestRequest


def _ask(
    suggester: Suggester, space: SearchSpace, count: int, history: History | None = None
) -> SuggestDecision:
    request = SuggestRequest(
        space=space, goal=Goal.MINIMIZE, history=history or History(), seed=3, count=count
    )
    return suggester.suggest(request)


def _all(suggester: Suggester, space: SearchSpace, count: int) -> list[Assignment]:
    return [dict(one.parameters) for one in _ask(suggester, space, count).suggestions]


def test_the_grid_is_lexicographic_in_document_order() -> None:
    space = SearchSpace([Discrete("a", [1, 2]), Categorical("b", ["x", "y"])])
    assert [tuple(a.values()) for a in _all(GridSuggester(), space, 9)] == [
        (1, "x"),
        (1, "y"),
        (2, "x"),
        (2, "y"),
    ]


def test_the_grid_cuts_a_continuum_evenly_on_its_own_scale() -> None:
    space = SearchSpace([Double("lr", 1e-4, 1.0, scale="log")])
    found = [a["lr"] for a in _all(GridSuggester(points=5), space, 9)]
    assert found == pytest.approx([1e-4, 1e-3, 1e-2, 1e-1, 1.0])


def test_the_grid_stays_inside_a_bell_without_ends() -> None:
    space = SearchSpace([Double("x", -float("inf"), float("inf"), prior=Normal(0.0, 1.0))])
    found = [float(a["x"]) for a in _all(GridSuggester(points=3), space, 9)]
    assert found == pytest.approx([-0.967422, 0.0, 0.967422], abs=1e-5)


def test_the_grid_respects_conditions_and_constraints() -> None:
    space = SearchSpace(
        [
            Integer("layers", 1, 3),
            Integer("skip", 1, 3, when=parse_condition("layers > 1")),
        ],
        constraints=["skip < layers"],
    )
    assert _all(GridSuggester(), space, 99) == [
        {"layers": 1},
        {"layers": 2, "skip": 1},
        {"layers": 3, "skip": 1},
        {"layers": 3, "skip": 2},
    ]


@pytest.mark.parametrize("points", [0, -1, 2.5, True])
def test_the_grid_refuses_points_that_are_no_count(points: int) -> None:
    with pytest.raises(InvalidInput, match="points: must be a whole number of 1 or more"):
        GridSuggester(points=points)


def test_the_grid_goes_on_where_its_note_says_and_returns_for_what_was_left_out() -> None:
    space = SearchSpace([Integer("a", 1, 5)])
    request = SuggestRequest(
        space=space, goal=Goal.MINIMIZE, history=History(), seed=0, count=9, note={"position": 3}
    )
    found = GridSuggester().suggest(request).suggestions
    assert [one.parameters["a"] for one in found] == [4, 5, 1, 2, 3]


def test_random_draws_follow_the_index_and_not_the_batch() -> None:
    space = SearchSpace([Double("x", 0.0, 1.0)])
    together = _all(RandomSuggester(), space, 3)
    history = History(pending=tuple(together[:2]), index=2)
    alone = _ask(RandomSuggester(), space, 1, history).suggestions
    assert [dict(one.parameters) for one in alone] == together[2:]


def test_random_over_combinations_uses_each_once() -> None:
    space = SearchSpace(
        [Discrete("a", [1, 2]), Categorical("b", ["x", "y"]), Double("lr", 0.0, 1.0)]
    )
    decision = _ask(RandomSuggester(combinations=True), space, 9)
    pairs = [(s.parameters["a"], s.parameters["b"]) for s in decision.suggestions]
    assert sorted(map(str, pairs)) == sorted(map(str, [(1, "x"), (1, "y"), (2, "x"), (2, "y")]))
    assert decision.exhausted


def test_sobol_skips_configurations_that_are_known() -> None:
    space = SearchSpace([Integer("a", 1, 4)])
    history = History(
        observations=(
            Observation(number=1, parameters={"a": 2}, ending=Ending.MEASURED, value=1.0),
        ),
        pending=({"a": 3},),
        index=2,
    )
    found = _ask(SobolSuggester(), space, 4, history)
    assert sorted(int(s.parameters["a"]) for s in found.suggestions) == [1, 4]
    assert found.exhausted


def test_sobol_is_even_in_every_parameter() -> None:
    space = SearchSpace([Double("x", 0.0, 1.0), Categorical("c", ["a", "b", "c", "d"])])
    found = _all(SobolSuggester(), space, 64)
    assert sorted(int(float(a["x"]) * 64) for a in found) == list(range(64))
    assert [sum(a["c"] == label for a in found) for label in "abcd"] == [16] * 4


def test_the_grid_refuses_a_parameter_with_too_many_values() -> None:
    space = SearchSpace([Integer("steps", 1, 10**9)])
    with pytest.raises(InvalidInput, match="steps: has 1000000000 values, and a grid takes"):
        _ask(GridSuggester(), space, 1)


def test_random_over_combinations_finds_the_last_of_many() -> None:
    space = SearchSpace(
        [
            Discrete("a", list(range(60))),
            Discrete("b", list(range(60))),
            Double("x", 0.0, 1.0),
            Double("only", 0.0, 1.0, when=parse_condition("a == 7")),
        ]
    )
    observations = tuple(
        Observation(
            number=i + 1, parameters={"a": i // 60, "b": i % 60, "x": 0.5}, ending=Ending.FAILED
        )
        for i in range(3600)
        if i != 7 * 60 + 33
    )
    history = History(observations=observations, index=len(observations))
    decision = _ask(RandomSuggester(combinations=True), space, 2, history)
    (last,) = decision.suggestions
    assert (last.parameters["a"], last.parameters["b"]) == (7, 33)
    assert space.problems(last.parameters) == ()
    assert decision.exhausted
