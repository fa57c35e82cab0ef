"""Suggesters on spaces and results that nobody thought of; a failure names its seed."""

import json
import math
import random
from collections.abc import Callable, Mapping

import pytest

from dowse.domain.conditions import Condition
from dowse.domain.constraints import parse_condition
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.scales import Normal
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput
from dowse.optim.bayes import BayesianSuggester
from dowse.optim.designs import GridSuggester, RandomSuggester, SobolSuggester
from dowse.optim.protocol import Suggester, SuggestRequest

MAKERS: Mapping[str, Callable[[], Suggester]] = {
    "bayesian": BayesianSuggester,
    "bayesian, noisy": lambda: BayesianSuggester(noise="high", initial=1),
    "random": RandomSuggester,
    "sobol": SobolSuggester,
    "grid": lambda: GridSuggester(points=3),
}
ODD = (math.nan, math.inf, -math.inf, 1e300, -1e300, 0.0, None)
FOREIGN: tuple[dict[str, Value], ...] = (
    {"p0": 1e9},
    {"p0": -5, "p1": "zzz"},
    {},
    {"p0": True, "p2": math.nan},
)
INF = math.inf


def _condition(rng: random.Random, before: list[Parameter]) -> Condition | None:
    if not before or rng.random() > 0.35:
        return None
    parent = rng.choice(before)
    match parent:
        case Categorical():
            label = parent.choices[0]
            return parse_condition(f"{parent.name} == {json.dumps(label)}")
        case Integer() | Discrete():
            return parse_condition(f"{parent.name} >= {parent.value_at(0.5)}")
        case Double():
            return parse_condition(f"{parent.name} > {parent.value_at(0.5)}")


def _parameter(rng: random.Random, name: str, when: Condition | None) -> Parameter:
    sizes = [1, 2, 4, 8, 16, 0.5, -3, 1000]
    makers: list[Callable[[], Parameter]] = [
        lambda: Double(name, -1.0, rng.choice([1.0, -1.0, 5.0]), when=when),
        lambda: Double(name, 1e-6, rng.choice([1.0, 1e-3]), scale="log", when=when),
        lambda: Double(name, 0.1, 0.999, scale="reverse_log", when=when),
        lambda: Double(name, -INF, INF, prior=Normal(rng.choice([0.0, 100.0]), 1e-3), when=when),
        lambda: Double(name, 0.0, INF, scale="log", step=0.5, prior=Normal(1.0, 1.0), when=when),
        lambda: Double(name, -3.0, 3.0, step=0.25, prior=Normal(0.0, 1.0), when=when),
        lambda: Integer(name, 1, rng.choice([1, 2, 5, 9]), when=when),
        lambda: Integer(
            name, 1, rng.choice([100, 2**40]), rng.choice(["linear", "log"]), when=when
        ),
        lambda: Discrete(name, rng.sample(sizes, rng.randint(1, 5)), when=when),
        lambda: Categorical(name, ["a", "b", "c"][: rng.randint(1, 3)], when=when),
        lambda: Categorical(name, [f"k{i}" for i in range(40)], when=when),
        lambda: Categorical(name, [True, False], when=when),
    ]
    return rng.choice(makers)()


def _space(rng: random.Random) -> SearchSpace:
    parameters: list[Parameter] = []
    for i in range(rng.randint(1, 7)):
        parameters.append(_parameter(rng, f"p{i}", _condition(rng, parameters)))
    numbers = [p.name for p in parameters if not isinstance(p, Categorical)]
    constraints = []
    if len(numbers) >= 2 and rng.random() < 0.5:
        one, other = rng.sample(numbers, 2)
        constraints.append(rng.choice([f"{one} < {other}", f"{one} + {other} <= 3"]))
    return SearchSpace(parameters, constraints)


def _walk(make: Callable[[], Suggester], space: SearchSpace, rng: random.Random, seed: int) -> None:
    """A few requests of all sizes, with pending trials and odd results in between."""
    observations: list[Observation] = []
    if rng.random() < 0.3:
        observations = [
            Observation(number=i + 1, parameters=p, ending=Ending.MEASURED, value=float(i))
            for i, p in enumerate(FOREIGN)
        ]
    pending: list[Mapping[str, Value]] = []
    index, note, seen = len(observations), None, set()
    for _ in range(5):
        request = SuggestRequest(
            space=space,
            goal=rng.choice(list(Goal)),
            history=History(observations=tuple(observations), pending=tuple(pending), index=index),
            seed=seed,
            count=rng.choice([1, 2, 5, 14]),
            note=note,
        )
        decision = make().suggest(request)
        assert make().suggest(request) == decision
        note = json.loads(json.dumps(decision.note, allow_nan=False))
        for suggestion in decision.suggestions:
            index += 1
            json.dumps(dict(suggestion.why), allow_nan=False)
            assert space.problems(suggestion.parameters) == ()
            key = space.key(suggestion.parameters)
            assert key not in seen
            seen.add(key)
            value = rng.choice([*ODD, rng.gauss(0, 1), rng.gauss(0, 1), rng.lognormvariate(0, 5)])
            ending = Ending.FAILED if value is None else Ending.MEASURED
            if rng.random() < 0.2:
                pending.append(suggestion.parameters)
            else:
                observations.append(
                    Observation(
                        number=index, parameters=suggestion.parameters, ending=ending, value=value
                    )
                )
        if decision.exhausted:
            return


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("seed", range(12))
def test_every_promise_holds_on_random_spaces(name: str, seed: int) -> None:
    rng = random.Random(seed)
    space = _space(rng)
    refusal = ""
    try:
        _walk(MAKERS[name], space, rng, seed)
    except InvalidInput as error:
        refusal = str(error)
    # Too large a grid, or a region so small that nothing drawn lies in it.
    fair = ("a grid takes at most", "no feasible configuration was found")
    assert not refusal or any(words in refusal for words in fair)
