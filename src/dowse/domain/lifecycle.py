"""The two transition tables, and the only functions that change a state.

    trial   queued ──► running ──► succeeded | failed | cancelled
              ▲ │         │  └───► stopping ──► stopped | cancelled | failed | succeeded
              │ └► cancelled │         ├──────► queued      (interrupted: runs again)
              ├──────────────┘         ▼        (lost: a further attempt)
              └───────────────────── paused ──► stopped | cancelled

    job     queued ──► running ◄──► paused
              │           │           │
              └───────────┴───► cancelling ──► cancelled
                          └───► succeeded | failed

A change is a value: what was, what will be, and the event that records it. The store carries it
out as a compare-and-set on `before`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dowse.domain.ceilings import Ceilings
from dowse.domain.events import (
    Event,
    IntentChanged,
    JobChanged,
    LimitsChanged,
    StopDecided,
    TrialChanged,
)
from dowse.domain.expected import Expected
from dowse.domain.job import FINAL_JOB_STATES, Intent, Job, JobState
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.errors import Refused

TRIAL_TRANSITIONS: Mapping[TrialState, frozenset[TrialState]] = {
    TrialState.QUEUED: frozenset({TrialState.RUNNING, TrialState.CANCELLED}),
    TrialState.RUNNING: frozenset(
        {
            TrialState.STOPPING,
            TrialState.QUEUED,
            TrialState.SUCCEEDED,
            TrialState.FAILED,
            TrialState.CANCELLED,
        }
    ),
    TrialState.STOPPING: frozenset(
        {
            TrialState.QUEUED,
            TrialState.PAUSED,
            TrialState.SUCCEEDED,
            TrialState.FAILED,
            TrialState.STOPPED,
            TrialState.CANCELLED,
        }
    ),
    TrialState.PAUSED: frozenset({TrialState.QUEUED, TrialState.STOPPED, TrialState.CANCELLED}),
    TrialState.SUCCEEDED: frozenset(),
    TrialState.FAILED: frozenset(),
    TrialState.STOPPED: frozenset(),
    TrialState.CANCELLED: frozenset(),
}

JOB_TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.PAUSED, JobState.CANCELLING}),
    JobState.RUNNING: frozenset(
        {JobState.PAUSED, JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLING}
    ),
    JobState.PAUSED: frozenset({JobState.RUNNING, JobState.CANCELLING}),
    JobState.CANCELLING: frozenset({JobState.CANCELLED}),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialChange:
    before: Trial
    after: Trial
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChange:
    before: Job
    after: Job
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended, as far as it is known; `further` as in `Trial`."""

    exit_code: int | None = None
    signal: int | None = None
    objective: float | None = None
    further: Mapping[str, float] = field(default_factory=dict)
    step: int | None = None


def advance_trial(
    trial: Trial,
    to: TrialState,
    *,
    at: float,
    reason: Reason | None = None,
    message: str = "",
    outcome: Outcome | None = None,
    output_dir: str | None = None,
    client: str | None = None,
    because: tuple[Event, ...] = (),
    left_at: float | None = None,
) -> TrialChange:
    """The change of `trial` to state `to`. Going back to QUEUED begins the next attempt.

    `because` are events that belong to the same change, such as the verdict of a stopping rule.
    `left_at` is when the program left, where that was before it was noticed.
    Raises Refused when the table does not allow the transition.
    """
    if to not in TRIAL_TRANSITIONS[trial.state]:
        raise Refused(
            f"trial {trial.number} of {trial.job} is {trial.state.value} "
            f"and cannot become {to.value}"
        )
    after = replace(trial, state=to, reason=reason, message=message)
    if trial.state.is_live and not to.is_live:
        until = at if left_at is None else min(left_at, at)
        after = replace(after, active_s=trial.running_time_s(until))
    if to is TrialState.STOPPING:
        after = replace(after, expected=_expected(because))
    if to is TrialState.QUEUED:
        after = replace(after, attempt=trial.attempt + 1, started_at=None, expected=None)
    if to is TrialState.RUNNING:
        after = replace(after, started_at=at, output_dir=output_dir, client=client)
    if to.is_final:
        after = replace(after, ended_at=at)
    if outcome is not None:
        after = replace(
            after,
            exit_code=outcome.exit_code,
            signal=outcome.signal,
            objective=outcome.objective,
            further=outcome.further,
            step=outcome.step,
        )
    event = TrialChanged(
        trial=trial.number,
        attempt=trial.attempt,
        before=trial.state,
        after=to,
        reason=reason,
        message=message,
        objective=after.objective,
        further=after.further,
    )
    return TrialChange(before=trial, after=after, events=(*because, event))


def _expected(because: tuple[Event, ...]) -> Expected | None:
    """What the verdict that stops a trial predicts of it."""
    stops = [event for event in because if isinstance(event, StopDecided)]
    return stops[-1].expected if stops else None


def advance_job(
    job: Job, to: JobState, *, at: float, reason: Reason | None = None, message: str = ""
) -> JobChange:
    """The change of `job` to state `to`. Raises Refused when the table does not allow it."""
    if to not in JOB_TRANSITIONS[job.state]:
        raise Refused(f"job {job.name} is {job.state.value} and cannot become {to.value}")
    after = replace(job, state=to, reason=reason, message=message)
    if to is JobState.RUNNING:
        after = replace(after, started_at=job.started_at or at, resumed_at=at)
    elif job.resumed_at is not None:
        after = replace(after, active_s=job.running_time_s(at), resumed_at=None)
    events: tuple[Event, ...] = (
        JobChanged(before=job.state, after=to, reason=reason, message=message),
    )
    if to is JobState.PAUSED and job.intent is Intent.RUN:
        # A pause that nobody asked for (a full disk) lasts until somebody resumes.
        after = replace(after, intent=Intent.PAUSE, intent_reason=reason)
        events += (IntentChanged(before=job.intent, after=Intent.PAUSE, reason=reason),)
    if to in FINAL_JOB_STATES:
        after = replace(after, ended_at=at)
    return JobChange(before=job, after=after, events=events)


def intend(job: Job, intent: Intent, *, reason: Reason | None = None) -> JobChange:
    """The change of what is wanted of a job. Raises Refused for a job that is over."""
    if job.state.is_final:
        raise Refused(f"job {job.name} is {job.state.value}: it is over")
    is_ending = job.intent is Intent.CANCEL or job.state is JobState.CANCELLING
    if is_ending and intent is not Intent.CANCEL:
        raise Refused(f"job {job.name} is being cancelled")
    after = replace(job, intent=intent, intent_reason=reason)
    event = IntentChanged(before=job.intent, after=intent, reason=reason)
    return JobChange(before=job, after=after, events=(event,))


def limit(job: Job, before: Ceilings, after: Ceilings) -> JobChange:
    """The change of its limits from those that hold. Raises Refused for a job that is over."""
    if job.state.is_final:
        raise Refused(
            f"job {job.name} is {job.state.value}: it is over, and nothing limits it; "
            f"dowse extend {job.name} --trials N goes on with its results"
        )
    was, becomes = before.changed(after)
    event = LimitsChanged(before=was, after=becomes)
    return JobChange(before=job, after=replace(job, limits=after), events=(event,))
