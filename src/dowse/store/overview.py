"""What is read of very many trials at once: plain rows, in the driver's own words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from dowse.domain.events import Event
from dowse.ports import Point, Summary, TrialRow
from dowse.store import sql
from dowse.store.rows import free_of, join_number, storable, tags_of
from dowse.wire.events import event_from_json


def trial_rows(
    raw: sqlite3.Connection, job_id: int, numbers: Collection[int] | None
) -> list[TrialRow]:
    if numbers is None:
        rows = raw.execute(sql.ALL_TRIAL_ROWS, (job_id,)).fetchall()
    else:
        rows = raw.execute(sql.SOME_TRIAL_ROWS, (job_id, _listed(numbers))).fetchall()
    # One text for all trials: a call of the parser for each would cost several times more.
    assignments = json.loads(f"[{','.join(row[4] for row in rows)}]")
    found = []
    for row, parameters in zip(rows, assignments, strict=True):
        number, state, reason, attempt, _, objective, kind, *rest, tags, further = row
        value = None if kind is None else join_number(objective, kind)
        known = {} if further is None else free_of(further)
        told = (number, state, reason, attempt, parameters, value, *rest, tags_of(tags), known)
        found.append(TrialRow._make(told))
    return found


def summaries(
    raw: sqlite3.Connection, job_id: int, trials: Collection[int] | None
) -> list[Summary]:
    if trials is None:
        rows = raw.execute(sql.ALL_SUMMARIES, (job_id,))
    else:
        rows = raw.execute(sql.SOME_SUMMARIES, (job_id, _listed(trials)))
    return [
        Summary(trial, metric, reports, join_number(value, kind), step, low, high)
        for trial, metric, reports, low, high, value, kind, step in rows
    ]


def points(
    raw: sqlite3.Connection, job_id: int, metric: str, trials: Collection[int]
) -> dict[int, list[Point]]:
    found: dict[int, list[Point]] = {}
    rows = raw.execute(sql.POINTS, (job_id, storable(metric), _listed(trials)))
    for trial, step, time, value, kind in rows:
        found.setdefault(trial, []).append(Point(step, time, join_number(value, kind)))
    return found


def changed_trials(raw: sqlite3.Connection, job_id: int, after: int) -> Sequence[int]:
    return [number for (number,) in raw.execute(sql.CHANGED_TRIALS, (job_id, after))]


def events_of_trial(
    raw: sqlite3.Connection, job_id: int, trial: int, *, after: int, limit: int
) -> tuple[tuple[int, float, Event], ...]:
    rows = raw.execute(sql.EVENTS_OF_TRIAL, (job_id, after, trial, limit))
    return tuple(
        (number, time, event_from_json(json.loads(document))) for number, time, document in rows
    )


def _listed(numbers: Collection[int]) -> str:
    return json.dumps(list(numbers))
