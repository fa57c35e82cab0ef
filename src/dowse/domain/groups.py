"""The parts of a search space that have nothing to do with each other.

A group is a set of parameters linked by constraints, together with the ancestors that decide
whether they are active. Parameters in no group are free: whatever value they have, it is feasible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dowse.domain.constraints import Constraint
from dowse.domain.expressions import nodes
from dowse.domain.parameters import Parameter, Value
from dowse.domain.space import SearchSpace, is_active

MAX_TUPLES = 1_000_000
"""How many combinations of one group are looked at one by one."""

MAX_WORK = 60_000_000
"""Nodes of constraints evaluated on the way; more than 60 nodes lower the number of tuples."""

MAX_BRANCHES = 100_000
"""A parent with more values than this is not counted value by value."""


@dataclass(frozen=True)
class Group:
    """`members` stand parents before children; `constraints` name only members."""

    members: tuple[Parameter, ...]
    constraints: tuple[Constraint, ...]

    @cached_property
    def combinations(self) -> int | None:
        """How many tuples there are without the constraints; None when they are without end."""
        return combinations(self.members)

    @cached_property
    def nodes(self) -> int:
        """The size of the constraints: what looking at one tuple costs at most."""
        return sum(1 for constraint in self.constraints for _ in nodes(constraint.tree))

    def is_listable(self, limit: int = MAX_TUPLES) -> bool:
        size = self.combinations
        return size is not None and size <= min(limit, MAX_WORK // max(self.nodes, 1))

    def finite_part(self) -> Group:
        """The finite members below finite ancestors, and the constraints over them alone."""
        kept: dict[str, Parameter] = {}
        for parameter in self.members:
            rooted = parameter.condition is None or parameter.condition.parent in kept
            if rooted and parameter.levels is not None:
                kept[parameter.name] = parameter
        return self.limited_to(c for c in self.constraints if c.names <= kept.keys())

    def limited_to(self, constraints: Iterable[Constraint]) -> Group:
        """These constraints, and the members they need."""
        chosen = tuple(constraints)
        named = {name for constraint in chosen for name in constraint.names}
        needed = _with_ancestors(named, {member.name: member for member in self.members})
        return Group(tuple(p for p in self.members if p.name in needed), chosen)


def groups(space: SearchSpace) -> tuple[Group, ...]:
    """The groups in the order of their first parameters."""
    order = space.in_dependency_order()
    known = {parameter.name: parameter for parameter in order}
    leader = {name: name for name in known}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    core: set[str] = set()
    for constraint in space.relations:
        linked = sorted(_with_ancestors(constraint.names, known))
        core.update(linked)
        for name in linked[1:]:
            leader[find(name)] = find(linked[0])
    members: dict[str, list[Parameter]] = {}
    for parameter in order:
        if parameter.name in core:
            members.setdefault(find(parameter.name), []).append(parameter)
    relations: dict[str, list[Constraint]] = {root: [] for root in members}
    for constraint in space.relations:
        relations[find(next(iter(constraint.names)))].append(constraint)
    return tuple(Group(tuple(found), tuple(relations[root])) for root, found in members.items())


def _with_ancestors(names: Iterable[str], known: Mapping[str, Parameter]) -> set[str]:
    found: set[str] = set()
    for name in names:
        current: str | None = name
        while current is not None and current not in found:
            found.add(current)
            condition = known[current].condition
            current = condition.parent if condition else None
    return found


def combinations(order: Sequence[Parameter]) -> int | None:
    """How many assignments there are of parameters that stand parents before children.

    An inactive parameter has one way to be so; a parent that is not in `order` counts as
    fulfilled. None when there is no end of them, or a parent has too many values to look at.
    """
    ways = ways_of(order)
    known = {parameter.name for parameter in order}
    roots = [p for p in order if p.condition is None or p.condition.parent not in known]
    return _product(ways[parameter.name] for parameter in roots)


def children(parameters: Iterable[Parameter]) -> Mapping[str, Sequence[Parameter]]:
    below: dict[str, list[Parameter]] = {}
    for parameter in parameters:
        if parameter.condition is not None:
            below.setdefault(parameter.condition.parent, []).append(parameter)
    return below


def ways_of(order: Sequence[Parameter]) -> Mapping[str, int | None]:
    """For each parameter, in how many ways it and its descendants can be set while it is active."""
    below = children(order)
    ways: dict[str, int | None] = {}
    for parameter in reversed(order):
        own = below.get(parameter.name, ())
        if parameter.levels is None or not own:
            ways[parameter.name] = parameter.levels
        elif parameter.levels > MAX_BRANCHES:
            ways[parameter.name] = None
        else:
            branches = [
                ways_below(parameter.name, value, own, ways) for value in parameter.values()
            ]
            finite = [branch for branch in branches if branch is not None]
            ways[parameter.name] = sum(finite) if len(finite) == len(branches) else None
    return ways


def ways_below(
    parent: str, value: Value, own: Iterable[Parameter], ways: Mapping[str, int | None]
) -> int | None:
    """In how many ways the children `own` of `parent` can be set while it has this value."""
    return _product(ways[child.name] for child in own if is_active(child, {parent: value}))


def _product(factors: Iterable[int | None]) -> int | None:
    total = 1
    for factor in factors:
        if factor is None:
            return None
        total *= factor
    return total
