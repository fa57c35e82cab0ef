"""Condemned trials that run on, so that a job can tell what its early stopping costs."""

from __future__ import annotations

import hashlib

from dowse.domain.events import ControlChosen, StopDecided
from dowse.domain.spec import JobSpec
from dowse.ports import Store
from dowse.service.running.views import JobView


def is_control(spec: JobSpec, trial: int) -> bool:
    """Whether a trial runs on if it should ever be condemned.

    A matter of what the job searches, its seed and the trial's number alone: the answer is the same
    whenever it is asked, after a crash too, has nothing to do with how good the trial is, and is
    the same when a job is run once more with its seed. Limits do not count: they may be edited.
    """
    share = 0.0 if spec.stopping is None else spec.stopping.control_share
    if share == 0.0:
        return False
    names = " ".join((spec.objective.metric, *(one.name for one in spec.space.parameters)))
    drawn = hashlib.sha256(f"control {spec.seed} {trial} {names}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") < share * 2.0**64


def let_run(store: Store, view: JobView, decided: StopDecided) -> bool:
    """Whether the condemned trial runs on as a control; the first verdict is kept as an event.

    Who was recorded as one stays one, also where an earlier version has drawn. A pause condemns
    nobody: the trial may still be promoted.
    """
    stopping, trial = view.spec.stopping, decided.trial
    if decided.pause or stopping is None or stopping.control_share == 0.0:
        return False
    if view.controls is None:
        view.controls = _recorded(store, view.job.id)
    if trial in view.controls:
        return True
    if not is_control(view.spec, trial):
        return False
    store.append_event(
        view.job.id,
        ControlChosen(
            trial=trial,
            attempt=decided.attempt,
            rule=decided.rule,
            message=decided.message,
            numbers=decided.numbers,
            report=decided.report,
            seen=decided.seen,
        ),
    )
    view.controls.add(trial)
    return True


def _recorded(store: Store, job_id: int) -> set[int]:
    """The controls that an earlier owner, or an earlier attempt, has chosen already."""
    found, last = set(), 0
    while page := store.events(job_id, after=last):
        found |= {event.trial for _, _, event in page if isinstance(event, ControlChosen)}
        last = page[-1][0]
    return found
