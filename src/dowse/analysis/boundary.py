"""Which ranges a further job should have: wider where the best trials lie on a limit, narrower
where good trials never lie.

The rule. The top are the best tenth of the trials, and at least eight. On a parameter's own scale,
the new range is where the middle 90 % of the top lie, widened by 15 % of that length at each end. A
limit with one of the best three trials within 2 % of the range of it is moved out instead, by the
length of the range, or by a decade on a logarithmic scale; the other limit then stays. No range
loses more than 70 % of its length at once. Labels that none of the best fifth have may be dropped.

A limit that may be the end of what makes sense is not moved: 0, and a 1 above a lowest value of 0
or more; nor is a range that starts above 0 taken to 0 or below. What comes of it is a proposal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias, assert_never

from dowse.analysis.spans import Limits, Span, span_of, spread_of
from dowse.domain import feasibility
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.scales import Scale
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput

TOP_SHARE, LEAST_TOP = 0.1, 8
LEAST_RESULTS = 2 * LEAST_TOP
"""With fewer, the top would be most of all trials, and where they lie would say nothing."""
LABEL_SHARE, LEAST_TRIES = 0.2, 4
BEST = 3
NEAR = 0.02


class Change(Enum):
    """What becomes of a range."""

    KEEP = "keep"
    NARROW = "narrow"
    WIDEN = "widen"
    DROP = "drop"  # labels are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    min: float
    max: float
    scale: Scale

    @property
    def text(self) -> str:
        """As people write it: `3..27`."""
        return f"{self.min!r}..{self.max!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    values: tuple[Value, ...]

    @property
    def text(self) -> str:
        """As people write it: `4,16,32`."""
        return ",".join(str(value) for value in self.values)


Range: TypeAlias = Interval | Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeProposal:
    """A parameter's range as it is, and as it might be: equal where it should stay.

    `why` is a sentence. Of the `top` trials that have the parameter, `inside` lie in the suggested
    range. `sure` says whether to take it over without a second look.
    """

    parameter: str
    change: Change
    now: Range
    suggested: Range
    why: str
    top: int
    inside: int
    sure: bool


def propose_ranges(space: SearchSpace, history: History, goal: Goal) -> tuple[RangeProposal, ...]:
    """One proposal for each parameter that varies, in document order."""
    ranked = _ranked(history, goal)
    varying = [parameter for parameter in space.parameters if parameter.levels != 1]
    proposals = [_propose(parameter, ranked) for parameter in varying]
    return _possible(space, proposals)


def adjusted(space: SearchSpace, proposals: Sequence[RangeProposal]) -> SearchSpace:
    """The space with the suggested ranges. Raises InvalidInput where they make no space."""
    suggested = {each.parameter: each.suggested for each in proposals if _changes(each)}
    return SearchSpace(
        [
            _with_range(parameter, suggested[parameter.name])
            if parameter.name in suggested
            else parameter
            for parameter in space.parameters
        ],
        space.constraints,
    )


def _changes(proposal: RangeProposal) -> bool:
    return proposal.change is not Change.KEEP


def _ranked(history: History, goal: Goal) -> list[Observation]:
    """The trials with a finite value, best first."""
    sign = -1.0 if goal is Goal.MAXIMIZE else 1.0
    able = [
        (sign * each.value, each.number, each)
        for each in history.observations
        if each.ending is Ending.MEASURED and each.value is not None and math.isfinite(each.value)
    ]
    return [each for _, _, each in sorted(able, key=lambda entry: entry[:2])]


def _propose(parameter: Parameter, ranked: Sequence[Observation]) -> RangeProposal:
    if len(ranked) < LEAST_RESULTS:
        return _kept(parameter, f"{len(ranked)} results are too few: {LEAST_RESULTS} are needed")
    match parameter:
        case Double(prior=None) | Integer() | Discrete():
            return _propose_numbers(parameter, ranked)
        case Double():
            return _kept(parameter, "its values follow a distribution, which has no limits to move")
        case Categorical():
            return _propose_labels(parameter, ranked)
    assert_never(parameter)


def _propose_numbers(
    parameter: Double | Integer | Discrete, ranked: Sequence[Observation]
) -> RangeProposal:
    span = span_of(parameter)
    size = max(math.ceil(TOP_SHARE * len(ranked)), LEAST_TOP)
    top = _positions(span, parameter.name, ranked[:size])
    if len(top) < LEAST_TOP // 2:
        return _kept(parameter, f"only {len(top)} of the best {size} trials have it")
    best = _positions(span, parameter.name, ranked[:BEST])
    below = any(t <= NEAR for t in best)
    above = any(t >= 1.0 - NEAR for t in best)
    moved = span.widened(below=below, above=above)
    if _range(parameter, moved) != _range_now(parameter):
        return _widened(parameter, top, moved, best)
    low, high = spread_of(top)
    low, high = (0.0 if below else low), (1.0 if above else high)
    return _narrowed(parameter, top, span.narrowed(low, high), span)


def _widened(
    parameter: Double | Integer | Discrete,
    top: Sequence[float],
    moved: Limits,
    best: Sequence[float],
) -> RangeProposal:
    where = "the best trial lies" if _at_end(best[0]) else f"one of the best {BEST} trials lies"
    why = f"{where} at the {moved.side} limit"
    return RangeProposal(
        parameter=parameter.name,
        change=Change.WIDEN,
        now=_range_now(parameter),
        suggested=_range(parameter, moved),
        why=why,
        top=len(top),
        inside=len(top),
        sure=_at_end(best[0]),
    )


def _at_end(position: float) -> bool:
    return position <= NEAR or position >= 1.0 - NEAR


def _narrowed(
    parameter: Double | Integer | Discrete, top: Sequence[float], found: Limits, span: Span
) -> RangeProposal:
    suggested = _range(parameter, found)
    if suggested == _range_now(parameter):
        return _kept(parameter, "the best trials lie all over it", len(top))
    low, high = span.position(found.low), span.position(found.high)
    inside = sum(low <= t <= high for t in top)
    return RangeProposal(
        parameter=parameter.name,
        change=Change.NARROW,
        now=_range_now(parameter),
        suggested=suggested,
        why=f"{inside} of the best {len(top)} trials lie in here",
        top=len(top),
        inside=inside,
        sure=True,
    )


def _propose_labels(parameter: Categorical, ranked: Sequence[Observation]) -> RangeProposal:
    size = max(math.ceil(LABEL_SHARE * len(ranked)), LEAST_TOP)
    having = [each.parameters.get(parameter.name) for each in ranked]
    top = [value for value in having[:size] if value is not None]
    if len(top) < LEAST_TOP // 2:
        return _kept(parameter, f"only {len(top)} of the best {size} trials have it")
    dropped = [
        choice
        for choice in parameter.choices
        if not _count(top, choice) and _count(having, choice) >= LEAST_TRIES
    ]
    if not dropped:
        return _kept(parameter, "every value that was tried is among the best trials", len(top))
    names = ", ".join(parameter.text(choice) for choice in dropped)
    return RangeProposal(
        parameter=parameter.name,
        change=Change.DROP,
        now=_range_now(parameter),
        suggested=Listed(values=tuple(c for c in parameter.choices if not _count(dropped, c))),
        why=f"none of the best {len(top)} trials has {names}",
        top=len(top),
        inside=len(top),
        sure=False,
    )


def _count(values: Sequence[Value | None], choice: Value) -> int:
    """How often a label occurs; True is another label than 1."""
    return sum(
        value == choice and isinstance(value, bool) == isinstance(choice, bool) for value in values
    )


def _positions(span: Span, name: str, trials: Sequence[Observation]) -> list[float]:
    """Where trials that have the parameter lie: 0 and 1 are the limits."""
    values = [each.parameters[name] for each in trials if name in each.parameters]
    return [span.position(float(value)) for value in values if not isinstance(value, str | bool)]


def _kept(parameter: Parameter, why: str, top: int = 0) -> RangeProposal:
    now = _range_now(parameter)
    return RangeProposal(
        parameter=parameter.name,
        change=Change.KEEP,
        now=now,
        suggested=now,
        why=why,
        top=top,
        inside=top,
        sure=True,
    )


def _range_now(parameter: Parameter) -> Range:
    match parameter:
        case Double():
            return Interval(min=parameter.min, max=parameter.max, scale=Scale(parameter.scale))
        case Integer():
            return Interval(min=parameter.min, max=parameter.last, scale=Scale(parameter.scale))
        case Discrete() | Categorical():
            return Listed(values=tuple(parameter.choices))
    assert_never(parameter)


def _range(parameter: Double | Integer | Discrete, limits: Limits) -> Range:
    match parameter:
        case Discrete():
            return Listed(values=limits.values)
        case Integer():
            return Interval(min=int(limits.low), max=int(limits.high), scale=Scale(parameter.scale))
        case Double():
            return Interval(min=limits.low, max=limits.high, scale=Scale(parameter.scale))
    assert_never(parameter)


def _with_range(parameter: Parameter, found: Range) -> Parameter:
    match parameter, found:
        case Double(), Interval():
            return replace(parameter, min=found.min, max=found.max)
        case Integer(), Interval():
            return replace(parameter, min=int(found.min), max=int(found.max))
        case ((Discrete() | Categorical()), Listed()):
            texts = None if parameter.texts is None else _texts(parameter, found)
            return replace(parameter, choices=found.values, texts=texts)  # type: ignore[arg-type]
    raise AssertionError("a range is of its parameter's kind")


def _texts(parameter: Discrete | Categorical, found: Listed) -> tuple[str, ...]:
    """As the document spells them, where it does."""
    return tuple(
        parameter.text(value) if parameter.contains(value) else repr(value)
        for value in found.values
    )


def _possible(space: SearchSpace, proposals: Sequence[RangeProposal]) -> tuple[RangeProposal, ...]:
    """Without the changes that would leave no configuration, or a condition without its value."""
    able: list[RangeProposal] = []
    for proposal in proposals:
        if _changes(proposal) and not _leaves_room(space, [*able, proposal]):
            why = "a change would contradict the constraints or conditions of the space"
            kept = _kept(space[proposal.parameter], why, proposal.top)
            able.append(kept)
        else:
            able.append(proposal)
    return tuple(able)


def _leaves_room(space: SearchSpace, proposals: Sequence[RangeProposal]) -> bool:
    try:
        changed = adjusted(space, proposals)
    except InvalidInput:
        return False
    return not changed.relations or feasibility.analyse(changed).satisfiable is not False
