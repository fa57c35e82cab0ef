"""The only interfaces outwards: Clock, Executor and Store.

Adapters live in `store` and `executors`; the simulation suite brings its own clock and executor.
Every adapter passes the contract suite of its port (`tests/contracts`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from dowse.domain.annotations import Annotation
from dowse.domain.events import Event
from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import JobChange, TrialChange
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.metrics import Measurement
from dowse.domain.operations import Operation
from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState


class Clock(Protocol):
    """Time as an argument."""

    def now(self) -> float:
        """Seconds since the Unix epoch, UTC; leases and timestamps are made of it."""
        ...


class EndedBy(Enum):
    """What ended an attempt, as its runner saw it."""

    EXIT = "exit"  # the program left by itself
    STOP = "stop"  # a stop request was carried out
    TIMEOUT = "timeout"  # the trial's own time limit was carried out
    START_ERROR = "start_error"  # the command could not be started
    LOST = "lost"  # the runner disappeared without a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Everything a runner needs to carry out one attempt of a trial.

    `directory` belongs to this attempt alone; the file names inside it are those of
    `dowse.runtime.layout`. Exactly one of `argv` and `shell` is given.
    """

    attempt: AttemptRef
    directory: Path
    working_directory: Path
    argv: tuple[str, ...] | None = None
    shell: str | None = None
    environment: Mapping[str, str]
    timeout_s: float | None = None
    grace_s: float = 10.0
    cpus: float | None = None
    gpus: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An attempt that is over: no process of it is left."""

    attempt: AttemptRef
    ended_by: EndedBy
    exit_code: int | None = None
    signal: int | None = None
    message: str | None = None
    started_at: float | None = None
    ended_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What is free on the executor now, and how much there is in all."""

    cpus_free: float
    cpus_total: float
    gpus_free: int
    gpus_total: int


class Executor(Protocol):
    """Where runners run. Nothing here waits for a training program.

    `start` is idempotent: a second call with an attempt that is already known does nothing.
    After a restart `attach` is called with every attempt that the store holds as started;
    each one is reported by `poll` exactly once, when it ends or when it is found to be gone.
    """

    def slots(self) -> Slots: ...

    def fits(self, *, cpus: float | None, gpus: int | None) -> bool:
        """Whether an attempt with these resources could be started right now."""
        ...

    def start(self, launch: Launch) -> None: ...

    def attach(self, attempts: Iterable[tuple[AttemptRef, Path]]) -> None:
        """Watch attempts again, each with its directory, that an earlier owner started."""
        ...

    def stop(self, attempt: AttemptRef) -> None:
        """Ask an attempt to end: TERM to the whole tree, grace, KILL. Returns at once."""
        ...

    def poll(self) -> tuple[Ended, ...]:
        """Attempts that ended since the last call."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Return when an attempt ends, `wake` is called, or the time is over."""
        ...

    def wake(self) -> None:
        """Make a `wait` in another thread return. May be called from any thread."""
        ...

    def close(self) -> None:
        """Let go of every attempt without ending any: their runners go on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMeasurement:
    """A measurement as the store keeps it: `seq` counts the reports of one metric, from 1."""

    seq: int
    measurement: Measurement


class TrialRow(NamedTuple):
    """A trial without its texts, for views of very many trials at once. States and reasons are the
    words of their enums.
    """

    number: int
    state: str
    reason: str | None
    attempt: int
    parameters: Mapping[str, Any]
    objective: float | None
    step: int | None
    client: str | None
    created_at: float
    started_at: float | None
    ended_at: float | None
    tags: Sequence[str] = ()
    further: Mapping[str, float] = {}


class Summary(NamedTuple):
    """What the present attempt of a trial reported of one metric, in short.

    `step` is that of the last report, `last`; `low` and `high` are of the finite values.
    """

    trial: int
    metric: str
    reports: int
    last: float
    step: int
    low: float | None
    high: float | None


class Point(NamedTuple):
    """One report of a metric; `time` is epoch seconds."""

    step: int
    time: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHead:
    """The end of a job's events; a job that is over gets no more of its own accord."""

    id: int
    name: str
    state: JobState
    last_event: int


