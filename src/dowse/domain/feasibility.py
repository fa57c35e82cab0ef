"""Whether the constraints of a space can be kept, by how much of it, and which contradict.

Exact for every group of linked parameters with at most a million combinations; beyond that, and
where a group holds a continuum, proved by intervals or estimated, and then labelled so.
Deterministic: the estimate looks at the same points every time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dowse.domain import boxes
from dowse.domain.constraints import Constraint
from dowse.domain.enumeration import rows, search_levels
from dowse.domain.groups import Group, children, combinations, groups, ways_below, ways_of
from dowse.domain.parameters import Parameter
from dowse.domain.space import SearchSpace
from dowse.errors import Problem, Severity

MAX_POINTS = 8_192
"""Points of an estimate; its standard error is at most half a per cent."""

MAX_STEPS = 200_000
"""Members and nodes looked at for an estimate: a large group is looked at in fewer points."""

MAX_MINIMISED = 32
"""A contradiction among more constraints is reported whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasibility:
    """`satisfiable` is None when neither a feasible point nor a contradiction was found.

    `count` of feasible assignments is None when they are infinitely many, or not counted;
    `total` is the count without constraints. `fraction` is the feasible share of the space, None
    when nothing is known; when `exact` is False it is an estimate from `points` points.
    `contradiction` holds the texts of constraints that cannot hold together, none of which can
    be left out. `message` says it all in a sentence.
    """

    satisfiable: bool | None
    count: int | None
    total: int | None
    exact: bool
    fraction: float | None
    points: int
    contradiction: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """Of one group; `count` includes the free descendants of its members."""

    satisfiable: bool | None
    count: int | None = None
    fraction: float | None = None
    points: int = 0


def analyse(space: SearchSpace) -> Feasibility:
    order = space.in_dependency_order()
    parts = groups(space)
    verdicts = [_judge(group, order) for group in parts]
    contradiction: tuple[str, ...] = ()
    for group, verdict in zip(parts, verdicts, strict=True):
        if verdict.satisfiable is False:
            contradiction = _contradiction(group)
            break
    total = combinations(order)
    result = Feasibility(
        satisfiable=_together([verdict.satisfiable for verdict in verdicts]),
        count=0 if contradiction else _count(verdicts, parts, order),
        total=total,
        exact=not any(verdict.points for verdict in verdicts) or bool(contradiction),
        fraction=0.0 if contradiction else _fraction(verdicts),
        points=0 if contradiction else max((verdict.points for verdict in verdicts), default=0),
        contradiction=contradiction,
        message="",
    )
    return replace(result, message=_sentence(result, space))


def problems(space: SearchSpace, known: Feasibility | None = None) -> tuple[Problem, ...]:
    """The contradiction of a space, or a warning when none was proved but nothing was found."""
    result = known or analyse(space)
    if result.satisfiable:
        return ()
    texts = [constraint.text for constraint in space.relations]
    first = texts.index(result.contradiction[0]) if result.contradiction else 0
    severity = Severity.WARNING if result.satisfiable is None else Severity.ERROR
    return (Problem(path=f"constraints[{first}]", message=result.message, severity=severity),)


