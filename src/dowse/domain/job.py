"""A spec being carried out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dowse.domain.reasons import Reason


class JobState(Enum):
    QUEUED = "queued"  # accepted, no trial yet
    RUNNING = "running"
    PAUSED = "paused"  # nothing runs; resume goes on
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLING = "cancelling"  # its trials are being ended
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in FINAL_JOB_STATES


FINAL_JOB_STATES = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})


class Intent(Enum):
    """What people want of a job. API calls write it; the loop acts on it at its own pace."""

    RUN = "run"
    PAUSE = "pause"  # no new trials; the running ones end by themselves
    PAUSE_NOW = "pause_now"  # the running ones are ended too, and run again on resume
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as the store holds it. Times are epoch seconds.

    `active_s` is the time it has spent running before `resumed_at`, which is set while it runs:
    a pause does not eat a job's time limit.
    """

    id: int
    name: str
    state: JobState = JobState.QUEUED
    reason: Reason | None = None
    message: str = ""
    intent: Intent = Intent.RUN
    intent_reason: Reason | None = None
    created_at: float
    started_at: float | None = None
    resumed_at: float | None = None
    active_s: float = 0.0
    ended_at: float | None = None

    def running_time_s(self, now: float) -> float:
        if self.resumed_at is None:
            return self.active_s
        return self.active_s + max(0.0, now - self.resumed_at)
