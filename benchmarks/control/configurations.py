"""The configurations behind the curves of a table, and whoever chooses which to begin next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from benchmarks.control.curves import FloatArray, Table
from dowse.domain.expected import Expected
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Double, Integer, Parameter, Value
from dowse.domain.space import SearchSpace
from dowse.optim.bayes import BayesianSuggester
from dowse.optim.protocol import SuggestRequest
from dowse.surrogate.encoding import encoding_for

_NEAR_ONE = ("beta1", "beta2")
"""Of Adam: what matters is how far they are from 1, over several powers of ten."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Configurations:
    """`values` has one assignment for each row of the table, `points` (n, d) the same encoded."""

    space: SearchSpace
    values: tuple[Mapping[str, Value], ...]
    points: FloatArray

    def nearest(self, wanted: Mapping[str, Value], taken: set[int]) -> int:
        """The row that is closest to a configuration and that nobody has."""
        here = encoding_for(self.space).encode([wanted])
        far = np.abs(self.points - here).sum(axis=1)
        far[list(taken)] = np.inf
        return int(np.argmin(far))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The last value of a trial, and where it was stopped what it would end with."""

    value: float
    expected: Expected | None = None


class Chooser(Protocol):
    """`known` are the rows that were begun, in order."""

    def choose(self, known: Mapping[int, Known]) -> int | None: ...


class AtRandom:
    """Every row once, in random order."""

    def __init__(self, rows: int, seed: int) -> None:
        self._order = iter(np.random.default_rng(seed).permutation(rows).tolist())

    def choose(self, known: Mapping[int, Known]) -> int | None:
        return next(self._order, None)


class ByTheEngine:
    """The row that is nearest to what our suggester asks for; it is told of the row as it is."""

    def __init__(self, configurations: Configurations, seed: int) -> None:
        self._all = configurations
        self._seed = seed
        self._note: Mapping[str, Any] | None = None

    def choose(self, known: Mapping[int, Known]) -> int | None:
        if len(known) == len(self._all.values):
            return None
        found = BayesianSuggester().suggest(
            SuggestRequest(
                space=self._all.space,
                goal=Goal.MINIMIZE,
                history=self._history(known),
                seed=self._seed,
                note=self._note,
            )
        )
        self._note = found.note
        return self._all.nearest(found.suggestions[0].parameters, set(known))

    def _history(self, known: Mapping[int, Known]) -> History:
        observations = tuple(
            Observation(
                number=number,
                parameters=self._all.values[row],
                ending=Ending.MEASURED,
                value=one.value,
                expected=one.expected,
            )
            for number, (row, one) in enumerate(known.items(), start=1)
        )
        return History(observations=observations, index=len(known))


def configurations_of(table: Table) -> Configurations:
    with np.load(table.path) as arrays:
        if "hp" in arrays:
            space, values = _adam(arrays["hp"].tolist(), arrays["X"])
        else:
            texts = arrays["configs"].tolist()
            values = tuple(json.loads(text) for text in texts)
            space = SearchSpace([_parameter(one) for one in json.loads(str(arrays["space"]))])
    points = encoding_for(space).encode(values)
    return Configurations(space=space, values=values, points=points)


def _adam(names: Sequence[str], X: FloatArray) -> tuple[SearchSpace, tuple[dict[str, Value], ...]]:
    """The eight parameters of TaskSet's Adam, all drawn over powers of ten."""
    X = np.where([name in _NEAR_ONE for name in names], 1.0 - X, X)
    parameters = [
        Double(name, float(low), float(high), scale="log")
        for name, low, high in zip(names, X.min(axis=0), X.max(axis=0), strict=True)
    ]
    rows: list[dict[str, Value]] = [dict(zip(names, map(float, row), strict=True)) for row in X]
    return SearchSpace(parameters), tuple(rows)


def _parameter(about: Mapping[str, Any]) -> Parameter:
    if about["type"] == "CATEGORICAL":
        return Categorical(about["name"], about["values"])
    scale = "log" if about["log"] else "linear"
    if about["type"] == "INTEGER":
        return Integer(about["name"], int(about["lo"]), int(about["hi"]), scale=scale)
    return Double(about["name"], float(about["lo"]), float(about["hi"]), scale=scale)
