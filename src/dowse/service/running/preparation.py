"""How far a job is with the step before its first trial."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dowse.domain.trial import AttemptRef
from dowse.ports import EndedBy


class Stage(Enum):
    READY = "ready"  # done, or nothing is to be done
    NEEDED = "needed"
    RUNNING = "running"
    STOPPING = "stopping"  # asked to end; its processes may still live
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """`attempt` is the present one, or the next where it is needed; `message` why it failed."""

    stage: Stage
    attempt: int = 1
    message: str = ""

    @property
    def is_live(self) -> bool:
        """Whether processes of it may exist."""
        return self.stage in (Stage.RUNNING, Stage.STOPPING)

    def ref(self, job: str) -> AttemptRef:
        return AttemptRef(job, 0, self.attempt)


READY = Preparation(stage=Stage.READY)


def after_attempt(
    attempt: int, ended_by: EndedBy, *, exit_code: int | None, words: str, retries: int = 1
) -> Preparation:
    """Where the preparation is when an attempt at it is over; `words` are its last.

    One that was stopped begins afresh when the job goes on; a lost one is tried again `retries`
    times.
    """
    again = Preparation(stage=Stage.NEEDED, attempt=attempt + 1)
    match ended_by:
        case EndedBy.EXIT if exit_code == 0:
            return Preparation(stage=Stage.READY, attempt=attempt)
        case EndedBy.STOP:
            return again
        case EndedBy.LOST if attempt <= retries:
            return again
        case EndedBy.LOST:
            why = "its runner was lost"
        case EndedBy.START_ERROR:
            why = "it could not be started"
        case _:
            why = f"exit code {exit_code}" if exit_code is not None else "it was killed"
    said = f": {words}" if words else ""
    return Preparation(
        stage=Stage.FAILED, attempt=attempt, message=f"the preparation failed, {why}{said}"
    )
