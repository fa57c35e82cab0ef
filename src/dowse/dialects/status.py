"""What each service calls the state of a job or of a trial: pure functions of state and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dowse.domain.job import JobState
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState


@dataclass(frozen=True, slots=True)
class Status:
    """`name` is the word of the service, `english` the same in English."""

    name: str
    english: str


def job_status(dialect: str, state: JobState, reason: Reason | None) -> Status:
    """Raises KeyError for a dialect that there is not."""
    match dialect:
        case "openbayes":
            return _openbayes(state, reason)
        case "ai_platform":
            return _same(_GOOGLE_JOB[state])
        case "azure_ml":
            return _same(_AZURE_JOB[state])
        case "vizier":
            return _same(_STUDY[state])
        case "native":
            return _same(state.value)
    raise KeyError(dialect)


def trial_status(dialect: str, state: TrialState, reason: Reason | None) -> Status:
    """Raises KeyError for a dialect that there is not."""
    match dialect:
        case "openbayes":
            return _openbayes_trial(state, reason)
        case "ai_platform":
            return _same(_GOOGLE_TRIAL[state])
        case "azure_ml":
            return _same(_AZURE_TRIAL[state])
        case "vizier":
            return _same(_STUDY_TRIAL[state])
        case "native":
            return _same(state.value)
    raise KeyError(dialect)


def _same(name: str) -> Status:
    return Status(name, name)


# Google has no word for a pause: nothing runs, and the job will go on.
_GOOGLE_JOB: Mapping[JobState, str] = {
    JobState.QUEUED: "QUEUED",
    JobState.RUNNING: "RUNNING",
    JobState.PAUSED: "QUEUED",
    JobState.SUCCEEDED: "SUCCEEDED",
    JobState.FAILED: "FAILED",
    JobState.CANCELLING: "CANCELLING",
    JobState.CANCELLED: "CANCELLED",
}

# A trial that was stopped early has succeeded there, with isTrialStoppedEarly beside it.
_GOOGLE_TRIAL: Mapping[TrialState, str] = {
    TrialState.QUEUED: "QUEUED",
    TrialState.RUNNING: "RUNNING",
    TrialState.STOPPING: "CANCELLING",
    TrialState.PAUSED: "QUEUED",
    TrialState.SUCCEEDED: "SUCCEEDED",
    TrialState.FAILED: "FAILED",
    TrialState.STOPPED: "SUCCEEDED",
    TrialState.CANCELLED: "CANCELLED",
}

_AZURE_JOB: Mapping[JobState, str] = {
    JobState.QUEUED: "Queued",
    JobState.RUNNING: "Running",
    JobState.PAUSED: "Paused",
    JobState.SUCCEEDED: "Completed",
    JobState.FAILED: "Failed",
    JobState.CANCELLING: "CancelRequested",
    JobState.CANCELLED: "Canceled",
}

_AZURE_TRIAL: Mapping[TrialState, str] = {
    TrialState.QUEUED: "Queued",
    TrialState.RUNNING: "Running",
    TrialState.STOPPING: "CancelRequested",
    TrialState.PAUSED: "Paused",
    TrialState.SUCCEEDED: "Completed",
    TrialState.FAILED: "Failed",
    TrialState.STOPPED: "Canceled",
    TrialState.CANCELLED: "Canceled",
}

_STUDY: Mapping[JobState, str] = {
    JobState.QUEUED: "ACTIVE",
    JobState.RUNNING: "ACTIVE",
    JobState.PAUSED: "ACTIVE",
    JobState.SUCCEEDED: "COMPLETED",
    JobState.FAILED: "INACTIVE",
    JobState.CANCELLING: "INACTIVE",
    JobState.CANCELLED: "INACTIVE",
}

_STUDY_TRIAL: Mapping[TrialState, str] = {
    TrialState.QUEUED: "REQUESTED",
    TrialState.RUNNING: "ACTIVE",
    TrialState.STOPPING: "STOPPING",
    TrialState.PAUSED: "ACTIVE",
    TrialState.SUCCEEDED: "COMPLETED",
    TrialState.FAILED: "COMPLETED",
    TrialState.STOPPED: "COMPLETED",
    TrialState.CANCELLED: "COMPLETED",
}

RUNNING = Status("运行中", "running")
CANCELLED = Status("已取消", "cancelled")
NO_METRIC = Status("没有相应指标", "no such metric")
EXECUTION_ERROR = Status("执行出错", "execution error")
SYSTEM_ERROR = Status("系统错误", "system error")
EXHAUSTED = Status("搜索空间用尽", "search space exhausted")
COMPLETED = Status("已完成", "completed")
"""OpenBayes documents six words and none for an ordinary end, which is this one."""

_SYSTEM = (Reason.SYSTEM_ERROR, Reason.DISK_FULL)


def _openbayes(state: JobState, reason: Reason | None) -> Status:
    match state:
        case JobState.SUCCEEDED:
            spent = reason in (Reason.SEARCH_SPACE_EXHAUSTED, Reason.CONVERGED)
            return EXHAUSTED if spent else COMPLETED
        case JobState.FAILED:
            return _failure(reason)
        case JobState.CANCELLED:
            return CANCELLED
        case JobState.PAUSED:
            return SYSTEM_ERROR if reason in _SYSTEM else RUNNING
        case _:
            return RUNNING


def _openbayes_trial(state: TrialState, reason: Reason | None) -> Status:
    match state:
        case TrialState.SUCCEEDED | TrialState.STOPPED:
            return COMPLETED
        case TrialState.FAILED:
            return _failure(reason)
        case TrialState.CANCELLED:
            return CANCELLED
        case _:
            return RUNNING


def _failure(reason: Reason | None) -> Status:
    if reason is Reason.NO_METRIC:
        return NO_METRIC
    return SYSTEM_ERROR if reason in _SYSTEM else EXECUTION_ERROR
