"""Which parameters can be active together, and which sets of them always hold an active one."""

from __future__ import annotations

from collections.abc import Sequence

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.parameters import Categorical, Discrete, Parameter
from dowse.domain.space import SearchSpace

Chain = tuple[Condition, ...]
"""The conditions that make a parameter active, the outermost first."""


def chain_of(space: SearchSpace, parameter: Parameter) -> Chain:
    chain: list[Condition] = []
    current = parameter
    while current.condition is not None:
        chain.insert(0, current.condition)
        current = space[current.condition.parent]
    return tuple(chain)


def exclude_each_other(space: SearchSpace, one: Parameter, other: Parameter) -> bool:
    """Whether two parameters are never active together, as far as single conditions show it."""
    return any(
        first.parent == second.parent and _disjoint(space[first.parent], first, second)
        for first in chain_of(space, one)
        for second in chain_of(space, other)
    )


def _disjoint(parent: Parameter, first: Condition, second: Condition) -> bool:
    if isinstance(parent, Categorical | Discrete):
        return not any(first.holds(value) and second.holds(value) for value in parent.choices)
    equal = (Comparison.EQUAL, Comparison.IN)
    listed = first.comparison in equal and second.comparison in equal
    return listed and not any(second.holds(value) for value in first.values)


def one_is_active(space: SearchSpace, parameters: Sequence[Parameter]) -> bool:
    """Whether every assignment has an active one among them, as far as listed values show it."""
    return _covered(space, [chain_of(space, parameter) for parameter in parameters])


def _covered(space: SearchSpace, chains: Sequence[Chain]) -> bool:
    if any(not chain for chain in chains):
        return True
    for parent in (space[name] for name in dict.fromkeys(chain[0].parent for chain in chains)):
        if not isinstance(parent, Categorical | Discrete):
            continue
        inner = [chain for chain in chains if chain[0].parent == parent.name]
        if all(
            _covered(space, [chain[1:] for chain in inner if chain[0].holds(value)])
            for value in parent.choices
        ):
            return True
    return False
