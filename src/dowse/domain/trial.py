"""One configuration being tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from dowse.domain.expected import Expected
from dowse.domain.reasons import Reason
from dowse.domain.space import Assignment


class TrialState(Enum):
    QUEUED = "queued"  # suggested, waits for a free slot
    RUNNING = "running"  # its runner was started
    STOPPING = "stopping"  # asked to end; its processes may still live
    PAUSED = "paused"  # waits at a checkpoint for its promotion
    SUCCEEDED = "succeeded"  # ended by itself, with the metric
    FAILED = "failed"  # ended without a result, for the reason beside it
    STOPPED = "stopped"  # ended early by a rule or a person; its last value counts
    CANCELLED = "cancelled"  # ended because of a time limit or with its job

    @property
    def is_final(self) -> bool:
        return self in FINAL_TRIAL_STATES

    @property
    def is_live(self) -> bool:
        """Whether processes of it may exist."""
        return self in (TrialState.RUNNING, TrialState.STOPPING)


FINAL_TRIAL_STATES = frozenset(
    {TrialState.SUCCEEDED, TrialState.FAILED, TrialState.STOPPED, TrialState.CANCELLED}
)


@dataclass(frozen=True, slots=True, order=True)
class AttemptRef:
    """One attempt at one trial of one job. Attempts and trials count from 1; trial 0 is the step
    that makes the job ready for its trials.
    """

    job: str
    trial: int
    attempt: int

    def __str__(self) -> str:
        return f"{self.job}/{self.trial}/{self.attempt}"

    @property
    def folder(self) -> str:
        """The name of its directory: the trial's number, and from the second attempt on `.k`."""
        name = str(self.trial) if self.trial else "prepare"
        return name if self.attempt == 1 else f"{name}.{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial as the store holds it. State changes only through `lifecycle`.

    `why` is the suggester's account of the choice, a JSON object; `known_event` the number of the
    last event whose results it knew. `objective` and `step` are set when the trial ends with a
    value; `further` are the values of the other objectives, and of metrics that have a limit, by
    name. `expected` is what the trial would have ended with, where a rule stopped it. `message` is
    the reason as a sentence with its numbers. `client` is who runs a trial of a study. Times are
    epoch seconds; `active_s` is how long those of its attempts that are over were running:
    waiting and pausing are not part of it. `tags` are what people mark it with.
    """

    job_id: int
    job: str
    number: int
    parameters: Assignment
    state: TrialState = TrialState.QUEUED
    reason: Reason | None = None
    message: str = ""
    attempt: int = 1
    why: Mapping[str, Any] = field(default_factory=dict)
    known_event: int = 0
    objective: float | None = None
    further: Mapping[str, float] = field(default_factory=dict)
    expected: Expected | None = None
    step: int | None = None
    exit_code: int | None = None
    signal: int | None = None
    output_dir: str | None = None
    client: str | None = None
    created_at: float
    started_at: float | None = None
    ended_at: float | None = None
    active_s: float = 0.0
    tags: tuple[str, ...] = ()

    def running_time_s(self, now: float) -> float:
        """How long its attempts have been running in all."""
        if self.started_at is None or not self.state.is_live:
            return self.active_s
        return self.active_s + max(0.0, now - self.started_at)

    @property
    def ref(self) -> AttemptRef:
        return AttemptRef(self.job, self.number, self.attempt)
