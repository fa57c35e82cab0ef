"""Feasible, unseen configurations of a space, drawn at random or at given points of the unit cube.

Points that break a constraint are drawn again. Where that would hardly ever succeed, the feasible
tuples of the constrained parameters are listed once and drawn from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from dowse.domain import enumeration
from dowse.domain.groups import MAX_TUPLES, combinations
from dowse.domain.history import History, Observation
from dowse.domain.space import Assignment, Key, SearchSpace
from dowse.errors import InvalidInput, Problem
from dowse.surrogate.remember import Remembered

_PROBES = 512
_RARE = 0.02
_ATTEMPTS = 2_000
_BATCH = 64
_SCAN = 100_000

Units = Sequence[float]


def generator(seed: int, *path: int) -> np.random.Generator:
    """The random numbers of one purpose; `path` tells suggestions and purposes apart."""
    return np.random.default_rng([abs(seed), int(seed < 0), *path])


class Sampler:
    """Draws from one space."""

    def __init__(self, space: SearchSpace) -> None:
        self.space = space
        self._place = {name: index for index, name in enumerate(space.names)}
        self._tables: tuple[enumeration.Table, ...] = ()
        self._finished: Remembered[frozenset[Key]] = Remembered(self._keys, frozenset.union)
        if space.relations and self._feasible_share() < _RARE:
            self._tables = enumeration.tuples(space)

    def taken(self, history: History) -> set[Key]:
        """The configurations that are finished or pending."""
        pending = (self.space.key(assignment) for assignment in history.pending)
        return {*self._finished.of(history.observations), *pending}

    def _keys(self, observations: Sequence[Observation]) -> frozenset[Key]:
        return frozenset(self.space.key(one.parameters) for one in observations)

    @property
    def tables(self) -> tuple[enumeration.Table, ...]:
        """Listed tuples of constrained parameters; empty where rejection is good enough."""
        return self._tables

    @property
    def contradictory(self) -> bool:
        """Whether it is known that nothing is feasible."""
        return any(not table.rows for table in self._tables)

    def at(self, units: Units) -> Assignment | None:
        """The configuration at a point of the unit cube, None where it is not feasible."""
        if self.contradictory:
            return None
        if not self._tables:
            assignment = self.space.at(units)
        else:
            chosen = self._listed(units)
            assignment = self.space.assemble(
                lambda p: (
                    chosen[p.name] if p.name in chosen else p.value_at(units[self._place[p.name]])
                )
            )
        return assignment if self.space.feasible(assignment) else None

    def random(self, rng: np.random.Generator) -> Iterator[Assignment]:
        """Feasible configurations, until an attempt limit is reached without finding more."""
        for _ in range(-(-_ATTEMPTS // _BATCH)):
            for units in rng.random((_BATCH, len(self._place))):
                found = self.at(units.tolist())
                if found is not None:
                    yield found

    @property
    def listable(self) -> bool:
        """Whether every configuration can be looked at one by one in bearable time."""
        count = combinations(self.space.parameters) if self.space.is_finite else None
        return count is not None and count <= MAX_TUPLES

    def remaining(self, taken: set[Key]) -> Iterator[Assignment]:
        """Every feasible configuration not taken, of a space that is listable."""
        return (a for a in enumeration.assignments(self.space) if self.space.key(a) not in taken)

    def last_resort(self, rng: np.random.Generator, taken: set[Key]) -> Assignment | None:
        """One of the few configurations that draws no longer find, None when none is left.

        Where there are too many to list, none is left if everything drawn was seen before. Raises
        InvalidInput where nothing drawn is feasible, so that nothing can be said.
        """
        if self.contradictory:
            return None
        if not self.listable:
            if next(self.random(rng), None) is not None:
                return None
            message = (
                f"no feasible configuration was found in {_ATTEMPTS} draws, and there are too many "
                "to list; loosen the constraints or give the parameters fewer values"
            )
            raise InvalidInput([Problem(path="constraints", message=message)])
        left = list(islice(self.remaining(taken), _SCAN))
        return left[rng.integers(len(left))] if left else None

    def _listed(self, units: Units) -> dict[str, Any]:
        """Values of the listed parameters; the first of each table says which row."""
        chosen: dict[str, Any] = {}
        for table in self._tables:
            unit = units[self._place[table.names[0]]]
            row = table.rows[min(int(unit * len(table.rows)), len(table.rows) - 1)]
            chosen.update(zip(table.names, row, strict=True))
        return chosen

    def _feasible_share(self) -> float:
        points = generator(0).random((_PROBES, len(self._place))).tolist()
        return sum(self.space.feasible(self.space.at(units)) for units in points) / _PROBES


@lru_cache(maxsize=16)
def sampler_for(space: SearchSpace) -> Sampler:
    """The sampler of a space; listing tuples takes time, so that it is kept."""
    return Sampler(space)


def first_unseen(
    candidates: Iterable[Assignment], key: Callable[[Assignment], Key], taken: set[Key]
) -> Assignment | None:
    """The first of the candidates that is not taken, within the attempt limit."""
    for assignment in islice(candidates, _ATTEMPTS):
        if key(assignment) not in taken:
            return assignment
    return None
