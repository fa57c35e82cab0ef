"""What people ask about jobs and trials. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dowse.analysis.best import best_trial, ranked
from dowse.domain.events import Event
from dowse.domain.job import Job, JobState
from dowse.domain.progress import Progress
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial
from dowse.errors import NotFound
from dowse.ports import Store, StoredMeasurement
from dowse.runtime import layout
from dowse.service.folders import DataDirectory

MAX_LOG_BYTES = 1_000_000
"""The most that one answer holds of a log; the reader asks again from where it ended."""


class Queries:
    def __init__(self, *, store: Store, folders: DataDirectory) -> None:
        self._store = store
        self._folders = folders

    def jobs(self, *, states: Sequence[JobState] = ()) -> tuple[Job, ...]:
        return self._store.jobs(states=states)

    def job(self, name: str) -> Job:
        return self._store.job(name)

    def spec(self, name: str) -> JobSpec:
        return self._store.spec(self._store.job(name).id)

    def trials(self, name: str) -> tuple[Trial, ...]:
        return self._store.trials(self._store.job(name).id)

    def trial(self, name: str, number: int) -> Trial:
        return self._store.trial(self._store.job(name).id, number)

    def ranked(self, name: str) -> list[Trial]:
        """The trials that count, best first."""
        job = self._store.job(name)
        spec = self._store.spec(job.id)
        return ranked(self._store.trials(job.id), spec.objective.goal, spec.space)

    def progress(self, name: str) -> Progress:
        job = self._store.job(name)
        spec = self._store.spec(job.id)
        trials = self._store.trials(job.id)
        counts: dict[str, int] = {}
        for trial in trials:
            counts[trial.state.value] = counts.get(trial.state.value, 0) + 1
        live = tuple(trial for trial in trials if trial.state.is_live)
        latest = {}
        for trial in live:
            if curve := self._store.curve(trial.ref, spec.objective.metric):
                latest[trial.number] = curve[-1].measurement
        return Progress(
            job=job,
            objective=spec.objective,
            max_trials=spec.limits.trials,
            directory=str(self._folders.job(name)),
            counts=counts,
            best=best_trial(trials, spec.objective.goal, spec.space),
            live=live,
            latest=latest,
            last_event=self._store.last_event(job.id),
        )

    def last_event(self, name: str) -> int:
        return self._store.last_event(self._store.job(name).id)

    def metrics(self, name: str, number: int) -> dict[str, tuple[StoredMeasurement, ...]]:
        """Every metric of a trial's present attempt, in order of arrival."""
        ref = self.trial(name, number).ref
        return {metric: self._store.curve(ref, metric) for metric in self._store.metric_names(ref)}

    def events(
        self, name: str, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, float, Event], ...]:
        return self._store.events(self._store.job(name).id, after=after, limit=limit)

    def log(self, name: str, number: int, *, offset: int = 0) -> tuple[bytes, int]:
        """What a trial printed, from `offset` on, and the offset to go on from."""
        path = self.log_path(name, number)
        try:
            with path.open("rb") as file:
                file.seek(offset)
                data = file.read(MAX_LOG_BYTES)
        except FileNotFoundError:
            raise NotFound(f"trial {number} of {name} has no log yet") from None
        return data, offset + len(data)

    def log_path(self, name: str, number: int) -> Path:
        return self._folders.attempt(self.trial(name, number).ref) / layout.LOG
