"""Earlier studies with other ranges, parameters and labels, as the present one sees them."""

import math

import numpy as np
import pytest

from dowse.domain.constraints import parse_condition
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Double, Integer, Parameter, Value
from dowse.domain.source import Source
from dowse.domain.space import Assignment, SearchSpace
from dowse.numerics.arrays import FloatArray
from dowse.surrogate.encoding import encoding_for
from dowse.surrogate.fit import Surrogate, fit_history
from dowse.surrogate.sources import MOST_RESULTS, Lesson, lesson

LR = Double("lr", 1e-4, 1.0, scale="log")
LAYERS = Integer("layers", 1, 8)
KIND = Categorical("kind", ["a", "b"])
SPACE = SearchSpace([LR, LAYERS, KIND])


def loss(c: Assignment) -> float:
    away = math.log10(float(c.get("lr", 1e-2))) + 2.0
    return away**2 + 0.1 * (int(c.get("layers", 4)) - 4) ** 2 + 0.5 * (c.get("kind") == "b")


def source(
    *parameters: Parameter,
    count: int = 40,
    goal: Goal = Goal.MINIMIZE,
    values: list[float | None] | None = None,
    trust: float = 1.0,
) -> Source:
    space = SearchSpace(parameters)
    rng = np.random.default_rng(0)
    observations = []
    for i in range(count if values is None else len(values)):
        c = space.at(rng.random(len(parameters)).tolist())
        sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
        value = sign * loss(c) if values is None else values[i]
        ending = Ending.FAILED if value is None else Ending.MEASURED
        observations.append(Observation(number=i + 1, parameters=c, ending=ending, value=value))
    return Source(
        name="earlier", space=space, goal=goal, observations=tuple(observations), trust=trust
    )


def taught(one: Source, space: SearchSpace = SPACE) -> Lesson:
    return lesson(encoding_for(space), one)


def at(lesson: Lesson, *assignments: dict[str, Value], space: SearchSpace = SPACE) -> FloatArray:
    encoding = encoding_for(space)
    assert lesson.mean is not None
    return lesson.mean(encoding.coordinates.features(encoding.encode(assignments)))


GOOD: dict[str, Value] = {"lr": 1e-2, "layers": 4, "kind": "a"}
BAD: dict[str, Value] = {"lr": 0.9, "layers": 8, "kind": "b"}


@pytest.mark.parametrize("goal", list(Goal))
def test_a_source_expects_low_values_where_it_was_good(goal: Goal) -> None:
    good, bad = at(taught(source(LR, LAYERS, KIND, goal=goal)), GOOD, BAD)
    assert good < -0.7
    assert bad > 0.7


def test_another_range_keeps_the_place_of_every_value() -> None:
    wide = source(Double("lr", 1e-6, 1e2, scale="log"), LAYERS, KIND)
    good, bad = at(taught(wide), GOOD, {**GOOD, "lr": 0.9})
    assert good < bad
    narrow = source(Double("lr", 1e-4, 1e-1, scale="log"), LAYERS, KIND)
    good, bad = at(taught(narrow), GOOD, {**GOOD, "lr": 1e-4})
    assert good < bad


def test_the_best_points_are_drawn_into_the_present_ranges() -> None:
    here = SearchSpace([Double("lr", 1e-1, 1.0, scale="log"), LAYERS, KIND])
    best = taught(source(LR, LAYERS, KIND), here).best
    assert best.shape == (3, 3)
    assert (best[:, 0] == 0.0).all()
    decoded = encoding_for(here).decode(best[0])
    assert here.problems(decoded) == ()


def test_an_added_parameter_leaves_the_source_without_an_opinion_on_it() -> None:
    found = taught(source(LR, LAYERS))
    a, b = at(found, GOOD, {**GOOD, "kind": "b"})
    assert a == b
    good, bad = at(found, GOOD, {**BAD, "kind": "a"})
    assert good < bad


def test_a_parameter_with_one_value_in_the_source_counts_as_added() -> None:
    found = taught(source(LR, Integer("layers", 7, 7), KIND))
    assert at(found, GOOD)[0] == at(found, {**GOOD, "layers": 1})[0]


def test_a_parameter_that_is_gone_becomes_noise() -> None:
    found = taught(source(LR, LAYERS, KIND, Double("gone", 0.0, 1.0)))
    good, bad = at(found, GOOD, BAD)
    assert good < bad


def test_an_unknown_label_is_nobodys_and_a_new_one_is_like_none_of_the_old() -> None:
    here = SearchSpace([LR, LAYERS, Categorical("kind", ["a", "c"])])
    found = taught(source(LR, LAYERS, Categorical("kind", ["a", "b"])), here)
    known, new = at(found, GOOD, {**GOOD, "kind": "c"}, space=here)
    assert known != new
    assert math.isfinite(new)


