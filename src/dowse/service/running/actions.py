"""What the planner can ask for: a closed union, carried out by `loop.apply` without thinking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dowse.domain.events import PromotionDecided
from dowse.domain.job import JobState
from dowse.domain.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveJob:
    """Change the state of the job."""

    to: JobState
    reason: Reason | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggest:
    """Ask the suggester for `count` more trials."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTrial:
    """Start the present attempt of a queued trial."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTrial:
    """Ask a running trial to end, for this reason."""

    number: int
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTrial:
    """Cancel a trial that has no process."""

    number: int
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote:
    """Queue the next attempt of a paused trial."""

    decided: PromotionDecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Retire:
    """Stop a paused trial where it waits."""

    number: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPreparation:
    """Make the job ready for its first trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPreparation:
    """Ask the running preparation to end; it begins afresh if the job goes on."""


Action: TypeAlias = (
    MoveJob
    | Suggest
    | StartTrial
    | EndTrial
    | DropTrial
    | Promote
    | Retire
    | StartPreparation
    | StopPreparation
)
