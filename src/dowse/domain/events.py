"""Append-only records, one per change, written in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from dowse.domain.expected import Expected
from dowse.domain.job import Intent, JobState
from dowse.domain.reasons import Reason
from dowse.domain.space import Assignment
from dowse.domain.trial import TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSubmitted:
    dialect: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged:
    before: JobState
    after: JobState
    reason: Reason | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentChanged:
    before: Intent
    after: Intent
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsChanged:
    """Limits that somebody changed while the job ran, by name: what they were, what they are."""

    before: Mapping[str, int | None]
    after: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSuggested:
    """`known_event` is the last event whose results the suggester knew, `asked` how many
    configurations it was asked for: 0 where it was not asked, but a client gave its own.
    """

    trial: int
    parameters: Assignment
    why: Mapping[str, Any] = field(default_factory=dict)
    known_event: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggesterStarted:
    """What suggests from here on: the `versions` of what a suggestion's digits may depend on."""

    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialDeleted:
    """A client of a study let a trial no longer be seen; suggesters do not know of it any more."""

    trial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialChanged:
    trial: int
    attempt: int
    before: TrialState
    after: TrialState
    reason: Reason | None = None
    message: str = ""
    objective: float | None = None
    further: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDecided:
    """The early-stopping rule's verdict; `numbers` recompute to it.

    `report` counts the reports of the trial's curve that it is made of, 0 where that was not kept.
    `seen` counts those that were known of the present attempt of each other trial that was not
    over, by its number, and of the trial's own where it had gone on; of the trials that were over,
    all are. With `pause` the trial may be promoted and go on. `expected` is what the trial would
    have ended with, as far as it could be predicted.
    """

    trial: int
    attempt: int
    rule: str
    message: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    report: int = 0
    seen: Mapping[int, int] = field(default_factory=dict)
    pause: bool = False
    expected: Expected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionDecided:
    """The early-stopping rule lets a paused trial go on; `numbers` recompute to it.

    `seen` counts the reports that were known of the present attempt of every trial that was not
    over, by its number.
    """

    trial: int
    attempt: int
    rule: str
    message: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChosen:
    """A trial that the early-stopping rule condemned and that runs on as a control.

    The verdict stands here as it would have stood in StopDecided.
    """

    trial: int
    attempt: int
    rule: str
    message: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    report: int = 0
    seen: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that people should know and that changes no state."""

    message: str
    trial: int | None = None


Event: TypeAlias = (
    JobSubmitted
    | JobChanged
    | IntentChanged
    | LimitsChanged
    | SuggesterStarted
    | TrialSuggested
    | TrialChanged
    | TrialDeleted
    | StopDecided
    | ControlChosen
    | PromotionDecided
    | Noted
)
