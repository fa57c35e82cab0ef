"""A spec being carried out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from dowse.domain.ceilings import Ceilings
from dowse.domain.reasons import Reason

MAX_NAME = 128
_NAME = re.compile(r"[^\W_][\w.\-]*")


def name_problem(name: str) -> str | None:
    """What keeps `name` from being the name of a job and of its folder; None when nothing does."""
    if len(name) <= MAX_NAME and _NAME.fullmatch(name):
        return None
    return (
        f"must be 1 to {MAX_NAME} letters, digits, '.', '_' or '-', beginning with a letter or "
        f"digit, got {name[:MAX_NAME]!r}"
    )


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

    `labels` and `limits` are those that were set after it was submitted; None leaves those of its
    spec.
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
    labels: Mapping[str, str] | None = None
    limits: Ceilings | None = None

    def running_time_s(self, now: float) -> float:
        if self.resumed_at is None:
            return self.active_s
        return self.active_s + max(0.0, now - self.resumed_at)
