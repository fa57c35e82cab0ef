import math
from collections.abc import Callable
from itertools import combinations

import pytest

from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.scales import Normal
from dowse.domain.space import Assignment, SearchSpace
from dowse.errors import InvalidInput
from dowse.optim.bayes import BayesianSuggester
from dowse.optim.designs import RandomSuggester
from dowse.optim.protocol import Suggester, Suggestion, SuggestRequest

SPACE = SearchSpace(
    [
        Double("lr", 1e-5, 1.0, scale="log"),
        Integer("layers", 1, 8),
        Categorical("optimizer", ["sgd", "adam"]),
    ]
)


def loss(assignment: Assignment) -> float:
    away = math.log10(float(assignment["lr"])) + 2.5
    return away**2 + 0.1 * (int(assignment["layers"]) - 4) ** 2 + (assignment["optimizer"] == "sgd")


TRAP = SearchSpace(
    [Double("x", 0.0, 1.0), Double("y", 0.0, 1.0), Categorical("kind", ["easy", "hard", "poor"])]
)


def trap(assignment: Assignment) -> float:
    """Two of three labels look better than the third anywhere but near its narrow best."""
    x, y = float(assignment["x"]), float(assignment["y"])
    if assignment["kind"] == "hard":
        return min(1.0, 40.0 * (x - 0.93) ** 2 + 4.0 * (y - 0.2) ** 2)
    worse = 0.5 if assignment["kind"] == "poor" else 0.2
    return worse + (x - 0.3) ** 2 + (y - 0.4) ** 2


def study(
    suggester: Suggester,
    trials: int,
    *,
    goal: Goal = Goal.MINIMIZE,
    seed: int = 0,
    space: SearchSpace = SPACE,
    loss: Callable[[Assignment], float] = loss,
) -> list[tuple[Suggestion, float]]:
    done: list[tuple[Suggestion, float]] = []
    note = None
    sign = 1.0 if goal is Goal.MINIMIZE else -1.0
    for index in range(trials):
        observations = tuple(
            Observation(
                number=i + 1,
                parameters=one.parameters,
                ending=Ending.MEASURED,
                value=value,
            )
            for i, (one, value) in enumerate(done)
        )
        decision = suggester.suggest(
            SuggestRequest(
                space=space,
                goal=goal,
                history=History(observations=observations, index=index),
                seed=seed,
                note=note,
            )
        )
        note = decision.note
        (suggestion,) = decision.suggestions
        done.append((suggestion, sign * loss(suggestion.parameters)))
    return done


def test_the_first_point_is_the_middle_of_the_space() -> None:
    ((first, _),) = study(BayesianSuggester(), 1)
    assert first.parameters["lr"] == pytest.approx(10**-2.5)
    assert first.parameters["layers"] in (4, 5)


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_the_optimum_where_random_search_does_not(seed: int) -> None:
    bayes = min(value for _, value in study(BayesianSuggester(), 30, seed=seed)[1:])
    random = min(value for _, value in study(RandomSuggester(), 30, seed=seed)[1:])
    assert bayes < 1e-3 < random


def test_maximising_is_minimising_the_negative() -> None:
    down = [one.parameters for one, _ in study(BayesianSuggester(), 15)]
    up = [one.parameters for one, _ in study(BayesianSuggester(), 15, goal=Goal.MAXIMIZE)]
    assert down == up


def test_why_tells_the_prediction_and_the_nearest_trials() -> None:
    done = study(BayesianSuggester(), 25)
    why = done[-1][0].why
    assert why["acquisition"] in ("confidence bound", "log expected improvement")
    expected = why["predicted"]
    assert expected["low"] <= expected["mean"] <= expected["high"]
    neighbours = why["neighbours"]
    assert len(neighbours) == 3
    assert [n["distance"] for n in neighbours] == sorted(n["distance"] for n in neighbours)
    for neighbour in neighbours:
        assert neighbour["value"] == done[neighbour["trial"] - 1][1]


def test_confidence_bound_and_improvement_take_turns() -> None:
    names = [one.why["acquisition"] for one, _ in study(BayesianSuggester(), 13)[4:]]
    assert names.count("log expected improvement") == 3
    assert names.count("confidence bound") == 6


def test_a_search_without_progress_asks_for_a_second_opinion() -> None:
    names = [one.why["acquisition"] for one, _ in study(BayesianSuggester(), 50)]
    assert "second opinion" not in names[:30]
    assert 3 <= names[30:].count("second opinion") <= 7


