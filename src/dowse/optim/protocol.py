"""What a suggester is given and what it answers.

    next = suggester.suggest(SuggestRequest(space=…, goal=…, history=…, seed=…, note=note))

A suggester is a pure function of the request: the same request gives the same decision, and
nothing is remembered between calls except through the note. `contract.SuggesterContract` checks
this and the rest of what a plug-in promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dowse.domain.history import History
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.source import Source
from dowse.domain.space import Assignment, SearchSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """All that a suggestion may depend on.

    `goal` is that of the first objective, the `value` of observations; `further` objectives and
    `limits` are of metrics that observations have by name. `note` is what the last decision of the
    same job returned; without one a suggester works out everything afresh. Without `repeats`, a
    configuration that is finished or pending is not suggested again. `sources` are earlier studies
    to learn from. A suggester may ignore sources, limits and further objectives.
    """

    space: SearchSpace
    goal: Goal
    history: History
    seed: int
    count: int = 1
    note: Mapping[str, Any] | None = None
    repeats: bool = False
    sources: tuple[Source, ...] = ()
    further: tuple[Objective, ...] = ()
    limits: tuple[MetricLimit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An assignment inside the space, and why it was chosen: a JSON object."""

    parameters: Assignment
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestDecision:
    """At most `count` suggestions; fewer only when the space holds no more, which `exhausted` says.

    `note` is a small JSON object for the next request, or None.
    """

    suggestions: tuple[Suggestion, ...]
    note: Mapping[str, Any] | None = None
    exhausted: bool = False


class Suggester(Protocol):
    """Chooses configurations to try."""

    def suggest(self, request: SuggestRequest) -> SuggestDecision: ...
