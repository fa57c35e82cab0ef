"""The loop's memory of one job. The store is the truth; a view is dropped when it disagrees."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dowse.domain.ceilings import under
from dowse.domain.events import PromotionDecided
from dowse.domain.job import Job
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.prices import Price
from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import InvalidInput
from dowse.ports import Store
from dowse.service.judging import Judge
from dowse.service.running.planner import Snapshot
from dowse.service.running.preparation import READY, Preparation

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class JobView:
    """A job, its trials and what the loop has found out about them.

    `submitted` is what was asked for at first, `versions` are those of the suggester as the job's
    events have them. `preparation` is the step before its first trial, None until it was looked at.
    `stale` says that the store may hold something else, `disk_full` that its last trial found no
    space, `waiting` that it stands still for want of slots, `awaits` the trial for whose result a
    slot was last said to stay free; `promotion` is the paused trial that goes on next, `fault` why
    the job cannot go on. `price` is that of its machines, `signs` the last signs of life of its
    attempts. `lineage` is what it has from the jobs before it, `controls` are condemned trials that
    run on, None until a trial is condemned.
    """

    job: Job
    submitted: JobSpec
    trials: dict[int, Trial]
    note: Mapping[str, Any] | None
    versions: Mapping[str, str] = field(default_factory=dict)
    price: Price | None = None
    signs: dict[AttemptRef, float] = field(default_factory=dict)
    lineage: Lineage = NOTHING
    controls: set[int] | None = None
    judge: Judge | None = None
    suggesting: bool = False
    exhausted: bool = False
    converged: str | None = None
    promotion: PromotionDecided | None = None
    preparation: Preparation | None = None
    stale: bool = False
    disk_full: bool = False
    waiting: bool = False
    awaits: int | None = None
    fault: str | None = None
    errors: int = 0
    retry_at: float = 0.0

    @property
    def spec(self) -> JobSpec:
        """What is asked for now: limits may have been changed."""
        return under(self.submitted, self.job.limits)

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(
            job=self.job,
            spec=self.spec,
            trials=tuple(self.trials[number] for number in sorted(self.trials)),
            suggesting=self.suggesting,
            exhausted=self.exhausted,
            converged=self.converged,
            fault=self.fault,
            preparation=self.preparation or READY,
            price=self.price,
            signs={ref.trial: at for ref, at in self.signs.items()},
            promotion=self.promotion,
            lag=self.submitted.lag,
        )

    @property
    def live(self) -> list[Trial]:
        return [trial for trial in self.trials.values() if trial.state.is_live]


def load_view(store: Store, job: Job) -> JobView:
    """A fresh view of a job, from the store alone."""
    return JobView(
        job=job,
        submitted=store.spec(job.id),
        trials={trial.number: trial for trial in store.trials(job.id)},
        note=store.note(job.id),
        lineage=store.lineage(job.id),
    )


def follow_additions(store: Store, view: JobView) -> None:
    """Take over the trials that people have added."""
    for trial in store.trials(view.job.id, after=max(view.trials, default=0)):
        view.trials[trial.number] = trial


def follow_stops(store: Store, view: JobView) -> None:
    """Take over which trials people want ended: nothing else of a trial is written by others."""
    if not view.live:
        return
    for trial in store.trials(view.job.id, states=(TrialState.STOPPING,)):
        view.trials[trial.number] = trial


def readable_view(store: Store, job: Job) -> JobView | None:
    """A fresh view, or None, with a line in the log, of a job that this version cannot read."""
    try:
        return load_view(store, job)
    except InvalidInput as error:
        log.error("job %s cannot be read and is left alone: %s", job.name, error)
        return None
