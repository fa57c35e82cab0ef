"""Every feasible assignment of finite parameters, found by backtracking.

A constraint is looked at as soon as the last parameter it names is chosen, and one that names a
single parameter shortens that parameter's values before the search begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dowse.domain.conditions import Condition
from dowse.domain.constraints import Constraint
from dowse.domain.evaluation import Row
from dowse.domain.groups import MAX_TUPLES, groups
from dowse.domain.parameters import Parameter, Value
from dowse.domain.space import SearchSpace

Check: TypeAlias = Callable[[Row], bool]

MAX_SHORTENED = 10_000
"""Longer lists of values are not shortened before the search, to keep its start cheap."""


@dataclass(frozen=True, slots=True)
class Level:
    """One parameter of the search: its values, when it is active, what is checked once it is set.

    `parent` is the place of the parent in the row.
    """

    name: str
    values: Callable[[], Iterable[Value]]
    parent: int | None
    condition: Condition | None
    checks: tuple[Check, ...]

    def candidates(self, row: Sequence[Value | None]) -> Iterator[Value | None]:
        """The values to try after the choices in `row`; None alone where it is inactive."""
        if self.parent is not None and self.condition is not None:
            value = row[self.parent]
            if value is None or not self.condition.holds(value):
                return iter((None,))
        return iter(self.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The feasible tuples of one group; None stands for a parameter that is inactive."""

    names: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]


def search_levels(order: Sequence[Parameter], constraints: Iterable[Constraint]) -> list[Level]:
    """The search over `order`, in which parents stand before their children."""
    place = {parameter.name: index for index, parameter in enumerate(order)}
    checks: list[list[Check]] = [[] for _ in order]
    single: list[list[Check]] = [[] for _ in order]
    for constraint in constraints:
        last = max(place[name] for name in constraint.names)
        if len(constraint.names) == 1 and (order[last].levels or 0) <= MAX_SHORTENED:
            single[last].append(constraint.evaluator((order[last].name,)))
        else:
            checks[last].append(_check(constraint, order, place))
    return [
        Level(
            parameter.name,
            _values(parameter, single[index]),
            place[parameter.condition.parent] if parameter.condition else None,
            parameter.condition,
            tuple(checks[index]),
        )
        for index, parameter in enumerate(order)
    ]


def _values(parameter: Parameter, checks: Sequence[Check]) -> Callable[[], Iterable[Value]]:
    if (parameter.levels or 0) > MAX_SHORTENED:
        return parameter.values
    allowed = tuple(v for v in parameter.values() if all(check((v,)) for check in checks))
    return lambda: allowed


def _check(constraint: Constraint, order: Sequence[Parameter], place: Mapping[str, int]) -> Check:
    """Whether the constraint holds in a row; one that names an inactive parameter does."""
    holds = constraint.evaluator([parameter.name for parameter in order])
    named = [place[name] for name in constraint.mentions]
    conditional = [index for index in named if order[index].condition is not None]
    if not conditional:
        return holds
    return lambda row: any(row[index] is None for index in conditional) or holds(row)


def rows(search: Sequence[Level]) -> Iterator[list[Value | None]]:
    """Every feasible row, the first level slowest. One list is reused: copy what you keep."""
    row: list[Value | None] = [None] * len(search)
    if not search:
        yield row
        return
    last = len(search) - 1
    stack = [search[0].candidates(row)]
    while stack:
        depth = len(stack) - 1
        checks = search[depth].checks
        for value in stack[-1]:
            row[depth] = value
            for check in checks:
                if not check(row):
                    break
            else:
                if depth == last:
                    yield row
                else:
                    stack.append(search[depth + 1].candidates(row))
                    break
        else:
            stack.pop()


def assignments(space: SearchSpace) -> Iterator[dict[str, Value]]:
    """Every feasible assignment of a finite space, once, in a fixed order.

    The first parameter changes slowest, except that parents come before their children. Raises
    ValueError when a parameter is a continuum.
    """
    order = space.in_dependency_order()
    for parameter in order:
        if parameter.levels is None:
            raise ValueError(f"{parameter.name} is a continuum and cannot be listed")
    place = {parameter.name: index for index, parameter in enumerate(order)}
    columns = [(name, place[name]) for name in space.names]
    for row in rows(search_levels(order, space.relations)):
        yield {name: value for name, index in columns if (value := row[index]) is not None}


def tuples(space: SearchSpace, limit: int = MAX_TUPLES) -> tuple[Table, ...]:
    """The feasible tuples of the constrained finite parameters, a table for each group.

    What stands in no table is still to be drawn, and constraints that reach beyond a table are
    still to be looked at. A group with more than `limit` combinations has no table; the table of
    a contradiction is empty.
    """
    found = []
    for group in groups(space):
        part = group.finite_part()
        if part.members and part.is_listable(limit):
            names = tuple(parameter.name for parameter in part.members)
            feasible = tuple(tuple(r) for r in rows(search_levels(part.members, part.constraints)))
            found.append(Table(names=names, rows=feasible))
    return tuple(found)