def _without_progress(results: int, count: int) -> list[Suggestion]:
    """The next suggestions of a search that found its best, in one corner, long ago."""
    space = SearchSpace([Double("x", 0.0, 1.0), Double("y", 0.0, 1.0, prior=Normal(0.5, 2.0))])
    observations = tuple(
        Observation(
            number=i + 1,
            parameters={"x": 0.3 * ((0.618 * i) % 1.0), "y": 0.3 * ((0.7549 * i) % 1.0)},
            ending=Ending.FAILED if i % 11 == 5 else Ending.MEASURED,
            value=None if i % 11 == 5 else min(i, 10) + 0.001 * (i % 7),
        )
        for i in range(results)
    )
    history = History(observations=observations, index=301)
    request = SuggestRequest(space=space, goal=Goal.MINIMIZE, history=history, seed=0, count=count)
    return list(BayesianSuggester().suggest(request).suggestions)


def test_second_opinions_of_one_batch_keep_apart() -> None:
    found = _without_progress(44, 7)
    asked = [one for one in found if one.why["acquisition"] == "second opinion"]
    places = [(float(one.parameters["x"]), float(one.parameters["y"])) for one in asked]
    assert len(asked) == 3
    assert min(math.dist(one, other) for one, other in combinations(places, 2)) > 0.2


@pytest.mark.parametrize(("results", "asked"), [(400, True), (401, False)])
def test_a_model_that_sees_only_some_results_gives_no_second_opinion(
    results: int, asked: bool
) -> None:
    (found,) = _without_progress(results, 1)
    assert (found.why["acquisition"] == "second opinion") is asked


@pytest.mark.parametrize("seed", range(3))
def test_a_label_that_looked_poor_is_given_turns_until_its_best_is_found(seed: int) -> None:
    done = study(BayesianSuggester(), 70, seed=seed, space=TRAP, loss=trap)
    assert min(done, key=lambda one: one[1])[0].parameters["kind"] == "hard"
    confined = [one for one, _ in done if "only" in one.why]
    assert all(one.why["only"] == {"kind": one.parameters["kind"]} for one in confined)
    assert 10 < len(confined) < 35


def test_a_batch_spreads_out() -> None:
    observations = tuple(
        Observation(number=i + 1, parameters=s.parameters, ending=Ending.MEASURED, value=v)
        for i, (s, v) in enumerate(study(BayesianSuggester(), 12))
    )
    history = History(observations=observations, index=12)
    request = SuggestRequest(space=SPACE, goal=Goal.MINIMIZE, history=history, seed=0, count=6)
    found = BayesianSuggester().suggest(request).suggestions
    exponents = [math.log10(float(s.parameters["lr"])) for s in found]
    assert max(exponents) - min(exponents) > 0.5
    assert len({(s.parameters["layers"], s.parameters["optimizer"]) for s in found}) >= 2


@pytest.mark.parametrize("noise", ["quiet", "", 3])
def test_an_unknown_noise_level_is_refused_with_those_that_exist(noise: str) -> None:
    with pytest.raises(InvalidInput, match="noise: must be one of auto, low, high, got"):
        BayesianSuggester(noise=noise)


@pytest.mark.parametrize("initial", [0, -2, 1.5, True])
def test_an_initial_design_needs_a_point(initial: int) -> None:
    with pytest.raises(InvalidInput, match="initial: must be a whole number of 1 or more"):
        BayesianSuggester(initial=initial)


def _away(results: list[float]) -> list[float]:
    """Distances from a prior's centre, in its sigma, of suggestions after the given results."""
    space = SearchSpace(
        [Double(f"x{i}", -math.inf, math.inf, prior=Normal(1.0, 2.0)) for i in range(3)]
    )
    corners = [(-4.0, 5.0, 0.0), (4.0, -3.0, 2.0), (0.0, 4.0, -4.0), (6.0, 6.0, 6.0)]
    observations = tuple(
        Observation(
            number=i + 1,
            parameters={f"x{j}": v + 0.01 * i for j, v in enumerate(corners[i % 4])},
            ending=Ending.MEASURED,
            value=result,
        )
        for i, result in enumerate(results)
    )
    history = History(observations=observations, index=len(observations))
    request = SuggestRequest(space=space, goal=Goal.MINIMIZE, history=history, seed=0, count=6)
    found = BayesianSuggester().suggest(request).suggestions
    return [abs(float(v) - 1.0) / 2.0 for s in found for v in s.parameters.values()]


def test_a_prior_draws_suggestions_to_its_centre_until_results_outweigh_it() -> None:
    early = _away([0.3, 0.2, 0.4, 0.1])
    late = _away([0.3, 0.2, 0.4, 0.1] * 30)
    assert sum(early) / len(early) < 1.2
    assert sum(early) < sum(late)
