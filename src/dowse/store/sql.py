"""Statements of the hot paths for the raw driver: SQLAlchemy would cost several times more.

They are plain SQL with `?` placeholders, kept apart so that another database can say its own.
"""

from __future__ import annotations

LAST_EVENT = "SELECT last_event FROM jobs WHERE id = ?"
ADD_EVENT = "INSERT INTO events (job_id, number, time, document) VALUES (?, ?, ?, ?)"
SET_LAST_EVENT = "UPDATE jobs SET last_event = ? WHERE id = ?"

ATTEMPTS_OF_TRIAL = """
SELECT jobs.id, trials.attempt, trials.state FROM jobs JOIN trials ON trials.job_id = jobs.id
WHERE jobs.name = ? AND trials.number = ?
"""

FIND_SOURCE = "SELECT id FROM offsets WHERE job_id = ? AND trial = ? AND attempt = ? AND source = ?"
ADD_SOURCE = "INSERT INTO offsets (job_id, trial, attempt, source) VALUES (?, ?, ?, ?)"
SET_OFFSET = 'UPDATE offsets SET "offset" = ? WHERE id = ?'

FIND_SERIES = """
SELECT id, last_seq, reports, low, high FROM series
WHERE job_id = ? AND trial = ? AND attempt = ? AND metric = ?
"""
ADD_SERIES = """
INSERT INTO series (job_id, trial, attempt, metric, last_seq) VALUES (?, ?, ?, ?, 0)
"""
SET_SERIES = "UPDATE series SET last_seq = ?, reports = ?, low = ?, high = ? WHERE id = ?"

ADD_MEASUREMENT = """
INSERT INTO measurements (series_id, seq, value, kind, step, time, source_id, key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""

FIND_ANNOTATION = """
SELECT value FROM annotations
WHERE job_id = ? AND trial = ? AND attempt = ? AND holder = ? AND kind = ? AND key = ?
"""
SET_ANNOTATION = """
INSERT INTO annotations (job_id, trial, attempt, holder, kind, key, value)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (job_id, trial, attempt, holder, kind, key) DO UPDATE SET value = excluded.value
"""
REMOVE_ANNOTATION = """
DELETE FROM annotations
WHERE job_id = ? AND trial = ? AND attempt = ? AND holder = ? AND kind = ? AND key = ?
"""
ANNOTATIONS = """
SELECT kind, key, value, holder FROM annotations JOIN jobs ON jobs.id = annotations.job_id
WHERE jobs.name = ? AND trial = ? AND attempt = ? ORDER BY annotations.id
"""

CLEAR_METRIC = "DELETE FROM measurements WHERE series_id = ? AND source_id = ?"
SUM_UP = "SELECT max(seq), count(*), min(value), max(value) FROM measurements WHERE series_id = ?"
REMOVE_SERIES = "DELETE FROM series WHERE id = ?"

_MEASUREMENT = """
m.seq, series.metric, m.value, m.kind, m.step, m.time, m.key
FROM series JOIN measurements AS m ON m.series_id = series.id
"""

CURVE = f"""
SELECT {_MEASUREMENT} JOIN jobs ON jobs.id = series.job_id
WHERE jobs.name = ? AND series.trial = ? AND series.attempt = ? AND series.metric = ?
ORDER BY m.seq
"""
REPORTED_BY = f"""
SELECT {_MEASUREMENT} JOIN jobs ON jobs.id = series.job_id
JOIN offsets ON offsets.id = m.source_id
WHERE jobs.name = ? AND series.trial = ? AND series.attempt = ? AND offsets.source = ?
ORDER BY series.id, m.seq
"""
NEWEST_BY = """
SELECT seq, metric, value, kind, step, time, key FROM (
SELECT series.id, m.seq, series.metric, m.value, m.kind, m.step, m.time, m.key, row_number() OVER (
PARTITION BY series.id ORDER BY m.step DESC, m.time DESC,
CASE m.kind WHEN 'inf' THEN 9e999 WHEN '-inf' THEN -9e999 ELSE m.value END DESC, m.seq DESC
) AS place
FROM series JOIN measurements AS m ON m.series_id = series.id
JOIN jobs ON jobs.id = series.job_id JOIN offsets ON offsets.id = m.source_id
WHERE jobs.name = ? AND series.trial = ? AND series.attempt = ? AND offsets.source = ?)
WHERE place = 1 ORDER BY id
"""
CURVES = f"""
SELECT series.trial, series.attempt, {_MEASUREMENT}
WHERE series.job_id = ? AND series.metric = ?
ORDER BY series.trial, series.attempt, m.seq
"""
LATEST = f"""
SELECT series.trial, series.attempt, {_MEASUREMENT} AND m.seq = series.last_seq
WHERE series.job_id = ? AND series.metric = ?
ORDER BY series.trial, series.attempt
"""

# Views of very many trials. The last `?` of SOME_… is a JSON list of trial numbers.
_TRIAL_ROWS = """
SELECT number, state, reason, attempt, parameters, objective, objective_kind, step, client,
created_at, started_at, ended_at, tags, further FROM trials WHERE job_id = ? AND deleted_at IS NULL
"""
_THESE = "number IN (SELECT value FROM json_each(?))"
SOME_TRIAL_ROWS = f"{_TRIAL_ROWS} AND {_THESE} ORDER BY number"
ALL_TRIAL_ROWS = f"{_TRIAL_ROWS} ORDER BY number"

_SERIES = """
FROM trials JOIN series AS s
ON s.job_id = trials.job_id AND s.trial = trials.number AND s.attempt = trials.attempt
JOIN measurements AS m ON m.series_id = s.id
"""
_OF_JOB = "WHERE trials.job_id = ? AND trials.deleted_at IS NULL"
_SUMMARIES = f"""
SELECT s.trial, s.metric, s.reports, s.low, s.high, m.value, m.kind, m.step
{_SERIES} AND m.seq = s.last_seq {_OF_JOB}
"""
ALL_SUMMARIES = f"{_SUMMARIES} ORDER BY s.trial, s.id"
SOME_SUMMARIES = f"{_SUMMARIES} AND {_THESE} ORDER BY s.trial, s.id"

POINTS = f"""
SELECT s.trial, m.step, m.time, m.value, m.kind {_SERIES}
{_OF_JOB} AND s.metric = ? AND {_THESE} ORDER BY s.trial, m.seq
"""
EVENTS_OF_TRIAL = """
SELECT events.number, time, document FROM events
WHERE job_id = ? AND events.number > ? AND json_extract(document, '$.trial') = ?
ORDER BY events.number LIMIT ?
"""
CHANGED_TRIALS = """
SELECT DISTINCT json_extract(document, '$.trial') AS trial FROM events
WHERE job_id = ? AND events.number > ? AND trial IS NOT NULL ORDER BY trial
"""
