"""Changes of jobs and trials, each together with its events, inside a transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from dowse.domain.events import Event, JobSubmitted, Noted, TrialDeleted, TrialSuggested
from dowse.domain.job import Job
from dowse.domain.lifecycle import JobChange, TrialChange
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.spec import JobSpec
from dowse.domain.tags import retagged
from dowse.domain.trial import Trial, TrialState
from dowse.errors import AlreadyExists, Conflict
from dowse.store import queries, sql
from dowse.store.connections import raw_of
from dowse.store.lineages import create_lineage
from dowse.store.rows import (
    free_text,
    job_values,
    limits_text,
    storable,
    tags_text,
    trial_values,
)
from dowse.store.tables import jobs, notes, specs, trials
from dowse.wire.base import to_text
from dowse.wire.events import event_to_json
from dowse.wire.spec import spec_to_json

_FIXED_OF_JOB = ("name", "created_at")
_FIXED_OF_TRIAL = (
    "job_id",
    "number",
    "parameters",
    "why",
    "known_event",
    "created_at",
    "tags",
)
"""Columns that no change of state touches."""


def _without(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def create_job(
    connection: Connection, spec: JobSpec, *, name: str, lineage: Lineage = NOTHING, now: float
) -> Job:
    taken = connection.execute(select(jobs.c.state).where(jobs.c.name == name)).scalar()
    if taken is not None:
        raise AlreadyExists(
            f"name: there is already a job {name!r}, which is {taken}; "
            "resume it or choose another name"
        )
    values = job_values(Job(id=0, name=name, created_at=now))
    result = connection.execute(insert(jobs).values(**values, last_event=0))
    job_id = int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0
    document = to_text(spec_to_json(spec))
    connection.execute(insert(specs).values(job_id=job_id, document=document))
    create_lineage(connection, job_id, lineage)
    submitted = JobSubmitted(dialect=spec.dialect, warnings=spec.warnings)
    known = (Noted(message=each) for each in lineage.said)
    last = append_events(connection, job_id, (submitted, *known), now=now)
    if lineage.note is not None:
        _add_note(connection, job_id, last, lineage.note)
    return queries.job_by_id(connection, job_id)


def change_job(connection: Connection, change: JobChange, *, now: float) -> Job:
    before = change.before
    statement = (
        update(jobs)
        .where(
            jobs.c.id == before.id,
            jobs.c.state == before.state.value,
            jobs.c.intent == before.intent.value,
        )
        .values(_without(job_values(change.after), _FIXED_OF_JOB))
    )
    if connection.execute(statement).rowcount == 0:
        found = queries.job_by_id(connection, before.id)
        raise Conflict(
            f"job {found.name} is {found.state.value} (wanted: {found.intent.value}), "
            f"no longer {before.state.value} (wanted: {before.intent.value})"
        )
    append_events(connection, before.id, change.events, now=now)
    return queries.job_by_id(connection, before.id)


def delete_job(connection: Connection, job_id: int) -> None:
    if connection.execute(delete(jobs).where(jobs.c.id == job_id)).rowcount == 0:
        raise queries.no_job_with_number(job_id)


def create_trial(
    connection: Connection,
    trial: Trial,
    *,
    note: Mapping[str, object] | None,
    asked: int,
    now: float,
) -> Trial:
    if trial.state is not TrialState.QUEUED:
        raise ValueError(f"a new trial is queued, got {trial.state.value}")
    job = queries.job_by_id(connection, trial.job_id)
    if queries.has_trial(connection, trial.job_id, trial.number):
        raise Conflict(f"job {job.name} already has a trial {trial.number}")
    connection.execute(insert(trials), trial_values(trial))
    suggested = TrialSuggested(
        trial=trial.number,
        parameters=trial.parameters,
        why=trial.why,
        known_event=trial.known_event,
        asked=asked,
    )
    number = append_events(connection, trial.job_id, (suggested,), now=now)
    _add_note(connection, trial.job_id, number, note)
    return queries.trial(connection, trial.job_id, trial.number)


def _add_note(
    connection: Connection, job_id: int, event: int, note: Mapping[str, object] | None
) -> None:
    """Keep every note from the event on that brought it; one that stays the same is kept once."""
    document = None if note is None else free_text(note)
    if document != queries.note_text(connection, job_id):
        row = {"job_id": job_id, "event": event, "document": document}
        connection.execute(insert(notes), row)


def change_trial(connection: Connection, change: TrialChange, *, now: float) -> Trial:
    before = change.before
    statement = (
        update(trials)
        .where(
            trials.c.job_id == before.job_id,
            trials.c.number == before.number,
            trials.c.state == before.state.value,
            trials.c.attempt == before.attempt,
        )
        .values(_without(trial_values(change.after), _FIXED_OF_TRIAL))
    )
    if connection.execute(statement).rowcount == 0:
        found = queries.trial(connection, before.job_id, before.number)
        raise Conflict(
            f"trial {found.number} of {found.job} is {found.state.value} "
            f"(attempt {found.attempt}), no longer {before.state.value} "
            f"(attempt {before.attempt})"
        )
    append_events(connection, before.job_id, change.events, now=now)
    return queries.trial(connection, before.job_id, before.number)


def set_labels(
    connection: Connection, job_id: int, labels: Mapping[str, str], *, now: float
) -> Job:
    statement = update(jobs).where(jobs.c.id == job_id).values(labels=to_text(dict(labels)))
    if connection.execute(statement).rowcount == 0:
        raise queries.no_job_with_number(job_id)
    shown = ", ".join(f"{name}={text}" for name, text in labels.items()) or "none"
    append_events(connection, job_id, (Noted(message=f"labels: {shown}"),), now=now)
    return queries.job_by_id(connection, job_id)


def change_limits(connection: Connection, change: JobChange, *, now: float) -> Job:
    before = change.before
    statement = (
        update(jobs)
        .where(
            jobs.c.id == before.id,
            jobs.c.state == before.state.value,
            jobs.c.limits.is_not_distinct_from(limits_text(before.limits)),
        )
        .values(limits=limits_text(change.after.limits))
    )
    if connection.execute(statement).rowcount == 0:
        found = queries.job_by_id(connection, before.id)
        raise Conflict(f"the limits of {found.name} or its state were changed meanwhile")
    append_events(connection, before.id, change.events, now=now)
    return queries.job_by_id(connection, before.id)


def change_tags(
    connection: Connection,
    job_id: int,
    number: int,
    *,
    add: Sequence[str],
    remove: Sequence[str],
    now: float,
) -> Trial:
    before = queries.trial(connection, job_id, number)
    tags = retagged(before.tags, add=[storable(tag) for tag in add], remove=remove)
    if tags != before.tags:
        statement = (
            update(trials)
            .where(trials.c.job_id == job_id, trials.c.number == number)
            .values(tags=tags_text(tags))
        )
        connection.execute(statement)
        noted = Noted(message=f"tags: {', '.join(tags) or 'none'}", trial=number)
        append_events(connection, job_id, (noted,), now=now)
    return queries.trial(connection, job_id, number)


def delete_trial(connection: Connection, job_id: int, number: int, *, now: float) -> None:
    queries.trial(connection, job_id, number)
    statement = (
        update(trials)
        .where(trials.c.job_id == job_id, trials.c.number == number)
        .values(deleted_at=now)
    )
    connection.execute(statement)
    append_events(connection, job_id, (TrialDeleted(trial=number),), now=now)


def append_events(
    connection: Connection, job_id: int, new: tuple[Event, ...], *, now: float
) -> int:
    """Give the events the next numbers of their job; returns the last one.

    The counter stands in the row of the job, so that numbers have no gaps: what is undone gives
    its numbers back.
    """
    raw = raw_of(connection)
    found = raw.execute(sql.LAST_EVENT, (job_id,)).fetchone()
    if found is None:
        raise queries.no_job_with_number(job_id)
    last = int(found[0])
    for event in new:
        last += 1
        raw.execute(sql.ADD_EVENT, (job_id, last, now, to_text(event_to_json(event))))
    raw.execute(sql.SET_LAST_EVENT, (last, job_id))
    return last
