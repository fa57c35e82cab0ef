"""What people ask about jobs and trials. Nothing here changes anything."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from dowse.analysis.best import improvements, leading, ranked
from dowse.domain.annotations import Annotation
from dowse.domain.ceilings import under
from dowse.domain.events import Event
from dowse.domain.job import Job, JobState
from dowse.domain.progress import Improvement, Progress
from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import InvalidInput, NotFound
from dowse.ports import Store, StoredMeasurement
from dowse.runtime import layout
from dowse.runtime.launch import command_line_of
from dowse.runtime.records import read_launch
from dowse.service.beneath import Entry
from dowse.service.curves import pauses, reports_of
from dowse.service.folders import DataDirectory
from dowse.service.logs import read_log
from dowse.service.tracking.artifacts import logged_files

LIVE = tuple(state for state in TrialState if state.is_live)
COUNTING = tuple(state for state in TrialState if state.is_final)

MAX_IMPROVEMENTS = 40
"""As many as a line in a row of a table shows."""


class _Standing(NamedTuple):
    leading: tuple[Trial, ...]
    improvements: tuple[Improvement, ...]


class Queries:
    def __init__(self, *, store: Store, folders: DataDirectory) -> None:
        self._store = store
        self._folders = folders
        self._jobs = str(folders.root / "jobs")
        self._specs: dict[int, JobSpec] = {}
        self._standings: dict[int, tuple[int, _Standing]] = {}

    def jobs(self, *, states: Sequence[JobState] = ()) -> tuple[Job, ...]:
        return self._store.jobs(states=states)

    def job(self, name: str) -> Job:
        return self._store.job(name)

    def spec(self, name: str) -> JobSpec:
        return self.spec_of(self._store.job(name))

    def code_root(self, name: str) -> str | None:
        """Where a job's code was taken from; None also where its spec cannot be read any more."""
        try:
            return self.spec(name).launch.code.root
        except InvalidInput:
            return None

    def is_code_root(self, root: str | None) -> bool:
        """Whether another job starts there too: one that runs trials of the first again does."""
        return any(self.code_root(job.name) == root for job in self._store.jobs())

    def trials(self, name: str) -> tuple[Trial, ...]:
        return self._store.trials(self._store.job(name).id)

    def page_of_trials(
        self,
        name: str,
        *,
        states: Sequence[TrialState] = (),
        numbers: Collection[int] | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> tuple[Trial, ...]:
        """Those with a number above `after`, by number; with `numbers`, only these."""
        job_id = self._store.job(name).id
        return self._store.trials(job_id, states=states, numbers=numbers, after=after, limit=limit)

    def trial(self, name: str, number: int) -> Trial:
        return self._store.trial(self._store.job(name).id, number)

    def ranked(self, name: str) -> list[Trial]:
        """The trials that count, best first."""
        job = self._store.job(name)
        spec = self._store.spec(job.id)
        return ranked(self._store.trials(job.id), spec.targets, spec.space, spec.prefer)

    def leading(self, name: str) -> list[Trial]:
        """The best trial; of several objectives, the Pareto front."""
        job = self._store.job(name)
        spec = self._store.spec(job.id)
        return leading(self._store.trials(job.id), spec.targets, spec.space, spec.prefer)

    def progress(self, name: str) -> Progress:
        """A job at a glance; cheap enough to be asked many times a second."""
        job = self._store.job(name)
        # First the event, then the facts: what happens in between is told again, never missed.
        last_event = self._store.last_event(job.id)
        spec = self.spec_of(job)
        counts = self._store.trial_counts(job.id)
        live = self._store.trials(job.id, states=LIVE)
        latest = self._store.latest(job.id, spec.objective.metric) if live else {}
        standing = self._standing(job, spec, counts)
        return Progress(
            job=job,
            targets=spec.targets,
            max_trials=spec.limits.trials,
            directory=str(self._folders.job(name)),
            counts={state.value: count for state, count in counts.items()},
            leading=standing.leading,
            improvements=standing.improvements,
            live=live,
            latest={
                trial.number: latest[trial.ref].measurement for trial in live if trial.ref in latest
            },
            last_event=last_event,
        )

    def spec_of(self, job: Job) -> JobSpec:
        """What is asked for now. A stored spec never changes, so it is read and parsed once."""
        if job.id not in self._specs:
            self._specs[job.id] = self._store.spec(job.id)
        return under(self._specs[job.id], job.limits)

    def _standing(self, job: Job, spec: JobSpec, counts: Mapping[TrialState, int]) -> _Standing:
        """Ranked anew only when another trial has ended."""
        ended = sum(count for state, count in counts.items() if state.is_final)
        known = self._standings.get(job.id)
        if known is None or known[0] != ended:
            trials = self._store.trials(job.id, states=COUNTING)
            found = _Standing(
                tuple(leading(trials, spec.targets, spec.space, spec.prefer)),
                improvements(trials, spec.targets, most=MAX_IMPROVEMENTS),
            )
            known = self._standings[job.id] = (ended, found)
        return known[1]

    def last_event(self, name: str) -> int:
        return self._store.last_event(self._store.job(name).id)

    def metrics(
        self,
        name: str,
        number: int,
        *,
        metrics: Collection[str] | None = None,
        attempt: int | None = None,
    ) -> dict[str, tuple[StoredMeasurement, ...]]:
        """Every metric of a trial, or of one of its attempts, or those named, in order of arrival.

        The attempts of a trial that was paused and went on make one curve.
        """
        trial = self.trial(name, number)
        spec = self.spec(name)
        if attempt is None and trial.attempt > 1 and pauses(spec):
            return dict(self._joined(spec, trial, metrics))
        ref = trial.ref if attempt is None else replace(trial.ref, attempt=attempt)
        names = self._store.metric_names(ref)
        return {
            metric: self._store.curve(ref, metric)
            for metric in names
            if metrics is None or metric in metrics
        }

    def _joined(
        self, spec: JobSpec, trial: Trial, metrics: Collection[str] | None
    ) -> Iterator[tuple[str, tuple[StoredMeasurement, ...]]]:
        attempts = (replace(trial.ref, attempt=n) for n in range(1, trial.attempt + 1))
        names = {name for ref in attempts for name in self._store.metric_names(ref)}
        for metric in sorted(names):
            if metrics is None or metric in metrics:
                reports = reports_of(self._store, spec, trial, metric)
                yield (
                    metric,
                    tuple(
                        StoredMeasurement(seq=seq, measurement=report)
                        for seq, report in enumerate(reports, start=1)
                    ),
                )

    def annotations(self, name: str, number: int) -> tuple[Annotation, ...]:
        """What a trial's present attempt said of itself besides metrics."""
        return self._store.annotations(self.trial(name, number).ref)

    def logged_files(self, name: str, number: int) -> list[Entry]:
        return logged_files(self.trial(name, number), self._folders)

    def events(
        self, name: str, *, after: int = 0, limit: int = 1000, trial: int | None = None
    ) -> tuple[tuple[int, float, Event], ...]:
        """By number; with `trial`, only those that speak of it."""
        job_id = self._store.job(name).id
        if trial is None:
            return self._store.events(job_id, after=after, limit=limit)
        return self._store.events_of_trial(job_id, trial, after=after, limit=limit)

    def notes(
        self, name: str, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, Mapping[str, object] | None], ...]:
        """What the suggester noted, from which event on."""
        return self._store.notes(self._store.job(name).id, after=after, limit=limit)

    def log(
        self, name: str, number: int, *, offset: int = 0, tail: int | None = None
    ) -> tuple[bytes, int]:
        """What a trial printed, from `offset` on, and the offset to go on from.

        `tail` begins so many bytes before the end instead.
        """
        try:
            return read_log(self.log_path(name, number), offset=offset, tail=tail)
        except FileNotFoundError:
            raise NotFound(f"trial {number} of {name} has no log yet") from None

    def is_asked_to_stop(self, attempt: AttemptRef) -> bool:
        """Whether an attempt shall end, as its own program can see."""
        # Plain text: this is asked with every report, and paths as objects cost most of it.
        return os.path.exists(f"{self._jobs}/{attempt.job}/trials/{attempt.folder}/{layout.STOP}")

    def command(self, name: str, number: int) -> str | None:
        """What the present attempt was started with; None before it was, and of a study."""
        folder = self._folders.attempt(self.trial(name, number).ref)
        started = read_launch(str(folder / layout.LAUNCH))
        return None if started is None else command_line_of(started["argv"], started["shell"])

    def log_path(self, name: str, number: int) -> Path:
        return self._folders.attempt(self.trial(name, number).ref) / layout.LOG
