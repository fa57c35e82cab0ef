"""Which trials, and which jobs, a filter keeps. Only what the filter names is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from dowse.domain.filter_grammar import parse_filter
from dowse.domain.filters import METRICS, Column, ColumnKind, Schema, kept
from dowse.domain.job import Job
from dowse.domain.parameters import Categorical
from dowse.domain.spec import JobSpec
from dowse.domain.statuses import status_of
from dowse.ports import Clock, Store, Summary, TrialRow
from dowse.service.queries import Queries

TRIAL_FIELDS: Mapping[str, ColumnKind] = {
    "trial": ColumnKind.NUMBER,
    "status": ColumnKind.TEXTS,
    "state": ColumnKind.TEXT,
    "reason": ColumnKind.TEXT,
    "objective": ColumnKind.NUMBER,
    "step": ColumnKind.NUMBER,
    "attempt": ColumnKind.NUMBER,
    "duration": ColumnKind.DURATION,
    "worker": ColumnKind.TEXT,
    "tag": ColumnKind.TEXTS,
}
JOB_FIELDS: Mapping[str, ColumnKind] = {
    "name": ColumnKind.TEXT,
    "status": ColumnKind.TEXTS,
    "state": ColumnKind.TEXT,
    "reason": ColumnKind.TEXT,
    "metric": ColumnKind.TEXT,
    "goal": ColumnKind.TEXT,
    "algorithm": ColumnKind.TEXT,
    "dialect": ColumnKind.TEXT,
    "trials": ColumnKind.NUMBER,
    "failed": ColumnKind.NUMBER,
    "best": ColumnKind.NUMBER,
    "duration": ColumnKind.DURATION,
    "age": ColumnKind.DURATION,
}
_SUMMARY_OF: Mapping[str, Callable[[Summary], Any]] = {
    "last": lambda one: one.last,
    "min": lambda one: one.low,
    "max": lambda one: one.high,
    "reports": lambda one: one.reports,
    "step": lambda one: one.step,
}


class Selections:
    def __init__(self, *, store: Store, queries: Queries, clock: Clock) -> None:
        self._store = store
        self._queries = queries
        self._clock = clock

    def trials(self, name: str, text: str) -> list[int]:
        """The numbers of a job's trials that the filter keeps. Raises InvalidInput."""
        tree = parse_filter(text)
        job = self._store.job(name)
        rows = self._store.trial_rows(job.id)
        table = _Trials(self._store, job.id, rows, now=self._clock.now())
        schema = trial_schema(self._queries.spec_of(job), rows, self._store.metrics_of_job(job.id))
        return [rows[place].number for place in kept(tree, schema, table.read, len(rows))]

    def jobs(self, text: str, jobs: Sequence[Job]) -> list[Job]:
        """Those of these jobs that the filter keeps. Raises InvalidInput."""
        tree = parse_filter(text)
        labels = [self._labels(job) for job in jobs]
        names = sorted({name for found in labels for name in found})
        schema = Schema(
            fields=JOB_FIELDS,
            spaces={"labels": dict.fromkeys(names, ColumnKind.TEXT)},
            loose="name",
        )

        def read(column: Column) -> list[Any]:
            if column.space:
                return [found.get(column.name) for found in labels]
            return [self._of_job(job, column.name) for job in jobs]

        return [jobs[place] for place in kept(tree, schema, read, len(jobs))]

    def _labels(self, job: Job) -> Mapping[str, str]:
        return self._queries.spec_of(job).labels if job.labels is None else job.labels

    def _of_job(self, job: Job, field: str) -> Any:
        match field:
            case "name":
                return job.name
            case "status":
                return _words(job.state.value, job.reason and job.reason.value)
            case "state":
                return job.state.value
            case "reason":
                return job.reason and job.reason.value
            case "age":
                return self._clock.now() - job.created_at
            case "duration":
                return _active_s(job, self._clock.now())
            case "trials" | "failed":
                counts = self._queries.progress(job.name).counts
                return counts.get("failed", 0) if field == "failed" else sum(counts.values())
            case "best":
                best = self._queries.progress(job.name).best
                return best and best.objective
            case _:
                return _of_spec(self._queries.spec_of(job), field)


def trial_schema(spec: JobSpec, rows: Sequence[TrialRow], metrics: Sequence[str]) -> Schema:
    """What a filter over the trials of a job can speak of."""
    known = {parameter.name: parameter for parameter in spec.space.parameters}
    params = {
        name: ColumnKind.MIXED if isinstance(parameter, Categorical) else ColumnKind.NUMBER
        for name, parameter in known.items()
    }
    for row in rows:
        for name, value in row.parameters.items():
            if name not in known:
                is_number = type(value) in (int, float)
                kind = params.setdefault(name, ColumnKind.NUMBER)
                params[name] = kind if is_number else ColumnKind.MIXED
    measured = [spec.objective.metric, *metrics]
    return Schema(
        fields=TRIAL_FIELDS,
        spaces={"params": params, METRICS: dict.fromkeys(measured, ColumnKind.NUMBER)},
    )


class _Trials:
    """The columns of the trials of one job."""

    def __init__(
        self,
        store: Store,
        job_id: int,
        rows: Sequence[TrialRow],
        *,
        now: float,
    ) -> None:
        self._store = store
        self._job_id = job_id
        self._rows = rows
        self._now = now

    @cached_property
    def _summaries(self) -> Sequence[Summary]:
        """Read only for a filter that names a metric: they take as long as the rows."""
        return self._store.summaries(self._job_id)

    def read(self, column: Column) -> list[Any]:
        if column.space == METRICS:
            return self._metric(column)
        if column.space:
            return [row.parameters.get(column.name) for row in self._rows]
        return [self._field(row, column.name) for row in self._rows]

    def _metric(self, column: Column) -> list[Any]:
        numbers = [row.number for row in self._rows]
        if column.step is None:
            get = _SUMMARY_OF[column.aspect]
            found = {one.trial: get(one) for one in self._summaries if one.metric == column.name}
            return [found.get(number) for number in numbers]
        at_step = {}
        points = self._store.points(self._job_id, column.name, trials=numbers)
        for number, curve in points.items():
            values = [point.value for point in curve if point.step == column.step]
            at_step[number] = values[-1] if values else None
        return [at_step.get(number) for number in numbers]

    def _field(self, row: TrialRow, field: str) -> Any:
        match field:
            case "trial":
                return row.number
            case "status":
                return _words(row.state, row.reason)
            case "worker":
                return row.client
            case "tag":
                return list(row.tags)
            case "duration" if row.started_at is not None:
                return (self._now if row.ended_at is None else row.ended_at) - row.started_at
            case "duration":
                return None
            case _:
                return getattr(row, field)


def _words(state: str, reason: str | None) -> list[str]:
    """A filter may say either: what people are shown, or the state itself."""
    return [state, status_of(state, reason)]


def _active_s(job: Job, now: float) -> float:
    return job.active_s + (0.0 if job.resumed_at is None else now - job.resumed_at)


def _of_spec(spec: JobSpec, field: str) -> str:
    match field:
        case "metric":
            return spec.objective.metric
        case "goal":
            return spec.objective.goal.value
        case "algorithm":
            return spec.algorithm.name
        case _:
            return spec.dialect
