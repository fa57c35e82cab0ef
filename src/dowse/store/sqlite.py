"""The Store on a SQLite file of one owner process."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from dowse.domain.annotations import Annotation
from dowse.domain.events import Event
from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import JobChange, TrialChange
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.metrics import Measurement
from dowse.domain.operations import Operation
from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.ports import Clock, JobHead, Point, StoredMeasurement, Summary, TrialRow
from dowse.store import changes, ingest, lineages, operations, overview, queries
from dowse.store.connections import PRIVATE, Connect, connect, make_engine, raw_of
from dowse.store.failures import failure_of
from dowse.store.filesystem import refuse_shared
from dowse.store.schema import prepare
from dowse.store.writer import Writer

Result = TypeVar("Result")


class SqliteStore:
    """Implements `dowse.ports.Store`; every method may be called from any thread.

    Reads go over their own connections and never wait for the writer. `connect` opens a
    connection to the file; it is given only to watch or to disturb one.
    Raises Refused for a file that cannot be Dowse's database: of a newer version, of another
    program, or on a network file system.
    """

    def __init__(self, path: Path, *, clock: Clock, connect: Connect = connect) -> None:
        refuse_shared(path.parent)
        with contextlib.suppress(OSError):  # SQLite says better why it cannot open a file.
            path.touch(mode=PRIVATE)
        self._path = path
        self._clock = clock
        self._engine = make_engine(path, connect)
        try:
            with self._reading() as connection:
                prepare(connection, path)
        except BaseException:
            self._engine.dispose()
            raise
        self._writer = Writer(self._engine, path)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except (sqlite3.Error, SQLAlchemyError) as error:
            if (failure := failure_of(error, self._path)) is not None:
                raise failure from error
            raise

    def _read(self, query: Callable[[Connection], Result]) -> Result:
        with self._reading() as connection:
            return query(connection)

    def create_job(self, spec: JobSpec, *, name: str, lineage: Lineage = NOTHING) -> Job:
        return self._writer.run(
            lambda c: changes.create_job(c, spec, name=name, lineage=lineage, now=self._clock.now())
        )

    def job(self, name: str) -> Job:
        return self._read(lambda c: queries.job(c, name))

    def jobs(self, *, states: Sequence[JobState] = ()) -> tuple[Job, ...]:
        return self._read(lambda c: queries.all_jobs(c, states))

    def spec(self, job_id: int) -> JobSpec:
        return self._read(lambda c: queries.spec(c, job_id))

    def lineage(self, job_id: int) -> Lineage:
        return self._read(lambda c: lineages.lineage(c, job_id))

    def children(self, job_id: int) -> tuple[str, ...]:
        return self._read(lambda c: lineages.children(c, job_id))

    def change_job(self, change: JobChange) -> Job:
        return self._writer.run(lambda c: changes.change_job(c, change, now=self._clock.now()))

    def set_labels(self, job_id: int, labels: Mapping[str, str]) -> Job:
        return self._writer.run(
            lambda c: changes.set_labels(c, job_id, labels, now=self._clock.now())
        )

    def change_limits(self, change: JobChange) -> Job:
        return self._writer.run(lambda c: changes.change_limits(c, change, now=self._clock.now()))

    def delete_job(self, job_id: int) -> None:
        self._writer.run(lambda c: changes.delete_job(c, job_id))

    def create_trial(
        self, trial: Trial, *, note: Mapping[str, object] | None, asked: int = 0
    ) -> Trial:
        return self._writer.run(
            lambda c: changes.create_trial(c, trial, note=note, asked=asked, now=self._clock.now())
        )

    def note(self, job_id: int) -> Mapping[str, object] | None:
        return self._read(lambda c: queries.note(c, job_id))

    def notes(
        self, job_id: int, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, Mapping[str, object] | None], ...]:
        return self._read(lambda c: queries.all_notes(c, job_id, after=after, limit=limit))

    def trials(
        self,
        job_id: int,
        *,
        states: Sequence[TrialState] = (),
        numbers: Collection[int] | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> tuple[Trial, ...]:
        return self._read(
            lambda c: queries.all_trials(
                c, job_id, states=states, numbers=numbers, after=after, limit=limit
            )
        )

    def trial(self, job_id: int, number: int) -> Trial:
        return self._read(lambda c: queries.trial(c, job_id, number))

    def trial_counts(self, job_id: int) -> Mapping[TrialState, int]:
        return self._read(lambda c: queries.trial_counts(c, job_id))

    def change_trial(self, change: TrialChange) -> Trial:
        return self._writer.run(lambda c: changes.change_trial(c, change, now=self._clock.now()))

    def change_tags(
        self, job_id: int, number: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Trial:
        return self._writer.run(
            lambda c: changes.change_tags(
                c, job_id, number, add=add, remove=remove, now=self._clock.now()
            )
        )

    def delete_trial(self, job_id: int, number: int) -> None:
        self._writer.run(lambda c: changes.delete_trial(c, job_id, number, now=self._clock.now()))

    def create_operation(self, operation: Operation) -> Operation:
        return self._writer.run(lambda c: operations.create_operation(c, operation))

    def operation(self, number: int) -> Operation:
        return self._read(lambda c: operations.read_operation(c, number))

    def open_operations(self, job_id: int) -> tuple[Operation, ...]:
        return self._read(lambda c: operations.open_operations(c, job_id))

    def end_operation(self, operation: Operation) -> Operation:
        return self._writer.run(lambda c: operations.end_operation(c, operation))

    def record(
        self,
        attempt: AttemptRef,
        measurements: Sequence[Measurement],
        *,
        source: str,
        offset: int | None = None,
        annotations: Sequence[Annotation] = (),
        live_in: int | None = None,
    ) -> int:
        return self._writer.run(
            lambda c: ingest.record(
                raw_of(c),
                attempt,
                measurements,
                source=source,
                offset=offset,
                annotations=annotations,
                live_in=live_in,
            )
        )

    def record_soon(
        self,
        attempt: AttemptRef,
        measurements: Sequence[Measurement],
        *,
        source: str,
        job_id: int,
        done: Callable[[int | BaseException], None],
    ) -> None:
        stored = self._writer.begin(
            lambda c: ingest.record(raw_of(c), attempt, measurements, source=source, live_in=job_id)
        )
        stored.add_done_callback(lambda future: done(future.exception() or future.result()))

    def clear(self, attempt: AttemptRef, metric: str, *, source: str, job_id: int) -> int:
        return self._writer.run(
            lambda c: ingest.clear(raw_of(c), attempt, metric, source=source, job_id=job_id)
        )

    def reported_by(self, attempt: AttemptRef, source: str) -> tuple[StoredMeasurement, ...]:
        return self._read(lambda c: queries.reported_by(c, attempt, source))

    def newest_by(self, attempt: AttemptRef, source: str) -> tuple[StoredMeasurement, ...]:
        return self._read(lambda c: queries.newest_by(c, attempt, source))

    def annotations(self, attempt: AttemptRef) -> tuple[Annotation, ...]:
        return self._read(lambda c: queries.read_annotations(c, attempt))

    def offsets(self, attempt: AttemptRef) -> Mapping[str, int]:
        return self._read(lambda c: queries.read_offsets(c, attempt))

    def curve(self, attempt: AttemptRef, metric: str) -> tuple[StoredMeasurement, ...]:
        return self._read(lambda c: queries.curve(c, attempt, metric))

    def curves(
        self, job_id: int, metric: str
    ) -> Mapping[AttemptRef, tuple[StoredMeasurement, ...]]:
        return self._read(lambda c: queries.curves(c, job_id, metric))

    def latest(self, job_id: int, metric: str) -> Mapping[AttemptRef, StoredMeasurement]:
        return self._read(lambda c: queries.latest(c, job_id, metric))

    def metric_names(self, attempt: AttemptRef) -> tuple[str, ...]:
        return self._read(lambda c: queries.metric_names(c, attempt))

    def metrics_of_job(self, job_id: int) -> tuple[str, ...]:
        return self._read(lambda c: queries.metrics_of_job(c, job_id))

    def trial_rows(
        self, job_id: int, *, numbers: Collection[int] | None = None
    ) -> Sequence[TrialRow]:
        return self._read(lambda c: overview.trial_rows(raw_of(c), job_id, numbers))

    def summaries(self, job_id: int, *, trials: Collection[int] | None = None) -> Sequence[Summary]:
        return self._read(lambda c: overview.summaries(raw_of(c), job_id, trials))

    def points(
        self, job_id: int, metric: str, *, trials: Collection[int]
    ) -> Mapping[int, Sequence[Point]]:
        return self._read(lambda c: overview.points(raw_of(c), job_id, metric, trials))

    def changed_trials(self, job_id: int, *, after: int) -> Sequence[int]:
        return self._read(lambda c: overview.changed_trials(raw_of(c), job_id, after))

    def append_event(self, job_id: int, event: Event) -> int:
        return self._writer.run(
            lambda c: changes.append_events(c, job_id, (event,), now=self._clock.now())
        )

    def events(
        self, job_id: int, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, float, Event], ...]:
        return self._read(lambda c: queries.read_events(c, job_id, after=after, limit=limit))

    def events_of_trial(
        self, job_id: int, trial: int, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, float, Event], ...]:
        return self._read(
            lambda c: overview.events_of_trial(raw_of(c), job_id, trial, after=after, limit=limit)
        )

    def last_event(self, job_id: int) -> int:
        return self._read(lambda c: queries.last_event(c, job_id))

    def heads(self, *, above: int, ids: Collection[int] = ()) -> tuple[JobHead, ...]:
        return self._read(lambda c: queries.heads(c, above=above, ids=ids))

    def close(self) -> None:
        """Return when everything acknowledged or waiting is on the disk and the file is closed."""
        self._writer.close()
        self._engine.dispose()