class Store(Protocol):
    """Durable truth. Every method is one transaction, and returns after it is on the disk.

    Returned values never change under the caller. A change of state is a compare-and-set:
    it raises `Conflict` when the row is no longer in the state the change starts from, and
    writes its events in the same transaction. Any method raises `Unavailable` when the database
    does not answer, and `DiskFull`, a kind of it, when there is no space for what is written.
    """

    def create_job(self, spec: JobSpec, *, name: str, lineage: Lineage = NOTHING) -> Job:
        """Raises AlreadyExists when the name is taken."""
        ...

    def job(self, name: str) -> Job:
        """Raises NotFound, naming the nearest existing name."""
        ...

    def jobs(self, *, states: Sequence[JobState] = ()) -> tuple[Job, ...]:
        """Newest first; every job when no state is given."""
        ...

    def spec(self, job_id: int) -> JobSpec: ...

    def lineage(self, job_id: int) -> Lineage:
        """What was pinned when the job was submitted."""
        ...

    def children(self, job_id: int) -> tuple[str, ...]:
        """The jobs that go on with this one, in the order in which they came."""
        ...

    def change_job(self, change: JobChange) -> Job:
        """Compare-and-set on the state and intent of `change.before`."""
        ...

    def set_labels(self, job_id: int, labels: Mapping[str, str]) -> Job:
        """Replace the labels of a job, with an event that says so."""
        ...

    def change_limits(self, change: JobChange) -> Job:
        """Compare-and-set on the state and limits of `change.before`; nothing else is changed."""
        ...

    def delete_job(self, job_id: int) -> None: ...

    def create_trial(
        self, trial: Trial, *, note: Mapping[str, object] | None, asked: int = 0
    ) -> Trial:
        """Store a queued trial together with its TrialSuggested event, which tells `asked`.

        Raises Conflict when the job already has a trial of this number.

        `note` is the suggester's new note; it succeeds the job's note in the same transaction.
        """
        ...

    def note(self, job_id: int) -> Mapping[str, object] | None:
        """The newest one."""
        ...

    def notes(
        self, job_id: int, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, Mapping[str, object] | None], ...]:
        """Every note a job ever had as (event, note), from the event on that brought it."""
        ...

    def trials(
        self,
        job_id: int,
        *,
        states: Sequence[TrialState] = (),
        numbers: Collection[int] | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> tuple[Trial, ...]:
        """By number; only those with a number > after, and at most `limit` of them. With `numbers`,
        only those of these that exist.
        """
        ...

    def trial_counts(self, job_id: int) -> Mapping[TrialState, int]:
        """How many trials are in each state; a state without trials is left out."""
        ...

    def trial(self, job_id: int, number: int) -> Trial: ...

    def change_trial(self, change: TrialChange) -> Trial:
        """Compare-and-set on the state and attempt of `change.before`."""
        ...

    def change_tags(
        self, job_id: int, number: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Trial:
        """Mark a trial with some tags and take others off, with an event where that changes any.

        Raises NotFound, InvalidInput.
        """
        ...

    def delete_trial(self, job_id: int, number: int) -> None:
        """Let a trial no longer be seen; its number is never given to another one."""
        ...

    def create_operation(self, operation: Operation) -> Operation:
        """Store an operation of a study and number it."""
        ...

    def operation(self, number: int) -> Operation: ...

    def open_operations(self, job_id: int) -> tuple[Operation, ...]:
        """The operations of a study that have not ended, in the order in which they came."""
        ...

    def end_operation(self, operation: Operation) -> Operation:
        """Raises Conflict when it has ended already."""
        ...

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
        """Append measurements of one attempt; duplicates by `Measurement.key` are left out.

        `source` names the collector and `offset` how far it has read: both are kept in the same
        transaction, so a collector that starts again goes on exactly there. So are `annotations`,
        in order; raises Conflict for one that would change a fixed value.
        Returns how many were new. Measurements of a superseded attempt are kept, under it; with
        `live_in`, the number of its job, they are Refused, and so is everything once the trial is
        over or when the name of the job belongs to a later one.
        """
        ...

    def record_soon(
        self,
        attempt: AttemptRef,
        measurements: Sequence[Measurement],
        *,
        source: str,
        job_id: int,
        done: Callable[[int | BaseException], None],
    ) -> None:
        """As `record` with `live_in`, but `done` gets the result or the error, on another thread.

        Raises Unavailable when too many wait already.
        """
        ...

    def clear(self, attempt: AttemptRef, metric: str, *, source: str, job_id: int) -> int:
        """Remove what one source reported of a metric; returns how many reports that was.

        Raises Refused unless the attempt is the present one of a trial of that job, and lives.
        """
        ...

    def reported_by(self, attempt: AttemptRef, source: str) -> tuple[StoredMeasurement, ...]:
        """All reports of one source, metric by metric, each in order of arrival."""
        ...

    def newest_by(self, attempt: AttemptRef, source: str) -> tuple[StoredMeasurement, ...]:
        """One report of each metric of a source: of the greatest step, then time, then value."""
        ...

    def annotations(self, attempt: AttemptRef) -> tuple[Annotation, ...]:
        """By the order in which each was first given."""
        ...

    def offsets(self, attempt: AttemptRef) -> Mapping[str, int]:
        """How far each source of this attempt was read."""
        ...

    def curve(self, attempt: AttemptRef, metric: str) -> tuple[StoredMeasurement, ...]:
        """All reports of one metric, in order of arrival."""
        ...

    def curves(
        self, job_id: int, metric: str
    ) -> Mapping[AttemptRef, tuple[StoredMeasurement, ...]]:
        """The same for all trials of a job at once."""
        ...

    def latest(self, job_id: int, metric: str) -> Mapping[AttemptRef, StoredMeasurement]:
        """The last report of one metric of every attempt of a job that has one."""
        ...

    def metric_names(self, attempt: AttemptRef) -> tuple[str, ...]: ...

    def metrics_of_job(self, job_id: int) -> tuple[str, ...]:
        """What any attempt of any trial has reported, by name."""
        ...

    def trial_rows(
        self, job_id: int, *, numbers: Collection[int] | None = None
    ) -> Sequence[TrialRow]:
        """All trials of a job by number, or those of these numbers that exist."""
        ...

    def summaries(self, job_id: int, *, trials: Collection[int] | None = None) -> Sequence[Summary]:
        """Every metric of every trial of a job, or of these trials, by trial."""
        ...

    def points(
        self, job_id: int, metric: str, *, trials: Collection[int]
    ) -> Mapping[int, Sequence[Point]]:
        """Each report of one metric by the present attempts of trials, in order of arrival."""
        ...

    def changed_trials(self, job_id: int, *, after: int) -> Sequence[int]:
        """The numbers of the trials that events above `after` speak of."""
        ...

    def append_event(self, job_id: int, event: Event) -> int:
        """An event that changes no state; returns its number."""
        ...

    def events(
        self, job_id: int, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, float, Event], ...]:
        """(number, time, event) with number > after, by number."""
        ...

    def events_of_trial(
        self, job_id: int, trial: int, *, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[int, float, Event], ...]:
        """As `events`, but only those that speak of this trial."""
        ...

    def last_event(self, job_id: int) -> int: ...

    def heads(self, *, above: int, ids: Collection[int] = ()) -> tuple[JobHead, ...]:
        """How far the events go of the jobs numbered above `above` and of `ids`, by number."""
        ...

    def close(self) -> None: ...
