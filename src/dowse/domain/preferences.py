"""Which of several trials with exactly the same result is to be had: the simpler or cheaper one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from dowse.domain.parameters import Categorical, Value
from dowse.domain.space import SearchSpace
from dowse.domain.trial import Trial
from dowse.errors import Problem

TIME = "time"
"""The running time of a trial, unless a parameter has this name."""

Rank: TypeAlias = tuple[float, ...]


class End(Enum):
    """Of the numbers, which are better to have."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Preference:
    """Of a parameter, or of the running time: one end of the numbers, or labels in their order, the
    best first; a label that is not named comes last.
    """

    name: str
    wanted: End | tuple[Value, ...]


def problems(preferences: Sequence[Preference], space: SearchSpace) -> list[Problem]:
    """What keeps preferences from being those of a space."""
    found = []
    for each in preferences:
        message = _problem(each, space)
        if message is not None:
            found.append(Problem(path=f"prefer.{each.name}", message=message))
    return found


def _problem(preference: Preference, space: SearchSpace) -> str | None:
    wanted = preference.wanted
    if preference.name not in space.names:
        if preference.name != TIME:
            return f"is neither a parameter nor {TIME}; there are {', '.join(space.names)}"
        return None if isinstance(wanted, End) else "must be low or high, got a list"
    parameter = space[preference.name]
    if isinstance(wanted, End):
        if isinstance(parameter, Categorical):
            labels = ", ".join(parameter.text(choice) for choice in parameter.choices)
            return f"has no order: list its values, the best first, got {wanted.value} for {labels}"
        return None
    unknown = [value for value in wanted if not parameter.contains(value)]
    return f"{unknown[0]!r} is no value of it: {parameter.describe()}" if unknown else None


def rank(trial: Trial, preferences: Sequence[Preference]) -> Rank:
    """What decides between equal trials, the smaller the better. A trial in which a parameter takes
    no part comes before those in which it does.
    """
    return tuple(_one(trial, preference) for preference in preferences)


def _one(trial: Trial, preference: Preference) -> float:
    value: Value | None = trial.parameters.get(preference.name)
    if value is None:
        if preference.name != TIME:
            return -math.inf
        if trial.started_at is None or trial.ended_at is None:
            return math.inf
        value = trial.ended_at - trial.started_at
    match preference.wanted:
        case End():
            number = float(value)
            return -number if preference.wanted is End.HIGH else number
        case labels:
            places = (i for i, label in enumerate(labels) if _same(label, value))
            return float(next(places, len(labels)))


def _same(one: Value, other: Value) -> bool:
    """True is another label than 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
