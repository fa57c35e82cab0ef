"""Appending what trials report, the hot path: the raw driver, a few statements a call."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from dowse.domain.annotations import Annotation
from dowse.domain.metrics import Measurement
from dowse.domain.trial import AttemptRef, TrialState
from dowse.errors import Conflict, InvalidInput, NotFound, Refused
from dowse.store import sql
from dowse.store.rows import split_number, storable

MAX_OFFSET = 2**63 - 1
_LIVE = frozenset(state.value for state in TrialState if state.is_live)


def record(
    raw: sqlite3.Connection,
    attempt: AttemptRef,
    measurements: Sequence[Measurement],
    *,
    source: str,
    offset: int | None = None,
    annotations: Sequence[Annotation] = (),
    live_in: int | None = None,
) -> int:
    """Append what is new, and remember how far the source was read. Returns how many were new."""
    if offset is not None and not 0 <= offset <= MAX_OFFSET:
        raise InvalidInput(f"an offset lies between 0 and 2^63-1, got {offset!r}")
    place = _place(raw, attempt, live_in=live_in)
    for annotation in annotations:
        _annotate(raw, place, annotation)
    if not measurements and offset is None:
        return 0
    source_id = _source(raw, place, source)
    if offset is not None:
        raw.execute(sql.SET_OFFSET, (offset, source_id))
    # Sorting is stable: the reports of one metric keep their order of arrival.
    ordered = sorted(measurements, key=attrgetter("metric"))
    return sum(
        _append(raw, place, source_id, metric, list(reports))
        for metric, reports in groupby(ordered, key=attrgetter("metric"))
    )


def clear(
    raw: sqlite3.Connection, attempt: AttemptRef, metric: str, *, source: str, job_id: int
) -> int:
    """Remove one source's reports of a metric while the attempt lives. Returns how many."""
    place = _place(raw, attempt, live_in=job_id)
    found = raw.execute(sql.FIND_SOURCE, (*place, source)).fetchone()
    series = raw.execute(sql.FIND_SERIES, (*place, storable(metric))).fetchone()
    if found is None or series is None:
        return 0
    removed = raw.execute(sql.CLEAR_METRIC, (series[0], found[0])).rowcount
    left = raw.execute(sql.SUM_UP, (series[0],)).fetchone()
    if left[0] is None:  # A metric without reports would be listed and have no value.
        raw.execute(sql.REMOVE_SERIES, (series[0],))
    else:
        raw.execute(sql.SET_SERIES, (*left, series[0]))
    return removed


def _place(
    raw: sqlite3.Connection, attempt: AttemptRef, *, live_in: int | None
) -> tuple[int, int, int]:
    """Numbers of job, trial and attempt; `live_in` is the job in which the attempt must live."""
    found = raw.execute(sql.ATTEMPTS_OF_TRIAL, (attempt.job, attempt.trial)).fetchone()
    if found is None:
        raise NotFound(f"there is no trial {attempt.trial} of a job {attempt.job!r}")
    job_id, attempts, state = found
    if live_in not in (None, job_id):
        raise Refused(
            f"trial {attempt.trial} was one of an earlier job {attempt.job!r} that is deleted; it "
            "cannot report to the job that has this name now"
        )
    if not 1 <= attempt.attempt <= attempts:
        raise NotFound(
            f"trial {attempt.trial} of {attempt.job} has not begun an attempt {attempt.attempt}; "
            f"the last one is {attempts}"
        )
    if live_in is not None:
        _refuse_unless_live(attempt, attempts, state)
    return job_id, attempt.trial, attempt.attempt


def _refuse_unless_live(attempt: AttemptRef, attempts: int, state: str) -> None:
    trial = f"trial {attempt.trial} of {attempt.job}"
    if attempt.attempt < attempts:
        raise Refused(
            f"attempt {attempt.attempt} of {trial} was replaced by attempt {attempts}; "
            "only the present attempt can report"
        )
    if state not in _LIVE:
        raise Refused(f"{trial} is {state}; it can report only while it runs")


def _annotate(raw: sqlite3.Connection, place: tuple[int, int, int], annotation: Annotation) -> None:
    key = (*place, storable(annotation.holder), annotation.kind.value, storable(annotation.key))
    if annotation.value is None:
        raw.execute(sql.REMOVE_ANNOTATION, key)
        return
    value = storable(annotation.value)
    if annotation.fixed:
        found = raw.execute(sql.FIND_ANNOTATION, key).fetchone()
        if found is not None and found[0] != value:
            raise Conflict(
                f"{annotation.kind.value} {annotation.key!r} is {found[0]!r} already "
                f"and cannot become {annotation.value!r}"
            )
    raw.execute(sql.SET_ANNOTATION, (*key, value))


def _source(raw: sqlite3.Connection, place: tuple[int, int, int], source: str) -> int:
    found = raw.execute(sql.FIND_SOURCE, (*place, source)).fetchone()
    if found is not None:
        return int(found[0])
    return int(raw.execute(sql.ADD_SOURCE, (*place, source)).lastrowid or 0)


def _append(
    raw: sqlite3.Connection,
    place: tuple[int, int, int],
    source_id: int,
    metric: str,
    reports: Sequence[Measurement],
) -> int:
    metric = storable(metric)
    found = raw.execute(sql.FIND_SERIES, (*place, metric)).fetchone()
    if found is None:
        found = raw.execute(sql.ADD_SERIES, (*place, metric)).lastrowid, 0, 0, None, None
    series_id, before, count, low, high = found
    last = before
    for report in reports:
        value, kind = split_number(report.value)
        row = (series_id, last + 1, value, kind, report.step, report.time, source_id, report.key)
        # A duplicate changes no row, and its number goes to the next report.
        if raw.execute(sql.ADD_MEASUREMENT, row).rowcount == 0:
            continue
        last += 1
        if value is not None:
            low = value if low is None or value < low else low
            high = value if high is None or value > high else high
    if last > before:
        summary = (last, count + last - before, low, high)
        raw.execute(sql.SET_SERIES, (*summary, series_id))
    return int(last - before)
