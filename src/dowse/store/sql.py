"""Statements of the hot paths for the raw driver: SQLAlchemy would cost several times more.

They are plain SQL with `?` placeholders, kept apart so that another database can say its own.
"""

from __future__ import annotations

LAST_EVENT = "SELECT last_event FROM jobs WHERE id = ?"
ADD_EVENT = "INSERT INTO events (job_id, number, time, document) VALUES (?, ?, ?, ?)"
SET_LAST_EVENT = "UPDATE jobs SET last_event = ? WHERE id = ?"

ATTEMPTS_OF_TRIAL = """
SELECT jobs.id, trials.attempt FROM jobs JOIN trials ON trials.job_id = jobs.id
WHERE jobs.name = ? AND trials.number = ?
"""

FIND_SOURCE = "SELECT id FROM offsets WHERE job_id = ? AND trial = ? AND attempt = ? AND source = ?"
ADD_SOURCE = "INSERT INTO offsets (job_id, trial, attempt, source) VALUES (?, ?, ?, ?)"
SET_OFFSET = 'UPDATE offsets SET "offset" = ? WHERE id = ?'

FIND_SERIES = """
SELECT id, last_seq FROM series WHERE job_id = ? AND trial = ? AND attempt = ? AND metric = ?
"""
ADD_SERIES = """
INSERT INTO series (job_id, trial, attempt, metric, last_seq) VALUES (?, ?, ?, ?, 0)
"""
SET_LAST_SEQ = "UPDATE series SET last_seq = ? WHERE id = ?"

ADD_MEASUREMENT = """
INSERT INTO measurements (series_id, seq, value, kind, step, time, source_id, key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""

_MEASUREMENT = """
m.seq, series.metric, m.value, m.kind, m.step, m.time, m.key
FROM series JOIN measurements AS m ON m.series_id = series.id
"""

CURVE = f"""
SELECT {_MEASUREMENT} JOIN jobs ON jobs.id = series.job_id
WHERE jobs.name = ? AND series.trial = ? AND series.attempt = ? AND series.metric = ?
ORDER BY m.seq
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
