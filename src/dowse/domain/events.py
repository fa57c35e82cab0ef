"""Append-only records, one per change, written in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

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
class TrialSuggested:
    """`known_event` is the last event whose results the suggester knew."""

    trial: int
    parameters: Assignment
    why: Mapping[str, Any] = field(default_factory=dict)
    known_event: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialChanged:
    trial: int
    attempt: int
    before: TrialState
    after: TrialState
    reason: Reason | None = None
    message: str = ""
    objective: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDecided:
    """The early-stopping rule's verdict; `numbers` recompute to it."""

    trial: int
    attempt: int
    rule: str
    message: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that people should know and that changes no state."""

    message: str
    trial: int | None = None


Event: TypeAlias = (
    JobSubmitted | JobChanged | IntentChanged | TrialSuggested | TrialChanged | StopDecided | Noted
)