def _together(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _judge(group: Group, order: Sequence[Parameter]) -> _Verdict:
    known = boxes.verdicts(group)
    if any(truths.never for truths in known):
        return _Verdict(satisfiable=False)
    if all(truths.always for truths in known):
        return _Verdict(satisfiable=True, count=combinations(_descent(group, order)), fraction=1.0)
    if group.is_listable():
        return _counted(group, order)
    if _finite_part_fails(group):
        return _Verdict(satisfiable=False)
    hits, points = _sampled(group)
    if hits == 0:
        proved = boxes.prove(group)
        if proved is not True:
            return _Verdict(satisfiable=proved, points=points)
    return _Verdict(satisfiable=True, fraction=hits / points, points=points)


def _counted(group: Group, order: Sequence[Parameter]) -> _Verdict:
    """Every tuple of the group, times the ways to set what hangs below it without constraints."""
    members = _search_order(group)
    ways = ways_of(order)
    inside = {parameter.name for parameter in members}
    below = children(parameter for parameter in order if parameter.name not in inside)
    weighted = [(i, p.name) for i, p in enumerate(members) if p.name in below]
    found = 0
    count: int | None = 0
    for row in rows(search_levels(members, group.constraints)):
        found += 1
        weight: int | None = 1
        for index, name in weighted:
            value = row[index]
            if value is not None and weight is not None:
                factor = ways_below(name, value, below[name], ways)
                weight = None if factor is None else weight * factor
        count = None if count is None or weight is None else count + weight
    return _Verdict(satisfiable=found > 0, count=count, fraction=found / (group.combinations or 1))


def _search_order(group: Group) -> tuple[Parameter, ...]:
    """Members such that constraints over few combinations are complete, and so prune, first."""
    waiting = list(group.constraints)
    chosen: dict[str, Parameter] = {}

    def missing(constraint: Constraint) -> list[Parameter]:
        needed = group.limited_to([constraint]).members
        return [parameter for parameter in needed if parameter.name not in chosen]

    while waiting:
        sizes = [math.prod(p.levels or 1 for p in missing(constraint)) for constraint in waiting]
        following = waiting.pop(sizes.index(min(sizes)))
        chosen.update((parameter.name, parameter) for parameter in missing(following))
    return tuple(chosen.values())


def _finite_part_fails(group: Group) -> bool:
    part = group.finite_part()
    if not part.constraints or not part.is_listable():
        return False
    search = search_levels(_search_order(part), part.constraints)
    return next(rows(search), None) is None


def _sampled(group: Group) -> tuple[int, int]:
    """How many of how many points are feasible."""
    count = max(256, min(MAX_POINTS, MAX_STEPS // (len(group.members) + group.nodes)))
    hits = 0
    for point in kronecker(len(group.members), count):
        drawn = {p.name: p.value_at(u) for p, u in zip(group.members, point, strict=True)}
        hits += boxes.holds(group, drawn)
    return hits, count


def kronecker(dimensions: int, count: int) -> Iterator[list[float]]:
    """An additive recurrence: coordinate j of point i is the fraction of i times a root of a prime.

    The roots of the primes are linearly independent over the rationals, so
    the points fill the unit cube evenly (Kuipers and Niederreiter, 1974, chapter 1.6).
    """
    steps = [math.sqrt(prime) % 1.0 for prime in _primes(dimensions)]
    for index in range(1, count + 1):
        yield [(0.5 + index * step) % 1.0 for step in steps]


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found if prime * prime <= candidate):
            found.append(candidate)
        candidate += 1
    return found


def _contradiction(group: Group) -> tuple[str, ...]:
    """Constraints that cannot hold together; leaving any one out, they could (or may)."""
    kept = list(group.constraints)
    if len(kept) <= MAX_MINIMISED:
        for constraint in group.constraints:
            rest = [other for other in kept if other is not constraint]
            if rest and _fails(group.limited_to(rest)):
                kept = rest
    return tuple(constraint.text for constraint in kept)


def _fails(group: Group) -> bool:
    """Whether the group is known to be contradictory."""
    if any(truths.never for truths in boxes.verdicts(group)):
        return True
    if _finite_part_fails(group):
        return True
    return not group.is_listable() and boxes.prove(group) is False


def _descent(group: Group, order: Sequence[Parameter]) -> list[Parameter]:
    """The members and everything that hangs below them."""
    inside = {parameter.name for parameter in group.members}
    found = []
    for parameter in order:
        if parameter.name in inside or (
            parameter.condition and parameter.condition.parent in inside
        ):
            inside.add(parameter.name)
            found.append(parameter)
    return found


def _count(
    verdicts: Sequence[_Verdict], parts: Sequence[Group], order: Sequence[Parameter]
) -> int | None:
    bound = {parameter.name for group in parts for parameter in _descent(group, order)}
    total = combinations([parameter for parameter in order if parameter.name not in bound])
    for verdict in verdicts:
        if total is None or verdict.count is None:
            return None
        total *= verdict.count
    return total


def _fraction(verdicts: Sequence[_Verdict]) -> float | None:
    share = 1.0
    for verdict in verdicts:
        if verdict.fraction is None:
            return None
        share *= verdict.fraction
    return share


def _sentence(result: Feasibility, space: SearchSpace) -> str:
    if result.contradiction:
        return _contradiction_sentence(result.contradiction)
    if result.satisfiable is None:
        return (
            f"no feasible point was found among {result.points:,}, and that there is none could "
            "not be proved; widen the space or loosen the constraints"
        )
    if result.count is not None and result.total is not None:
        return _count_sentence(result.count, result.total, constrained=bool(space.constraints))
    if result.fraction == 1.0 and result.exact:
        return "every point of the space is feasible"
    if result.fraction == 0.0:
        return f"fewer than 1 in {result.points:,} points of the space are feasible"
    about = "" if result.exact else "about "
    source = "" if result.exact else f", estimated from {result.points:,} points"
    return f"{about}{(result.fraction or 0.0) * 100:.3g} % of the space is feasible{source}"


def _contradiction_sentence(texts: Sequence[str]) -> str:
    quoted = [f"'{text}'" for text in texts]
    if len(quoted) == 1:
        return f"no combination is feasible: {quoted[0]} holds for no values of its parameters"
    listed = f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    return f"no combination is feasible: {listed} contradict each other"


def _count_sentence(count: int, total: int, *, constrained: bool) -> str:
    if not constrained:
        return f"{total:,} combination{'' if total == 1 else 's'}"
    verb = "is" if count == 1 else "are"
    return f"{count:,} of {total:,} combination{'' if total == 1 else 's'} {verb} feasible"
