"""Suggesters that look at no results: random, Sobol and grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import numpy as np

from dowse.domain import enumeration
from dowse.domain.parameters import Categorical, Discrete, Double, Parameter, Value
from dowse.domain.space import Assignment, Key, SearchSpace
from dowse.errors import InvalidInput, Problem
from dowse.numerics.sobol import Sobol
from dowse.optim.protocol import SuggestDecision, Suggestion, SuggestRequest
from dowse.surrogate.sampling import Sampler, first_unseen, generator, sampler_for

_RANDOM = 1
_SOBOL = 2
_TRIES = 20
_MOST_LEVELS = 10_000


@dataclass(frozen=True, slots=True)
class RandomSuggester:
    """Independent draws from the distribution that the space describes.

    With `combinations`, each combination of the DISCRETE and CATEGORICAL parameters is used once
    and the others are drawn beside it; the space is exhausted when none is left.
    """

    combinations: bool = False

    def suggest(self, request: SuggestRequest) -> SuggestDecision:
        space = self._walked(request.space) if self.combinations else request.space
        sampler = sampler_for(request.space)
        taken = set() if request.repeats else sampler_for(space).taken(request.history)
        found = []
        for index in range(request.history.index, request.history.index + request.count):
            rng = generator(request.seed, _RANDOM, index)
            assignment = first_unseen(sampler.random(rng), space.key, taken)
            if assignment is None and space is request.space:
                assignment = sampler.last_resort(rng, taken)
            elif assignment is None:
                assignment = self._last_combination(sampler, space, taken, rng)
            if assignment is None:
                break
            if not request.repeats:
                taken.add(space.key(assignment))
            why = {"algorithm": "random", "index": index}
            found.append(Suggestion(parameters=assignment, why=why))
        return SuggestDecision(suggestions=tuple(found), exhausted=len(found) < request.count)

    def _walked(self, space: SearchSpace) -> SearchSpace:
        """The listed parameters alone, whose values make up the key of a combination."""
        listed = [p for p in space.parameters if isinstance(p, Discrete | Categorical)]
        if not listed:
            return space
        return SearchSpace([replace(p, when=None) for p in listed])

    def _last_combination(
        self, sampler: Sampler, walked: SearchSpace, taken: set[Key], rng: np.random.Generator
    ) -> Assignment | None:
        """A combination that draws no longer find, the other parameters drawn beside it."""
        for combination in sampler_for(walked).remaining(taken):

            def choose(parameter: Parameter, known: Assignment = combination) -> Value:
                name = parameter.name
                return known[name] if name in known else parameter.value_at(rng.random())

            for _ in range(_TRIES):
                found = sampler.space.assemble(choose)
                if sampler.space.feasible(found) and walked.key(found) not in taken:
                    return found
        return None


class SobolSuggester:
    """Points of a scrambled Sobol sequence: more even than random ones, and still independent of
    the results.
    """

    def suggest(self, request: SuggestRequest) -> SuggestDecision:
        space = request.space
        sampler = sampler_for(space)
        sequence = Sobol(len(space.parameters), [abs(request.seed), _SOBOL])
        taken = set() if request.repeats else sampler_for(space).taken(request.history)
        position = _position(request)
        found: list[Suggestion] = []
        for _ in range(request.count):
            assignment, position = _scan(sampler, sequence, position, taken)
            if assignment is None:
                assignment = sampler.last_resort(
                    generator(request.seed, _SOBOL, request.history.index + len(found)), taken
                )
            if assignment is None:
                break
            if not request.repeats:
                taken.add(space.key(assignment))
            why = {"algorithm": "sobol", "index": position - 1}
            found.append(Suggestion(parameters=assignment, why=why))
        return SuggestDecision(
            suggestions=tuple(found),
            note={"position": position},
            exhausted=len(found) < request.count,
        )


def _scan(
    sampler: Sampler, sequence: Sobol, position: int, taken: set[Key]
) -> tuple[Assignment | None, int]:
    """The next feasible, unseen point and the position after it."""
    for k in range(position, position + 2_000):
        assignment = sampler.at(sequence.point(k).tolist())
        if assignment is not None and sampler.space.key(assignment) not in taken:
            return assignment, k + 1
    return None, position


def _position(request: SuggestRequest) -> int:
    """Where the last decision left off; without a note, the number of suggestions so far."""
    position = (request.note or {}).get("position")
    return position if isinstance(position, int) else request.history.index


@dataclass(frozen=True, slots=True)
class GridSuggester:
    """Every combination in order, the last parameter changing fastest.

    A continuum is cut into `points` values, evenly spaced on its own scale, both ends included.
    """

    points: int = 10

    def __post_init__(self) -> None:
        if isinstance(self.points, bool) or not isinstance(self.points, int) or self.points < 1:
            message = f"must be a whole number of 1 or more, got {self.points!r}"
            raise InvalidInput([Problem(path="algorithm.points", message=message)])

    def suggest(self, request: SuggestRequest) -> SuggestDecision:
        space = request.space
        grid = SearchSpace([self._cut(p) for p in space.parameters], space.relations)
        taken = set() if request.repeats else sampler_for(space).taken(request.history)
        position = _position(request) if request.note else 0
        found: list[Suggestion] = []
        for index, assignment in self._from(grid, position, request):
            if space.key(assignment) in taken:
                continue
            found.append(
                Suggestion(parameters=assignment, why={"algorithm": "grid", "index": index})
            )
            position = index + 1
            if len(found) == request.count:
                break
        return SuggestDecision(
            suggestions=tuple(found),
            note={"position": position},
            exhausted=len(found) < request.count,
        )

    def _from(
        self, grid: SearchSpace, position: int, request: SuggestRequest
    ) -> Iterator[tuple[int, Assignment]]:
        """The grid from a position on; what was left out before it comes last."""
        numbered: Callable[[], Iterator[tuple[int, Any]]] = lambda: enumerate(  # noqa: E731
            enumeration.assignments(grid)
        )
        late = islice(numbered(), position, None)
        return late if request.repeats else chain(late, islice(numbered(), position))

    def _cut(self, parameter: Parameter) -> Parameter:
        if parameter.levels is not None and parameter.levels > _MOST_LEVELS:
            message = (
                f"has {parameter.levels} values, and a grid takes at most {_MOST_LEVELS} of one "
                "parameter; give it a step, or use sobol or random"
            )
            raise InvalidInput([Problem(path=parameter.name, message=message)])
        if not isinstance(parameter, Double) or parameter.levels is not None:
            return parameter
        if self.points == 1:
            units = [0.5]
        elif parameter.prior is not None:
            # The ends of a bell may be infinitely far away.
            units = [(i + 0.5) / self.points for i in range(self.points)]
        else:
            units = [i / (self.points - 1) for i in range(self.points)]
        values = list(dict.fromkeys(parameter.value_at(u) for u in units))
        return Discrete(parameter.name, values, when=parameter.condition)
