"""What to do next, as a pure function of what is known: `plan(snapshot, room, now)`.

The planner neither waits nor remembers. A crash at any point is repaired by the next turn, since
that turn sees the same facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dowse.domain.events import PromotionDecided
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.prices import Price
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.service.running.actions import (
    Action,
    DropTrial,
    EndTrial,
    MoveJob,
    Promote,
    Retire,
    StartPreparation,
    StartTrial,
    StopPreparation,
    Suggest,
)
from dowse.service.running.endings import ON_REQUEST, Ending, ending
from dowse.service.running.ordering import awaited
from dowse.service.running.preparation import READY, Preparation, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One job as it stands.

    `suggesting` is true while a suggestion is being computed, `exhausted` once the suggester has
    said that no further configuration exists, `converged` what it said when it expects no better
    one. `fault` is why Dowse itself cannot go on. `preparation` is the step before the first trial,
    `promotion` the paused trial that the stopping rule lets go on next. `price` is that of the
    machines of the trials, `signs` the time of the last sign of life of running trials that have
    given one. `lag` is that of the logical order, None without it.
    """

    job: Job
    spec: JobSpec
    trials: tuple[Trial, ...]
    suggesting: bool = False
    exhausted: bool = False
    converged: str | None = None
    fault: str | None = None
    preparation: Preparation = READY
    promotion: PromotionDecided | None = None
    price: Price | None = None
    signs: Mapping[int, float] = field(default_factory=dict)
    lag: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many more trials of this job the executor could start now, and whether disk is left."""

    trials: int
    disk_full: bool = False


def plan(snapshot: Snapshot, room: Room, now: float) -> tuple[Action, ...]:
    """The actions of one turn for one job, in the order in which they are to be applied."""
    job = snapshot.job
    match job.state:
        case JobState.QUEUED:
            return _plan_queued(job)
        case JobState.PAUSED:
            return _plan_paused(job)
        case JobState.CANCELLING:
            return _plan_cancelling(snapshot)
        case JobState.RUNNING:
            return _plan_running(snapshot, room, now)
        case _:
            return ()


def _plan_queued(job: Job) -> tuple[Action, ...]:
    match job.intent:
        case Intent.CANCEL:
            return (_cancel(job),)
        case Intent.PAUSE | Intent.PAUSE_NOW:
            return (MoveJob(to=JobState.PAUSED, reason=job.intent_reason),)
        case Intent.RUN:
            return (MoveJob(to=JobState.RUNNING),)


def _plan_paused(job: Job) -> tuple[Action, ...]:
    match job.intent:
        case Intent.CANCEL:
            return (_cancel(job),)
        case Intent.RUN:
            return (MoveJob(to=JobState.RUNNING),)
        case _:
            return ()


def _cancel(job: Job) -> MoveJob:
    return MoveJob(to=JobState.CANCELLING, reason=job.intent_reason, message=ON_REQUEST)


def _plan_cancelling(snapshot: Snapshot) -> tuple[Action, ...]:
    job = snapshot.job
    closing = _close_trials(
        snapshot, f"its job was cancelled ({(job.reason or Reason.USER).value})"
    )
    if closing or _is_live(snapshot):
        return closing
    return (MoveJob(to=JobState.CANCELLED, reason=job.reason, message=job.message),)


def _plan_running(snapshot: Snapshot, room: Room, now: float) -> tuple[Action, ...]:
    end = ending(
        snapshot.job,
        snapshot.spec,
        snapshot.trials,
        exhausted=snapshot.exhausted,
        promotes=snapshot.promotion is not None,
        fault=snapshot.fault,
        now=now,
        converged=snapshot.converged,
        price=snapshot.price,
    )
    if end is not None:
        return _plan_ending(snapshot, end) or _end_silent(snapshot, now)
    return _end_silent(snapshot, now) or _plan_intent(snapshot, room)


def _end_silent(snapshot: Snapshot, now: float) -> tuple[Action, ...]:
    """End running trials that have given no sign of life for too long."""
    limit = snapshot.spec.limits.no_progress_s
    if limit is None:
        return ()
    message = f"neither reported nor printed anything for {limit:g} s"
    return tuple(
        EndTrial(number=trial.number, reason=Reason.NO_PROGRESS, message=message)
        for trial in snapshot.trials
        if trial.state is TrialState.RUNNING
        and now - snapshot.signs.get(trial.number, now) >= limit
    )


def _plan_intent(snapshot: Snapshot, room: Room) -> tuple[Action, ...]:
    match snapshot.job.intent:
        case Intent.PAUSE:
            return _plan_pause(snapshot)
        case Intent.PAUSE_NOW:
            return _interrupt(snapshot) or _plan_pause(snapshot)
        case _ if room.disk_full:
            return _plan_disk_full(snapshot)
        case _:
            return _plan_preparation(snapshot) or _plan_progress(snapshot, room)


def _plan_ending(snapshot: Snapshot, end: Ending) -> tuple[Action, ...]:
    if end.state is JobState.CANCELLED:
        return (MoveJob(to=JobState.CANCELLING, reason=end.reason, message=end.message),)
    # What waits is dropped only when nothing runs any more: a late result may revive the job.
    closes = end.at_once or not _is_live(snapshot)
    closing = _close_trials(snapshot, f"its job ended: {end.message}") if closes else ()
    if closing or _is_live(snapshot):
        return closing
    return (MoveJob(to=end.state, reason=end.reason, message=end.message),)


def _plan_pause(snapshot: Snapshot) -> tuple[Action, ...]:
    if _is_live(snapshot):
        return ()
    return (MoveJob(to=JobState.PAUSED, reason=snapshot.job.intent_reason),)


def _plan_disk_full(snapshot: Snapshot) -> tuple[Action, ...]:
    """Running trials go on; nothing new is started on a full disk."""
    if _is_live(snapshot):
        return ()
    return (
        MoveJob(
            to=JobState.PAUSED,
            reason=Reason.DISK_FULL,
            message="the disk of the data directory is full; free some space, then resume",
        ),
    )


def _plan_preparation(snapshot: Snapshot) -> tuple[Action, ...]:
    match snapshot.preparation.stage:
        case Stage.NEEDED:
            return (StartPreparation(),)
        case Stage.FAILED:
            message = snapshot.preparation.message
            reason = Reason.PREPARATION_FAILED
            return (MoveJob(to=JobState.FAILED, reason=reason, message=message),)
        case _:
            return ()


def _plan_progress(snapshot: Snapshot, room: Room) -> tuple[Action, ...]:
    if snapshot.preparation.stage is not Stage.READY:
        return ()
    limits = snapshot.spec.limits
    free = min(limits.parallel - len(_live(snapshot)), room.trials)
    surplus = _surplus(snapshot)
    if surplus:
        return surplus
    queued = [trial for trial in snapshot.trials if trial.state is TrialState.QUEUED]
    starts = tuple(StartTrial(number=trial.number) for trial in queued[: max(free, 0)])
    wanted = free - len(starts)
    if wanted > 0 and snapshot.promotion is not None:
        return (*starts, Promote(decided=snapshot.promotion))
    if limits.trials is not None:
        wanted = min(wanted, limits.trials - len(snapshot.trials))
    if wanted <= 0 or snapshot.suggesting or snapshot.exhausted:
        return starts
    if snapshot.lag is None:
        return (*starts, Suggest(count=wanted))
    if awaited(snapshot.trials, snapshot.lag) is not None:
        return starts
    return (*starts, Suggest(count=1))  # Each has a history of its own.


def _surplus(snapshot: Snapshot) -> tuple[Action, ...]:
    """Drop the newest of those that were never started, where fewer are wanted than there are."""
    most = snapshot.spec.limits.trials
    message = f"the limit of trials was lowered to {most}"
    return tuple(
        DropTrial(number=trial.number, reason=Reason.USER, message=message)
        for trial in snapshot.trials
        if most is not None and trial.number > most
        if trial.state is TrialState.QUEUED and trial.attempt == 1
    )


def _live(snapshot: Snapshot) -> list[Trial]:
    return [trial for trial in snapshot.trials if trial.state.is_live]


def _is_live(snapshot: Snapshot) -> bool:
    """Whether processes of the job may exist."""
    return snapshot.preparation.is_live or bool(_live(snapshot))


def _close_trials(snapshot: Snapshot, message: str) -> tuple[Action, ...]:
    """End what runs and drop what waits, because the job is over."""
    closing: list[Action] = list(_stop_preparation(snapshot))
    for trial in snapshot.trials:
        if trial.state is TrialState.RUNNING:
            closing.append(EndTrial(number=trial.number, reason=Reason.JOB_ENDED, message=message))
        elif trial.state is TrialState.QUEUED:
            closing.append(DropTrial(number=trial.number, reason=Reason.JOB_ENDED, message=message))
    return (*closing, *_retire_paused(snapshot))


def _retire_paused(snapshot: Snapshot) -> tuple[Action, ...]:
    """Whoever waits when the job is over is never promoted; what it reached counts."""
    return tuple(
        Retire(number=trial.number, message=f"its job ended before its promotion: {trial.message}")
        for trial in snapshot.trials
        if trial.state is TrialState.PAUSED
    )


def _interrupt(snapshot: Snapshot) -> tuple[Action, ...]:
    message = "interrupted; it runs again when the job is resumed"
    trials = (
        EndTrial(number=trial.number, reason=Reason.INTERRUPTED, message=message)
        for trial in snapshot.trials
        if trial.state is TrialState.RUNNING
    )
    return (*_stop_preparation(snapshot), *trials)


def _stop_preparation(snapshot: Snapshot) -> tuple[Action, ...]:
    running = snapshot.preparation.stage is Stage.RUNNING
    return (StopPreparation(),) if running else ()