def test_a_conditional_parameter_is_learnt_with_its_condition() -> None:
    rate = Double("rate", 0.0, 1.0, when=parse_condition('kind == "a"'))
    space = SearchSpace([KIND, LR, rate])
    rng = np.random.default_rng(1)
    observations = []
    for i in range(40):
        c = space.at(rng.random(3).tolist())
        value = loss(c) + 3.0 * float(c.get("rate", 0.0))
        observations.append(
            Observation(number=i + 1, parameters=c, ending=Ending.MEASURED, value=value)
        )
    one = Source(name="tree", space=space, goal=Goal.MINIMIZE, observations=tuple(observations))
    found = taught(one, space)
    low, high = at(
        found,
        {"kind": "a", "lr": 1e-2, "rate": 0.1},
        {"kind": "a", "lr": 1e-2, "rate": 0.9},
        space=space,
    )
    assert low < high


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (source(LR, LAYERS, KIND, count=0), "it has 0 results, at least 3 are needed"),
        (source(LR, LAYERS, KIND, count=1), "it has 1 results, at least 3 are needed"),
        (source(LR, values=[None] * 5), "it has 0 results"),
        (source(LR, values=[math.nan, math.inf, 1.0, 2.0]), "it has 2 results"),
        (source(LR, values=[1.0] * 5), "all its results are equal"),
        (source(Double("other", 0.0, 1.0), values=[1.0, 2.0, 4.0]), "no parameter of this space"),
        (source(Integer("layers", 3, 3), values=[1.0, 2.0, 3.0]), "no parameter of this space"),
    ],
)
def test_a_source_without_a_lesson_says_why(one: Source, words: str) -> None:
    found = taught(one)
    assert found.mean is None
    assert found.useless is not None
    assert words in found.useless


def test_failures_and_catastrophes_of_a_source_break_nothing() -> None:
    values: list[float | None] = [1.0, 2.0, None, math.nan, math.inf, 1e300, -1e300, 3.0]
    assert np.isfinite(at(taught(source(LR, LAYERS, KIND, values=values)), GOOD, BAD)).all()


def test_a_long_source_is_thinned_and_keeps_its_best() -> None:
    long = source(LR, LAYERS, KIND, count=600)
    found = taught(long)
    assert found.mean is not None
    assert len(found.mean.Z) == MOST_RESULTS
    champion = min(long.observations, key=lambda each: each.value or 0.0)
    expected = encoding_for(SPACE).encode([champion.parameters])
    np.testing.assert_allclose(found.best[:1], expected)


def test_a_lesson_is_learnt_once() -> None:
    one = source(LR, LAYERS, KIND)
    assert taught(one) is taught(one)


# -- with results of one's own -------------------------------------------------------------------


def fitted(sources: tuple[Source, ...], count: int) -> Surrogate:
    rng = np.random.default_rng(3)
    observations = []
    for i in range(count):
        c = SPACE.at(rng.random(3).tolist())
        observations.append(
            Observation(number=i + 1, parameters=c, ending=Ending.MEASURED, value=7 * loss(c) + 2)
        )
    return fit_history(
        encoding_for(SPACE),
        History(observations=tuple(observations)),
        Goal.MINIMIZE,
        rng=np.random.default_rng(0),
        sources=sources,
    )


def test_standings_keep_the_order_and_name_the_reason() -> None:
    liar = source(LR, LAYERS, KIND)
    liar = Source(name="liar", space=liar.space, goal=Goal.MAXIMIZE, observations=liar.observations)
    short = source(LR, count=1)
    good = source(LR, LAYERS, KIND)
    standings = fitted((short, liar, good), 8).standings
    assert [each.name for each in standings] == ["earlier", "liar", "earlier"]
    assert standings[0].dropped == "it has 1 results, at least 3 are needed"
    assert standings[1].weight == 0.0
    assert "of the pairs of results as they came out, surely no better than chance" in (
        standings[1].dropped or ""
    )
    assert standings[2].dropped is None
    assert standings[2].weight > 0.5
    assert (standings[2].agreement or 0.0) > 0.8


def test_before_there_are_results_trust_is_the_weight() -> None:
    sources = (source(LR, trust=1.0), source(LR, LAYERS, trust=0.5))
    standings = fitted(sources, 0).standings
    assert [each.weight for each in standings] == pytest.approx([2 / 3, 1 / 3])
    assert [each.agreement for each in standings] == [None, None]


def test_with_very_many_results_sources_are_outgrown() -> None:
    (standing,) = fitted((source(LR, LAYERS, KIND),), 401).standings
    assert standing.dropped == "there are so many results that it has nothing to add"


def test_without_sources_there_are_no_standings() -> None:
    assert fitted((), 5).standings == ()


@pytest.mark.parametrize("trust", [0.0, -1.0, 1.5, math.nan])
def test_trust_lies_between_0_and_1(trust: float) -> None:
    with pytest.raises(ValueError, match="trust lies above 0 and at most at 1"):
        source(LR, trust=trust)
