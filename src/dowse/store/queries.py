"""What is read, in SQLAlchemy's words except for the curves."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.engine import Connection

from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.domain.events import Event
from dowse.domain.job import Job, JobState
from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import NotFound
from dowse.ports import JobHead, StoredMeasurement
from dowse.store import sql
from dowse.store.connections import raw_of
from dowse.store.rows import free_of, job_of, storable, stored_measurement_of, trial_of
from dowse.store.tables import events, jobs, notes, offsets, series, specs, trials
from dowse.wire.events import event_from_json
from dowse.wire.spec import spec_from_json

MAX_INTEGER = 2**63
_TRIALS = select(trials, jobs.c.name.label("job")).join(jobs, jobs.c.id == trials.c.job_id)

NAMES_SHOWN = 5


def job(connection: Connection, name: str) -> Job:
    row = connection.execute(select(jobs).where(jobs.c.name == name)).mappings().first()
    if row is None:
        raise _no_job_named(connection, name)
    return job_of(row)


def job_by_id(connection: Connection, job_id: int) -> Job:
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
    if row is None:
        raise no_job_with_number(job_id)
    return job_of(row)


def all_jobs(connection: Connection, states: Sequence[JobState]) -> tuple[Job, ...]:
    query = select(jobs).order_by(jobs.c.id.desc())
    if states:
        query = query.where(jobs.c.state.in_([state.value for state in states]))
    return tuple(job_of(row) for row in connection.execute(query).mappings())


def spec(connection: Connection, job_id: int) -> JobSpec:
    text = connection.execute(select(specs.c.document).where(specs.c.job_id == job_id)).scalar()
    if text is None:
        raise no_job_with_number(job_id)
    return spec_from_json(json.loads(text))


def note(connection: Connection, job_id: int) -> dict[str, Any] | None:
    text = note_text(connection, job_id)
    return None if text is None else free_of(text)


def note_text(connection: Connection, job_id: int) -> str | None:
    """The newest note of a job as it is stored."""
    query = (
        select(notes.c.document)
        .where(notes.c.job_id == job_id)
        .order_by(notes.c.event.desc())
        .limit(1)
    )
    text: str | None = connection.execute(query).scalar()
    return text


def all_notes(
    connection: Connection, job_id: int, *, after: int, limit: int
) -> tuple[tuple[int, dict[str, Any] | None], ...]:
    query = (
        select(notes.c.event, notes.c.document)
        .where(notes.c.job_id == job_id, notes.c.event > after)
        .order_by(notes.c.event)
        .limit(limit)
    )
    return tuple(
        (event, None if text is None else free_of(text))
        for event, text in connection.execute(query)
    )


def all_trials(
    connection: Connection,
    job_id: int,
    *,
    states: Sequence[TrialState],
    numbers: Collection[int] | None,
    after: int,
    limit: int | None,
) -> tuple[Trial, ...]:
    query = _of_job(job_id).where(trials.c.number > after).order_by(trials.c.number).limit(limit)
    if numbers is not None:
        # One text, for there may be more of them than a statement has places.
        listed = func.json_each(json.dumps(list(numbers))).table_valued("value")
        query = query.where(trials.c.number.in_(select(listed.c.value)))
    if states:
        query = query.where(trials.c.state.in_([state.value for state in states]))
    return tuple(trial_of(row) for row in connection.execute(query).mappings())


def trial(connection: Connection, job_id: int, number: int) -> Trial:
    query = _of_job(job_id).where(trials.c.number == number)
    # Anybody may ask for any number, also for one that the database cannot hold.
    fits = abs(number) < MAX_INTEGER
    row = connection.execute(query).mappings().first() if fits else None
    if row is None:
        raise _no_trial(connection, job_id, number)
    return trial_of(row)


def _of_job(job_id: int) -> Select[Any]:
    return _TRIALS.where(trials.c.job_id == job_id, trials.c.deleted_at.is_(None))


def has_trial(connection: Connection, job_id: int, number: int) -> bool:
    """Whether the number is taken, if only by a trial that was deleted."""
    query = select(trials.c.number).where(trials.c.job_id == job_id, trials.c.number == number)
    return connection.execute(query).first() is not None


def trial_counts(connection: Connection, job_id: int) -> dict[TrialState, int]:
    query = (
        select(trials.c.state, func.count())
        .where(trials.c.job_id == job_id, trials.c.deleted_at.is_(None))
        .group_by(trials.c.state)
    )
    return {TrialState(state): count for state, count in connection.execute(query)}


def read_offsets(connection: Connection, attempt: AttemptRef) -> dict[str, int]:
    query = (
        select(offsets.c.source, offsets.c.offset)
        .join(jobs, jobs.c.id == offsets.c.job_id)
        .where(
            jobs.c.name == attempt.job,
            offsets.c.trial == attempt.trial,
            offsets.c.attempt == attempt.attempt,
            offsets.c.offset.is_not(None),
        )
    )
    return {source: offset for source, offset in connection.execute(query) if offset is not None}


def metric_names(connection: Connection, attempt: AttemptRef) -> tuple[str, ...]:
    """In the order of their first report."""
    query = (
        select(series.c.metric)
        .join(jobs, jobs.c.id == series.c.job_id)
        .where(
            jobs.c.name == attempt.job,
            series.c.trial == attempt.trial,
            series.c.attempt == attempt.attempt,
        )
        .order_by(series.c.id)
    )
    return tuple(connection.execute(query).scalars())


def metrics_of_job(connection: Connection, job_id: int) -> tuple[str, ...]:
    query = select(series.c.metric).where(series.c.job_id == job_id).distinct()
    return tuple(sorted(connection.execute(query).scalars()))


def curve(
    connection: Connection, attempt: AttemptRef, metric: str
) -> tuple[StoredMeasurement, ...]:
    place = (attempt.job, attempt.trial, attempt.attempt, storable(metric))
    return tuple(map(stored_measurement_of, raw_of(connection).execute(sql.CURVE, place)))


def reported_by(
    connection: Connection, attempt: AttemptRef, source: str
) -> tuple[StoredMeasurement, ...]:
    place = (attempt.job, attempt.trial, attempt.attempt, source)
    return tuple(map(stored_measurement_of, raw_of(connection).execute(sql.REPORTED_BY, place)))


def newest_by(
    connection: Connection, attempt: AttemptRef, source: str
) -> tuple[StoredMeasurement, ...]:
    place = (attempt.job, attempt.trial, attempt.attempt, source)
    return tuple(map(stored_measurement_of, raw_of(connection).execute(sql.NEWEST_BY, place)))


def read_annotations(connection: Connection, attempt: AttemptRef) -> tuple[Annotation, ...]:
    place = (attempt.job, attempt.trial, attempt.attempt)
    return tuple(
        Annotation(kind=AnnotationKind(kind), key=key, value=value, holder=holder)
        for kind, key, value, holder in raw_of(connection).execute(sql.ANNOTATIONS, place)
    )


def curves(
    connection: Connection, job_id: int, metric: str
) -> dict[AttemptRef, tuple[StoredMeasurement, ...]]:
    name = job_by_id(connection, job_id).name
    found: dict[tuple[int, int], list[StoredMeasurement]] = {}
    rows = raw_of(connection).execute(sql.CURVES, (job_id, storable(metric)))
    for number, attempt, *row in rows:
        found.setdefault((number, attempt), []).append(stored_measurement_of(tuple(row)))
    return {AttemptRef(name, *place): tuple(curve) for place, curve in found.items()}


def latest(connection: Connection, job_id: int, metric: str) -> dict[AttemptRef, StoredMeasurement]:
    name = job_by_id(connection, job_id).name
    rows = raw_of(connection).execute(sql.LATEST, (job_id, storable(metric)))
    return {
        AttemptRef(name, number, attempt): stored_measurement_of(tuple(row))
        for number, attempt, *row in rows
    }


def read_events(
    connection: Connection, job_id: int, *, after: int, limit: int
) -> tuple[tuple[int, float, Event], ...]:
    query = (
        select(events.c.number, events.c.time, events.c.document)
        .where(events.c.job_id == job_id, events.c.number > after)
        .order_by(events.c.number)
        .limit(limit)
    )
    return tuple(
        (number, time, event_from_json(json.loads(document)))
        for number, time, document in connection.execute(query)
    )


def last_event(connection: Connection, job_id: int) -> int:
    last = connection.execute(select(jobs.c.last_event).where(jobs.c.id == job_id)).scalar()
    if last is None:
        raise no_job_with_number(job_id)
    return int(last)


def heads(connection: Connection, *, above: int, ids: Collection[int]) -> tuple[JobHead, ...]:
    query = (
        select(jobs.c.id, jobs.c.name, jobs.c.state, jobs.c.last_event)
        .where(or_(jobs.c.id > above, jobs.c.id.in_(ids)))
        .order_by(jobs.c.id)
    )
    return tuple(
        JobHead(id=job_id, name=name, state=JobState(state), last_event=last)
        for job_id, name, state, last in connection.execute(query)
    )


def no_job_with_number(job_id: int) -> NotFound:
    return NotFound(f"there is no job with the number {job_id}")


def _no_job_named(connection: Connection, name: str) -> NotFound:
    newest_first = select(jobs.c.name).order_by(jobs.c.id.desc())
    names = list(connection.execute(newest_first).scalars())
    if not names:
        return NotFound(f"there is no job {name!r}; there is no job yet")
    if near := get_close_matches(name, names, n=1):
        return NotFound(f"there is no job {name!r}; did you mean {near[0]!r}?")
    some = ", ".join(repr(each) for each in names[:NAMES_SHOWN])
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return NotFound(f"there is no job {name!r}; there are {some}{more}")


def _no_trial(connection: Connection, job_id: int, number: int) -> NotFound:
    name = job_by_id(connection, job_id).name
    last = connection.execute(
        select(func.max(trials.c.number)).where(trials.c.job_id == job_id)
    ).scalar()
    have = "it has no trial yet" if last is None else f"the last one is {last}"
    return NotFound(f"job {name} has no trial {number}; {have}")
