"""How many trials of a job the executor has room for, and what to say when it has none."""

from __future__ import annotations

from dowse.domain.job import Intent, JobState
from dowse.domain.spec import Resources
from dowse.domain.trial import TrialState
from dowse.ports import Executor, Slots
from dowse.service.running.ordering import awaited, next_number
from dowse.service.running.planner import Room
from dowse.service.running.views import JobView


def room_for(view: JobView, executor: Executor, *, disk_full: bool) -> Room:
    resources = view.spec.launch.resources
    asked = resources.cpus is not None or bool(resources.gpus)
    fits = executor.fits(cpus=resources.cpus, gpus=resources.gpus)
    # Where slots are asked for, one trial at a time: each start changes what is free.
    trials = 0 if not fits else 1 if asked else view.spec.limits.parallel
    return Room(trials=trials, disk_full=view.disk_full or disk_full)


def stands_still(view: JobView, room: Room, executor: Executor) -> str | None:
    """Why a running job without a live trial cannot go on, said once until it can."""
    told = view.waiting
    running = view.job.state is JobState.RUNNING
    view.waiting = running and room.trials == 0 and not view.live
    if not view.waiting or told:
        return None
    return shortage(view.spec.launch.resources, executor.slots())


def awaits_result(view: JobView, room: Room) -> str | None:
    """For which result a slot is kept free in the logical order, said once for each."""
    lag = view.submitted.lag
    if lag is None or view.job.state is not JobState.RUNNING or view.job.intent is not Intent.RUN:
        return None
    snapshot = view.snapshot
    spec, trials = snapshot.spec, snapshot.trials
    most = spec.limits.trials
    has_room = room.trials > 0 and not room.disk_full and len(view.live) < spec.limits.parallel
    has_more = not (snapshot.exhausted or snapshot.converged) and (
        most is None or len(trials) < most
    )
    number = awaited(trials, lag)
    is_next = any(trial.state is TrialState.QUEUED for trial in trials)
    if not has_room or not has_more or is_next or number in (None, view.awaits):
        return None
    view.awaits = number
    return (
        f"a slot stays free: the suggestion of trial {next_number(trials)} waits for the result "
        f"of trial {number} (order: logical)"
    )


def shortage(wanted: Resources, slots: Slots) -> str | None:
    """Which slots of one trial are not free, and whether they ever will be; None for none."""
    kinds = (
        ("CPUs", wanted.cpus or 0, slots.cpus_free, slots.cpus_total),
        ("GPUs", wanted.gpus or 0, slots.gpus_free, slots.gpus_total),
    )
    for name, asked, _, total in kinds:
        if asked > total:
            return (
                f"no trial can start: each asks for {asked:g} {name}, and there are {total:g} "
                f"in all (resources of the job, setting {name.lower()})"
            )
    short = [
        f"{asked:g} {name}, of which {free:g} are free"
        for name, asked, free, _ in kinds
        if asked > free
    ]
    return f"waiting for slots: each trial asks for {' and '.join(short)}" if short else None
