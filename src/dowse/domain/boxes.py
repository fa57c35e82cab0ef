"""Proofs over a group that is too large to list: boxes of values are halved until all is decided.

Interval arithmetic says of a box that a constraint holds never, always or perhaps; a box in which
one never holds is dropped, and the middle of any other is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.expressions import (
    Any,
    Compare,
    Expression,
    Literal,
    Membership,
    Name,
    Not,
    names,
)
from dowse.domain.groups import Group
from dowse.domain.intervals import Labels, Span, Truths, outcomes
from dowse.domain.parameters import Categorical, Double, Integer, Parameter, Value
from dowse.domain.space import Assignment, is_active

MAX_BOXES = 4_000
"""After so many boxes the question stays open; about a quarter of a second."""

MAX_STEPS = 200_000
"""Members and nodes looked at on the way; a large group is cut into fewer boxes."""

MAX_LISTED = 100_000
"""The multiples of a step are listed up to here; beyond, they are treated as a continuum."""

FINEST = 1e-9
"""A continuum is not halved below this share of its distribution."""

Part: TypeAlias = range | tuple[Value, ...] | Span
"""What a box holds of one parameter."""


def verdicts(group: Group) -> list[Truths]:
    """What is known of each constraint over all values at once."""
    whole = {parameter.name: _ranged(parameter, _all_of(parameter)) for parameter in group.members}
    return [outcomes(tree, whole) for tree in _relations(group)]


def prove(group: Group) -> bool | None:
    """True when a feasible point was found, False when there is none, None when it stays open."""
    known = {parameter.name: parameter for parameter in group.members}
    relations = _relations(group)
    open_questions = False
    stack: list[Mapping[str, Part]] = [{name: _all_of(known[name]) for name in known}]
    for _ in range(min(MAX_BOXES, MAX_STEPS // (len(known) + group.nodes) + 1)):
        if not stack:
            return None if open_questions else False
        box = stack.pop()
        ranges = {name: _ranged(known[name], part) for name, part in box.items()}
        found = [outcomes(tree, ranges) for tree in relations]
        if any(truths.never for truths in found):
            continue
        if holds(group, {name: _middle(known[name], part) for name, part in box.items()}):
            return True
        undecided = [
            tree for tree, truths in zip(relations, found, strict=True) if not truths.always
        ]
        involved = dict.fromkeys(name for tree in undecided for name in names(tree))
        halves = _halved(box, list(involved), known)
        if halves:
            stack.extend(halves)
        elif any(isinstance(box[name], Span) for name in involved):
            open_questions = True
    return None


def holds(group: Group, chosen: Mapping[str, Value]) -> bool:
    """Whether the constraints hold once the inactive members of `chosen` are left out."""
    active: dict[str, Value] = {}
    for parameter in group.members:
        if is_active(parameter, active):
            active[parameter.name] = chosen[parameter.name]
    assignment: Assignment = active
    return all(constraint.holds(assignment) for constraint in group.constraints)


def _relations(group: Group) -> list[Expression]:
    """The constraints as relations over all members: one that names an inactive member holds."""
    known = {parameter.name: parameter for parameter in group.members}
    found: list[Expression] = []
    for constraint in group.constraints:
        active: list[Expression] = []
        for name in constraint.mentions:
            condition = known[name].condition
            while condition is not None:
                active.append(_relation(condition))
                condition = known[condition.parent].condition
        guard = tuple(Not(part) for part in dict.fromkeys(active))
        found.append(Any((*guard, constraint.tree)) if guard else constraint.tree)
    return found


def _relation(condition: Condition) -> Expression:
    parent = Name(condition.parent)
    match condition.comparison:
        case Comparison.IN | Comparison.NOT_IN:
            negated = condition.comparison is Comparison.NOT_IN
            return Membership(parent, condition.values, negated)
        case comparison:
            return Compare(comparison, parent, Literal(condition.values[0]))


def _all_of(parameter: Parameter) -> Part:
    if isinstance(parameter, Integer):
        return range(parameter.min, parameter.max + 1, parameter.step)
    if isinstance(parameter, Double) and (parameter.levels or MAX_LISTED + 1) > MAX_LISTED:
        return Span(parameter.min, parameter.max)
    return tuple(parameter.values())


def _ranged(parameter: Parameter, part: Part) -> Span | Labels:
    if isinstance(part, Span):
        return part
    if isinstance(parameter, Categorical):
        return Labels(frozenset(part))
    return Span(_number(part[0]), _number(part[-1]))


def _number(value: Value) -> float:
    assert not isinstance(value, str)
    return value


def _middle(parameter: Parameter, part: Part) -> Value:
    if not isinstance(part, Span):
        return part[len(part) // 2]
    assert isinstance(parameter, Double)
    return parameter.value_at((parameter.unit(part.low) + parameter.unit(part.high)) / 2)


def _halved(
    box: Mapping[str, Part], candidates: Sequence[str], known: Mapping[str, Parameter]
) -> list[Mapping[str, Part]]:
    """The box cut in two where, of the candidates, most of a parameter is left; [] if none is."""
    sizes = {name: _share(known[name], box[name]) for name in candidates}
    name = max(sizes, key=lambda candidate: sizes[candidate], default=None)
    if name is None or sizes[name] <= FINEST:
        return []
    part = box[name]
    if isinstance(part, Span):
        middle = _number(_middle(known[name], part))
        if not part.low < middle < part.high:
            return []
        return [{**box, name: Span(middle, part.high)}, {**box, name: Span(part.low, middle)}]
    half = len(part) // 2
    return [{**box, name: part[half:]}, {**box, name: part[:half]}]


def _share(parameter: Parameter, part: Part) -> float:
    """How much of the parameter is left; 0 for a single value."""
    if isinstance(part, Span):
        assert isinstance(parameter, Double)
        return parameter.unit(part.high) - parameter.unit(part.low)
    return len(part) / (parameter.levels or 1) if len(part) > 1 else 0.0
